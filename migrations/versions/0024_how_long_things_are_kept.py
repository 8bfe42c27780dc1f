"""how long a site keeps things, who changed that, and the salts that networks are counted under"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0024'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sites', sa.Column('retention', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.create_table(
        'site_changes',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('moderator_id', PublicId(), nullable=False),
        sa.Column('what', sa.String(length=20), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('after', sa.JSON(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_site_changes_site_id_sites')),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_site_changes_moderator_id_moderators')
        ),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_site_changes')),
    )
    op.create_table(
        'network_salts',
        sa.Column('since', UtcDateTime(), nullable=False),
        sa.Column('salt', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('since', name=op.f('pk_network_salts')),
    )


def downgrade() -> None:
    op.drop_table('network_salts')
    op.drop_table('site_changes')
    op.drop_column('sites', 'retention')
