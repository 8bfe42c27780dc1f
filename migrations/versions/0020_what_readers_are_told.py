"""what readers are told, what they want to be told, which conversations they follow, and how to object"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'follows',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('article_id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'article_id'], ['articles.site_id', 'articles.id'], name=op.f('fk_follows_site_id_article_id_articles')
        ),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_follows_site_id_reader_id_readers')
        ),
        sa.PrimaryKeyConstraint('site_id', 'article_id', 'reader_id', name=op.f('pk_follows')),
    )
    op.create_index('ix_follows_reader', 'follows', ['site_id', 'reader_id', 'article_id'])
    op.create_table(
        'notice_settings',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('chosen', sa.JSON(), nullable=False),
        sa.Column('weekly_at', UtcDateTime(), nullable=True),
        sa.Column('feed_digest', sa.LargeBinary(length=32), nullable=True),
        sa.Column('letter_id', PublicId(), nullable=True),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_notice_settings_site_id_reader_id_readers')
        ),
        sa.PrimaryKeyConstraint('site_id', 'reader_id', name=op.f('pk_notice_settings')),
        sa.UniqueConstraint('feed_digest', name=op.f('uq_notice_settings_feed_digest')),
    )
    op.create_index('ix_notice_settings_weekly_at', 'notice_settings', ['weekly_at'])
    _notices()
    op.add_column('sites', sa.Column('appeals', sa.String(length=500), nullable=False, server_default=''))


def _notices() -> None:
    op.create_table(
        'notices',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('event', sa.String(length=12), nullable=False),
        sa.Column('source', PublicId(), nullable=False),
        sa.Column('comment_id', PublicId(), nullable=True),
        sa.Column('word', sa.String(length=60), nullable=False, server_default=''),
        sa.Column('number', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('created', UtcDateTime(), nullable=False),
        sa.Column('read_at', UtcDateTime(), nullable=True),
        sa.Column('mail_at', UtcDateTime(), nullable=True),
        sa.Column('letter_id', PublicId(), nullable=True),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_notices_site_id_reader_id_readers')
        ),
        sa.ForeignKeyConstraint(
            ['site_id', 'comment_id'], ['comments.site_id', 'comments.id'], name=op.f('fk_notices_site_id_comment_id_comments')
        ),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_notices')),
        sa.UniqueConstraint('site_id', 'reader_id', 'event', 'source', name=op.f('uq_notices_site_id_reader_id_event_source')),
    )
    unread = sa.text('read_at IS NULL')
    for_mail = sa.text('mail_at IS NOT NULL AND letter_id IS NULL')
    op.create_index('ix_notices_reader', 'notices', ['site_id', 'reader_id', 'id'])
    op.create_index(
        'ix_notices_unread', 'notices', ['site_id', 'reader_id', 'id'], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index('ix_notices_mail', 'notices', ['mail_at'], sqlite_where=for_mail, postgresql_where=for_mail)
    op.create_index('ix_notices_comment', 'notices', ['site_id', 'comment_id'])
    op.create_index('ix_notices_created', 'notices', ['created'])


def downgrade() -> None:
    op.drop_column('sites', 'appeals')
    op.drop_table('notices')
    op.drop_table('notice_settings')
    op.drop_table('follows')
