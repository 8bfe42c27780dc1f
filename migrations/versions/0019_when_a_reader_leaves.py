"""readers who asked to be erased, the places of comments that they want kept, and all of a reader's comments by time"""

import sqlalchemy as sa
from alembic import op

from comments_service.database import PublicId, UtcDateTime

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'erasures',
        sa.Column('site_id', PublicId(), nullable=False),
        sa.Column('reader_id', PublicId(), nullable=False),
        sa.Column('way', sa.String(length=12), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('due_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['site_id', 'reader_id'], ['readers.site_id', 'readers.id'], name=op.f('fk_erasures_site_id_reader_id_readers')
        ),
        sa.PrimaryKeyConstraint('site_id', 'reader_id', name=op.f('pk_erasures')),
    )
    op.add_column('comments', sa.Column('place_kept', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_comments_own', 'comments', ['site_id', 'reader_id', 'id'])


def downgrade() -> None:
    op.drop_index('ix_comments_own', table_name='comments')
    op.drop_column('comments', 'place_kept')
    op.drop_table('erasures')
