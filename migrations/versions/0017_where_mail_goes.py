"""the addresses that readers gave, those that take no mail, how much went where of late, and what the outbox met"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'mailboxes',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('address', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=10), nullable=False),
        sa.Column('created', UtcDateTime(), nullable=False),
        sa.Column('verified_at', UtcDateTime(), nullable=True),
        sa.Column('unsubscribed_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_mailboxes_site_id_reader_id_readers')
        ),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_mailboxes')),
        sa.UniqueConstraint('site_id', 'reader_id', 'address', name=op.f('uq_mailboxes_site_id_reader_id_address')),
    )
    verified = sa.text('verified_at IS NOT NULL')
    op.create_index(
        'uq_mailboxes_verified', 'mailboxes', ['site_id', 'address'], unique=True, sqlite_where=verified,
        postgresql_where=verified,
    )
    op.create_table(
        'suppressed_addresses',
        sa.Column('digest', sa.LargeBinary(length=16), nullable=False),
        sa.Column('reason', sa.String(length=10), nullable=False),
        sa.Column('status', sa.String(length=12), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_suppressed_addresses')),
    )
    op.create_table(
        'mail_allowances',
        sa.Column('digest', sa.LargeBinary(length=16), nullable=False),
        sa.Column('quota', sa.String(length=10), nullable=False),
        sa.Column('sent', sa.JSON(), nullable=False),
        sa.Column('last_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('digest', 'quota', name=op.f('pk_mail_allowances')),
    )
    op.create_index('ix_mail_allowances_last_at', 'mail_allowances', ['last_at'])
    op.create_table(
        'site_mail',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('hour', UtcDateTime(), nullable=False),
        sa.Column('sent', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_site_mail_site_id_sites')),
        sa.PrimaryKeyConstraint('site_id', 'hour', name=op.f('pk_site_mail')),
    )
    op.add_column('outbox', sa.Column('trouble', sa.String(length=20), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('outbox') as outbox:
        outbox.drop_column('trouble')
    op.drop_table('site_mail')
    op.drop_index('ix_mail_allowances_last_at', table_name='mail_allowances')
    op.drop_table('mail_allowances')
    op.drop_table('suppressed_addresses')
    op.drop_index('uq_mailboxes_verified', table_name='mailboxes')
    op.drop_table('mailboxes')
