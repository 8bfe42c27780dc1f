"""where comments stand in the orders best and liveliest, and what is unanswered"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from comments_service import ordering
from comments_service.database import PublicId, minute_of

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

AT_ONCE = 500
NUMBERS = ('repliers', 'upheld', 'best', 'lively')
ROOT = 'depth = 0'
PUBLISHED_REPLY = "depth > 0 AND status = 'published'"
UNANSWERED = "depth = 0 AND replies_total = 0 AND status = 'published'"
IN_THREAD = ('site_id', 'article_id')
OF_UNANSWERED = (*IN_THREAD, 'depth', 'replies_total', 'status')
INDEXES = {
    'ix_comments_rank': ((*IN_THREAD, 'best', 'id'), ROOT),
    'ix_comments_lively': ((*IN_THREAD, 'lively', 'id'), ROOT),
    'ix_comments_unanswered': ((*OF_UNANSWERED, 'id'), UNANSWERED),
    'ix_comments_unanswered_recommended': ((*OF_UNANSWERED, 'recommends', 'id'), UNANSWERED),
    'ix_comments_unanswered_rank': ((*OF_UNANSWERED, 'best', 'id'), UNANSWERED),
    'ix_comments_latest': (('site_id', 'root_id', 'id'), PUBLISHED_REPLY),
    'ix_comments_repliers': (('site_id', 'root_id', 'reader_id'), PUBLISHED_REPLY),
}
# What the rows are counted by, and so made before.
OF_BRANCHES = ('ix_comments_latest', 'ix_comments_repliers')
COMMENTS = sa.table(
    'comments',
    sa.column('site_id', PublicId), sa.column('id', PublicId), sa.column('root_id', PublicId),
    sa.column('depth', sa.Integer), sa.column('status', sa.String), sa.column('latest', sa.JSON),
    sa.column('recommends', sa.Integer), sa.column('replies_total', sa.Integer),
    *(sa.column(name, sa.Integer) for name in NUMBERS),
)
COUNT = (
    """
    UPDATE comments SET repliers = (
      SELECT count(DISTINCT reply.reader_id) FROM comments AS reply
      WHERE reply.site_id = comments.site_id AND reply.root_id = comments.id AND reply.depth > 0
        AND reply.status = 'published' AND reply.reader_id <> comments.reader_id
    ) WHERE depth = 0 AND replies_total > 0
    """,
    """
    UPDATE comments SET upheld = (
      SELECT count(*) FROM reports JOIN comments AS reply
        ON reply.site_id = reports.site_id AND reply.id = reports.comment_id
      WHERE reply.site_id = comments.site_id AND reply.root_id = comments.id AND reply.status = 'rejected'
        AND reports.settled_by IS NOT NULL
    ) WHERE depth = 0
    """,
)


def upgrade() -> None:
    for name in NUMBERS:
        op.add_column('comments', sa.Column(name, sa.Integer(), server_default='0', nullable=False))
    op.add_column('comments', sa.Column('latest', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    for name in OF_BRANCHES:
        _create(name)
    for statement in COUNT:
        op.execute(statement)
    _fill()
    # After the rows: an index that is made at once is quicker to make, and smaller.
    for name in INDEXES:
        if name not in OF_BRANCHES:
            _create(name)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name='comments')
    op.drop_column('comments', 'latest')
    for name in NUMBERS:
        op.drop_column('comments', name)


def _create(name: str) -> None:
    columns, where = INDEXES[name]
    op.create_index(name, 'comments', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _fill() -> None:
    # By key and in pieces: all comments at once may be more than the memory holds.
    connection, columns = op.get_bind(), COMMENTS.c
    key = sa.tuple_(columns.site_id, columns.id)
    change = sa.update(COMMENTS).where(columns.site_id == sa.bindparam('its_site'), columns.id == sa.bindparam('its_id'))
    change = change.values({name: sa.bindparam(f'new_{name}') for name in ('best', 'lively', 'latest')})
    after = None
    while True:
        some = sa.select(COMMENTS).order_by(columns.site_id, columns.id).limit(AT_ONCE)
        if after is not None:
            some = some.where(key > sa.tuple_(*map(sa.literal, after, (PublicId,) * 2)))
        read = connection.execute(some).all()
        latest = {}
        for site_id, rows in groupby(read, key=lambda row: row.site_id):
            latest |= _latest_answers(site_id, [row.id for row in rows if row.depth == 0 and row.replies_total])
        if read:
            connection.execute(change, [_place(row, latest.get((row.site_id, row.id), [])) for row in read])
        if len(read) < AT_ONCE:
            return
        after = read[-1].site_id, read[-1].id


def _place(row: sa.Row, latest: list[int]) -> dict[str, object]:
    minute = minute_of(row.id)
    return {
        'its_site': row.site_id,
        'its_id': row.id,
        'new_best': ordering.best(minute, recommends=row.recommends, repliers=row.repliers, upheld=row.upheld),
        'new_lively': ordering.liveliest(minute, latest),
        'new_latest': latest,
    }


def _latest_answers(site_id: str, roots: list[str]) -> dict[tuple[str, str], list[int]]:
    columns = COMMENTS.c
    counted = sa.func.row_number().over(partition_by=columns.root_id, order_by=columns.id.desc())
    replies = sa.and_(
        columns.site_id == site_id, columns.root_id.in_(roots), columns.depth > sa.literal_column('0'),
        columns.status == sa.literal_column("'published'"),
    )
    ordered = sa.select(columns.root_id, columns.id, counted.label('place')).where(replies).subquery()
    newest = sa.select(ordered).where(ordered.c.place <= ordering.LATEST).order_by(ordered.c.place.desc())
    found = {}
    for root_id, reply_id, _ in op.get_bind().execute(newest):
        found.setdefault((site_id, root_id), []).append(minute_of(reply_id))
    return found
