"""why a reader holds a comment to be against the law, and who that is, apart from the report so that it can be erased"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'report_notices',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('comment_id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('law', sa.Text(), nullable=False),
        sa.Column('name', sa.String(length=100), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('child_abuse', sa.Boolean(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'comment_id', 'reader_id'],
            ['reports.site_id', 'reports.comment_id', 'reports.reader_id'],
            name=op.f('fk_report_notices_site_id_reports'),
        ),
        sa.PrimaryKeyConstraint('site_id', 'comment_id', 'reader_id', name=op.f('pk_report_notices')),
    )
    op.create_index('ix_report_notices_at', 'report_notices', ['at'])


def downgrade() -> None:
    op.drop_index('ix_report_notices_at', table_name='report_notices')
    op.drop_table('report_notices')
