"""which conversations age has closed, and sites whose writing is paused"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('read_only', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('articles', sa.Column('archived', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('articles', 'archived')
    op.drop_column('sites', 'read_only')
