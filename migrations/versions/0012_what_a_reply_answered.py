"""which text of its parent a reply answered, and the answers to one comment in their order"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# Only where a text has been replaced does it matter which one was answered, and edits are few. Replies that a release
# without the column writes have none, and quote nothing.
BEFORE = """
UPDATE comments SET answers_revision = 1 + (
  SELECT count(*) FROM revisions
  WHERE revisions.site_id = comments.site_id AND revisions.comment_id = comments.parent_id
    AND revisions.until <= comments.created
)
WHERE EXISTS (
  SELECT 1 FROM revisions WHERE revisions.site_id = comments.site_id AND revisions.comment_id = comments.parent_id
)
"""


def upgrade() -> None:
    op.add_column('comments', sa.Column('answers_revision', sa.Integer(), nullable=True))
    # In their order, where there was an index without one.
    op.create_index('ix_comments_siblings', 'comments', ['site_id', 'parent_id', 'id'])
    op.drop_index('ix_comments_answers', table_name='comments')
    op.execute(BEFORE)


def downgrade() -> None:
    op.create_index('ix_comments_answers', 'comments', ['site_id', 'parent_id'])
    op.drop_index('ix_comments_siblings', table_name='comments')
    op.drop_column('comments', 'answers_revision')
