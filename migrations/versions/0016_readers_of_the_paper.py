"""the keys under which a paper signs who its readers are, what it says of them, and names that no guest gets"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime
from comments_service.lookalikes import skeleton

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sso_keys',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('kid', sa.String(length=64), nullable=False),
        sa.Column('algorithm', sa.String(length=10), nullable=False),
        sa.Column('issuer', sa.String(length=200), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('public_key', sa.Text(), nullable=True),
        sa.Column('created', UtcDateTime(), nullable=False),
        sa.Column('last_used_at', UtcDateTime(), nullable=True),
        sa.Column('retired_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(algorithm = 'HS256' AND sealed IS NOT NULL AND public_key IS NULL)"
            " OR (algorithm = 'EdDSA' AND sealed IS NULL AND public_key IS NOT NULL)",
            name=op.f('ck_sso_keys_one_kind'),
        ),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_sso_keys_site_id_sites')),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_sso_keys')),
        sa.UniqueConstraint('site_id', 'kid', name=op.f('uq_sso_keys_site_id_kid')),
    )
    op.add_column('identities', sa.Column('email', sa.String(length=254), nullable=False, server_default=''))
    op.add_column('identities', sa.Column('email_verified', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('identities', sa.Column('profile_url', sa.String(length=2000), nullable=False, server_default=''))
    op.add_column('identities', sa.Column('updated', UtcDateTime(), nullable=True))
    op.add_column('readers', sa.Column('skeleton', sa.String(length=200), nullable=True))
    op.create_index('ix_readers_skeleton', 'readers', ['site_id', 'skeleton'])
    op.add_column('sessions', sa.Column('replaced_at', UtcDateTime(), nullable=True))
    op.create_index('ix_sessions_digest', 'sessions', ['digest'])
    op.create_index('ix_sessions_family', 'sessions', ['family'])
    op.add_column('moderators', sa.Column('skeleton', sa.String(length=200), nullable=False, server_default=''))
    _name_the_staff()


def _name_the_staff() -> None:
    people = sa.table(
        'moderators', sa.column('id', PublicId()), sa.column('name', sa.String()), sa.column('skeleton', sa.String())
    )
    known = op.get_bind().execute(sa.select(people.c.id, people.c.name)).all()
    for person in known:
        op.execute(people.update().where(people.c.id == person.id).values(skeleton=skeleton(person.name)))


def downgrade() -> None:
    op.drop_column('moderators', 'skeleton')
    op.drop_index('ix_sessions_family', table_name='sessions')
    op.drop_index('ix_sessions_digest', table_name='sessions')
    op.drop_column('sessions', 'replaced_at')
    op.drop_index('ix_readers_skeleton', table_name='readers')
    op.drop_column('readers', 'skeleton')
    op.drop_column('identities', 'updated')
    op.drop_column('identities', 'profile_url')
    op.drop_column('identities', 'email_verified')
    op.drop_column('identities', 'email')
    op.drop_table('sso_keys')
