"""OpenID providers with which readers sign in, and by which way an account elsewhere came"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'oidc_providers',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('issuer', sa.String(length=200), nullable=False),
        sa.Column('client_id', sa.String(length=255), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('team_id', sa.String(length=20), nullable=False, server_default=''),
        sa.Column('key_id', sa.String(length=20), nullable=False, server_default=''),
        sa.Column('created', UtcDateTime(), nullable=False),
        sa.Column('disabled_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind = 'secret' OR (kind = 'apple' AND sealed IS NOT NULL AND team_id != '' AND key_id != '')",
            name=op.f('ck_oidc_providers_one_kind'),
        ),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_oidc_providers_site_id_sites')),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_oidc_providers')),
        sa.UniqueConstraint('site_id', 'key', name=op.f('uq_oidc_providers_site_id_key')),
    )
    op.add_column('sites', sa.Column('providers', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('identities', sa.Column('source', sa.String(length=10), nullable=False, server_default='sso'))


def downgrade() -> None:
    op.drop_column('identities', 'source')
    op.drop_column('sites', 'providers')
    op.drop_table('oidc_providers')
