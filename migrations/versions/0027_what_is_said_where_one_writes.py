"""what a site tells where one writes or leaves an address: a line, and the ways to its privacy page and terms"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('consent', sa.String(length=300), nullable=False, server_default=''))
    op.add_column('sites', sa.Column('privacy_url', sa.String(length=2000), nullable=False, server_default=''))
    op.add_column('sites', sa.Column('terms_url', sa.String(length=2000), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('sites', 'terms_url')
    op.drop_column('sites', 'privacy_url')
    op.drop_column('sites', 'consent')
