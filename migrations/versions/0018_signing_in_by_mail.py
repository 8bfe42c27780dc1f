"""who has asked to sign in by mail, and which ways in a site has"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'mail_sign_ins',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('id', PublicId(), nullable=False),
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('origin', sa.String(length=300), nullable=False),
        sa.Column('address', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=10), nullable=False),
        sa.Column('page', sa.String(length=2000), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_mail_sign_ins_site_id_sites')),
        sa.PrimaryKeyConstraint('site_id', 'id', name=op.f('pk_mail_sign_ins')),
        sa.UniqueConstraint('site_id', 'digest', name=op.f('uq_mail_sign_ins_site_id_digest')),
    )
    op.create_index('ix_mail_sign_ins_expires_at', 'mail_sign_ins', ['expires_at'])
    op.add_column('sites', sa.Column('mail', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('sites', sa.Column('sso', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column('sites', 'sso')
    op.drop_column('sites', 'mail')
    op.drop_index('ix_mail_sign_ins_expires_at', table_name='mail_sign_ins')
    op.drop_table('mail_sign_ins')
