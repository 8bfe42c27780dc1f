"""who writes with a badge, what the desk features and pins, and what hangs on a tombstone"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

COLUMNS = ('pinned_at', 'featured_at', 'badges', 'answers')
COUNT = """
UPDATE comments SET answers = counted.number
FROM (
  SELECT reply.site_id, reply.parent_id, count(*) AS number FROM comments AS reply
  WHERE reply.status = 'published' OR (reply.status IN ('withdrawn', 'rejected') AND reply.shown AND reply.answers > 0)
  GROUP BY reply.site_id, reply.parent_id
) AS counted
WHERE comments.site_id = counted.site_id AND comments.id = counted.parent_id AND comments.answers <> counted.number
"""


def upgrade() -> None:
    op.add_column('comments', sa.Column('answers', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('comments', sa.Column('badges', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column('comments', sa.Column('featured_at', UtcDateTime(timezone=True), nullable=True))
    op.add_column('comments', sa.Column('pinned_at', UtcDateTime(timezone=True), nullable=True))
    op.add_column('decisions', sa.Column('mark', sa.String(10), nullable=False, server_default=''))
    op.create_index('ix_comments_answers', 'comments', ['site_id', 'parent_id'])
    _create_index_of_few('ix_comments_featured', ['site_id', 'featured_at'], 'featured_at')
    _create_index_of_few('ix_comments_pinned', ['site_id', 'article_id', 'pinned_at'], 'pinned_at')
    _staff()
    _experts()
    # A tombstone counts for what it answers once something counts for it: from the leaves on, until nothing changes.
    while op.get_bind().execute(sa.text(COUNT)).rowcount:
        pass


def downgrade() -> None:
    op.drop_table('experts')
    op.drop_table('staff_codes')
    op.drop_table('staff_readers')
    for name in ('ix_comments_pinned', 'ix_comments_featured', 'ix_comments_answers'):
        op.drop_index(name, table_name='comments')
    op.drop_column('decisions', 'mark')
    for name in COLUMNS:
        op.drop_column('comments', name)


def _create_index_of_few(name: str, columns: list[str], column: str) -> None:
    some = sa.text(f'{column} IS NOT NULL')
    op.create_index(name, 'comments', columns, sqlite_where=some, postgresql_where=some)


def _staff() -> None:
    op.create_table(
        'staff_readers',
        sa.Column('site_id', PublicId(length=16), nullable=False),
        sa.Column('reader_id', PublicId(length=16), nullable=False),
        sa.Column('moderator_id', PublicId(length=16), nullable=False),
        sa.Column('created', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_staff_readers_moderator_id_moderators')
        ),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'],
            name=op.f('fk_staff_readers_site_id_reader_id_readers'),
        ),
        sa.PrimaryKeyConstraint('site_id', 'reader_id', name=op.f('pk_staff_readers')),
    )
    op.create_index('ix_staff_readers_moderator', 'staff_readers', ['moderator_id', 'site_id'])
    op.create_table(
        'staff_codes',
        sa.Column('id', PublicId(length=16), nullable=False),
        sa.Column('site_id', PublicId(length=16), nullable=False),
        sa.Column('moderator_id', PublicId(length=16), nullable=False),
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('used_at', UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_staff_codes_site_id_sites')),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_staff_codes_moderator_id_moderators')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_codes')),
        sa.UniqueConstraint('digest', name=op.f('uq_staff_codes_digest')),
    )
    op.create_index('ix_staff_codes_moderator', 'staff_codes', ['moderator_id', 'site_id'])


def _experts() -> None:
    op.create_table(
        'experts',
        sa.Column('site_id', PublicId(length=16), nullable=False),
        sa.Column('id', PublicId(length=16), nullable=False),
        sa.Column('reader_id', PublicId(length=16), nullable=False),
        sa.Column('article_id', PublicId(length=16), nullable=True),
        sa.Column('section', sa.String(100), nullable=False),
        sa.Column('moderator_id', PublicId(length=16), nullable=True),
        sa.Column('created', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'],
            name=op.f('fk_experts_site_id_reader_id_readers'),
        ),
        sa.ForeignKeyConstraint(
            ['site_id', 'article_id'], ['articles.site_id', 'articles.id'],
            name=op.f('fk_experts_site_id_article_id_articles'),
        ),
        sa.ForeignKeyConstraint(['moderator_id'], ['moderators.id'], name=op.f('fk_experts_moderator_id_moderators')),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_experts')),
    )
    op.create_index('ix_experts_reader', 'experts', ['site_id', 'reader_id'])
