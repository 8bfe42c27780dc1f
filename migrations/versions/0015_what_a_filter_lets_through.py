"""what the filters staff, featured and mine let through: who wrote as staff, in a column, and an index for each list"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

IN_STATE = ('site_id', 'article_id', 'status')
BY_STAFF = "wrote_as = 'staff' AND status = 'published'"
FEATURED = "featured_at IS NOT NULL AND status = 'published'"
ORDERS = {'': (), '_recommended': ('recommends',), '_rank': ('best',), '_lively': ('lively',)}
INDEXES = {
    f'ix_comments_{name}{order}': ((*IN_STATE, *columns, 'id'), where)
    for name, where in (('by_staff', BY_STAFF), ('chosen', FEATURED))
    for order, columns in ORDERS.items()
}
OF_READER = ('site_id', 'reader_id', 'article_id')


def upgrade() -> None:
    op.add_column('comments', sa.Column('wrote_as', sa.String(length=10), server_default='', nullable=False))
    # As JSON is written by us, in both databases; an erased comment has no badges any more.
    op.execute("UPDATE comments SET wrote_as = 'staff' WHERE CAST(badges AS TEXT) LIKE '%\"staff\"%'")
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, 'comments', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.drop_index('ix_comments_reader', table_name='comments')
    op.create_index('ix_comments_reader', 'comments', [*OF_READER, 'id'])


def downgrade() -> None:
    op.drop_index('ix_comments_reader', table_name='comments')
    op.create_index('ix_comments_reader', 'comments', OF_READER)
    for name in INDEXES:
        op.drop_index(name, table_name='comments')
    op.drop_column('comments', 'wrote_as')
