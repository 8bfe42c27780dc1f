"""whom a reader with an account mutes"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0023'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'mutes',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('muted_id', PublicId(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_mutes_site_id_readers')
        ),
        sa.ForeignKeyConstraint(
            ['site_id', 'muted_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_mutes_site_id_muted_readers')
        ),
        sa.PrimaryKeyConstraint('site_id', 'reader_id', 'muted_id', name=op.f('pk_mutes')),
    )
    op.create_index('ix_mutes_muted', 'mutes', ['site_id', 'muted_id'])


def downgrade() -> None:
    op.drop_index('ix_mutes_muted', table_name='mutes')
    op.drop_table('mutes')
