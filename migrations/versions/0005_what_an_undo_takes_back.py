"""what an undo takes back"""

import sqlalchemy as sa
from alembic import op

import comments_service.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('decisions', sa.Column('undoes', comments_service.database.PublicId(length=16), nullable=True))
    op.add_column('reports', sa.Column('settled_by', comments_service.database.PublicId(length=16), nullable=True))
    op.create_index('ix_comments_article', 'comments', ['site_id', 'article_id', 'status', 'id'], unique=False)
    # Until now a person's decision settled the reports before it without a word in their rows.
    op.execute(
        """
        UPDATE reports SET settled_by = (
          SELECT decisions.id FROM decisions
          WHERE decisions.site_id = reports.site_id AND decisions.comment_id = reports.comment_id
            AND decisions."by" IN ('moderator', 'cli') AND decisions.at >= reports.at
          ORDER BY decisions.at LIMIT 1
        )
        """
    )


def downgrade() -> None:
    op.drop_index('ix_comments_article', table_name='comments')
    op.drop_column('reports', 'settled_by')
    op.drop_column('decisions', 'undoes')
