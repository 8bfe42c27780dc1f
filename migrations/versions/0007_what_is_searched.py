"""the words of published comments, and their index"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId
from comments_service.searching import indexed

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

AT_ONCE = 500
COMMENTS = sa.table(
    'comments',
    sa.column('site_id', PublicId), sa.column('id', PublicId), sa.column('article_id', PublicId),
    sa.column('plain', sa.Text), sa.column('status', sa.String),
)
# The words are kept apart from their index: FTS5 has to be given the old ones to take them out again. Triggers do that,
# so that no way to change a row can leave a word behind. Its tokenizer splits at spaces alone; the words are folded.
ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE searchable_words USING fts5(
      words, content='searchable', content_rowid='row', tokenize='ascii', columnsize=0
    )
    """,
    """
    CREATE TRIGGER searchable_added AFTER INSERT ON searchable BEGIN
      INSERT INTO searchable_words(rowid, words) VALUES (new."row", new.words);
    END
    """,
    """
    CREATE TRIGGER searchable_removed AFTER DELETE ON searchable BEGIN
      INSERT INTO searchable_words(searchable_words, rowid, words) VALUES ('delete', old."row", old.words);
    END
    """,
    """
    CREATE TRIGGER searchable_changed AFTER UPDATE ON searchable BEGIN
      INSERT INTO searchable_words(searchable_words, rowid, words) VALUES ('delete', old."row", old.words);
      INSERT INTO searchable_words(rowid, words) VALUES (new."row", new.words);
    END
    """,
)
# Words that are folded already must not go through a parser of PostgreSQL, which would split and drop some. Without
# `fastupdate`, no search reads through a list of what is not in the index yet.
ON_POSTGRESQL = """
CREATE INDEX ix_searchable_words ON searchable USING gin (array_to_tsvector(string_to_array(words, ' ')))
WITH (fastupdate = off)
"""


def upgrade() -> None:
    searchable = op.create_table(
        'searchable',
        sa.Column('row', sa.Integer(), nullable=False),
        sa.Column('site_id', PublicId(length=16), nullable=False),
        sa.Column('comment_id', PublicId(length=16), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'comment_id'], ['comments.site_id', 'comments.id'],
            name=op.f('fk_searchable_site_id_comment_id_comments'),
        ),
        sa.PrimaryKeyConstraint('row', name=op.f('pk_searchable')),
        sa.UniqueConstraint('site_id', 'comment_id', name=op.f('uq_searchable_site_id_comment_id')),
    )
    for statement in ON_SQLITE if op.get_bind().dialect.name == 'sqlite' else (ON_POSTGRESQL,):
        op.execute(statement)
    _fill(searchable)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE searchable_words')
    op.drop_table('searchable')


def _fill(searchable: sa.Table) -> None:
    # By key and in pieces: all comments at once may be more than the memory holds.
    connection, columns = op.get_bind(), COMMENTS.c
    after = None
    while True:
        some = sa.select(COMMENTS).order_by(columns.site_id, columns.id).limit(AT_ONCE)
        if after is not None:
            some = some.where(sa.tuple_(columns.site_id, columns.id) > sa.tuple_(*map(sa.literal, after, (PublicId,) * 2)))
        read = connection.execute(some).all()
        rows = [
            {'site_id': row.site_id, 'comment_id': row.id, 'words': indexed(row.article_id, row.plain)}
            for row in read
            if row.status == 'published'
        ]
        if rows:
            connection.execute(searchable.insert(), rows)
        if len(read) < AT_ONCE:
            return
        after = read[-1].site_id, read[-1].id
