"""a site's guidelines, and the words it asks its readers to think twice about"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('hint_words', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('sites', sa.Column('guidelines', sa.Text(), server_default='', nullable=False))
    op.add_column('sites', sa.Column('guidelines_tree', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('sites', 'guidelines_tree')
    op.drop_column('sites', 'guidelines')
    op.drop_column('sites', 'hint_words')
