"""after how many days a site's conversations close, and which stay open all the same"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('closes_after_days', sa.Integer(), nullable=True))
    op.add_column('articles', sa.Column('stays_open', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('articles', 'stays_open')
    op.drop_column('sites', 'closes_after_days')
