"""the language of a site's pages, and of a moderator's desk"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('language', sa.String(10), server_default='en', nullable=False))
    op.add_column('moderators', sa.Column('language', sa.String(10), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('moderators', 'language')
    op.drop_column('sites', 'language')
