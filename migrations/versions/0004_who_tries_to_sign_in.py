"""who tries to sign in, and how a session was opened"""

import sqlalchemy as sa
from alembic import op

import comments_service.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sign_in_tries',
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('last_at', comments_service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_sign_in_tries')),
    )
    op.create_index('ix_sign_in_tries_last_at', 'sign_in_tries', ['last_at'])
    op.add_column('sessions', sa.Column('opened_by', sa.String(length=10), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('sessions', 'opened_by')
    op.drop_index('ix_sign_in_tries_last_at', 'sign_in_tries')
    op.drop_table('sign_in_tries')
