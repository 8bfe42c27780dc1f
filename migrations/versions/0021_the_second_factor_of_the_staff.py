"""the second factor of the staff, recovery codes, invitations, and when somebody last proved who they are"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'second_factors',
        sa.Column('moderator_id', PublicId(), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('next_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_second_factors_moderator_id_moderators')
        ),
        sa.PrimaryKeyConstraint('moderator_id', name=op.f('pk_second_factors')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('moderator_id', PublicId(), nullable=False),
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('used_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_recovery_codes_moderator_id_moderators')
        ),
        sa.PrimaryKeyConstraint('moderator_id', 'digest', name=op.f('pk_recovery_codes')),
    )
    op.create_table(
        'invitations',
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('moderator_id', PublicId(), nullable=False),
        sa.Column('invited_by', PublicId(), nullable=False),
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('created', UtcDateTime(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_invitations_site_id_sites')),
        sa.ForeignKeyConstraint(
            ['moderator_id'], ['moderators.id'], name=op.f('fk_invitations_moderator_id_moderators')
        ),
        sa.ForeignKeyConstraint(['invited_by'], ['moderators.id'], name=op.f('fk_invitations_invited_by_moderators')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
        sa.UniqueConstraint('digest', name=op.f('uq_invitations_digest')),
        sa.UniqueConstraint('moderator_id', name=op.f('uq_invitations_moderator_id')),
    )
    op.create_index('ix_invitations_site', 'invitations', ['site_id'])
    op.add_column('sessions', sa.Column('proved_at', UtcDateTime(), nullable=True))
    op.add_column(
        'sites', sa.Column('moderators_second_factor', sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column('sites', 'moderators_second_factor')
    op.drop_column('sessions', 'proved_at')
    op.drop_index('ix_invitations_site', table_name='invitations')
    op.drop_table('invitations')
    op.drop_table('recovery_codes')
    op.drop_table('second_factors')
