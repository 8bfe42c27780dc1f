"""when an article's metadata was vouched for"""

import sqlalchemy as sa
from alembic import op

import comments_service.database

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'articles', sa.Column('vouched_at', comments_service.database.UtcDateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column('articles', 'vouched_at')
