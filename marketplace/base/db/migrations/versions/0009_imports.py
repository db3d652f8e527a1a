"""imports: each row with what it wrote, who is at it, what was taken back."""

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite writes added columns on one line of its text; made anew it reads like a fresh table.
    sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('import_batch', schema=None, recreate='always' if sqlite else 'never') as batch_op:
        batch_op.add_column(sa.Column('status', sa.String(length=40), server_default='finished', nullable=False))
        batch_op.add_column(sa.Column('undone_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('undone_at', UtcInstant(), nullable=True))
        batch_op.add_column(sa.Column('undo_reason', sa.String(length=500), nullable=True))
        batch_op.create_index('uq_import_batch_running', ['program', 'kind', 'file_sha256'], unique=True, sqlite_where=sa.text("status = 'running'"), postgresql_where=sa.text("status = 'running'"))
    op.create_table('import_lease',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('until', UtcInstant(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_lease')),
    sa.UniqueConstraint('batch_id', name=op.f('uq_import_lease_batch_id')),
    info={'housekeeping': True}
    )
    op.create_table('import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('traces', sa.JSON(), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('undo', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_row_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row')),
    sa.UniqueConstraint('batch_id', 'row', name=op.f('uq_import_row_batch_id_row'))
    )


def downgrade() -> None:
    raise NotImplementedError
