"""appeals: one a statement and instance, and what was handed in with them."""

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = '0012'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('factory_id', sa.Integer(), nullable=True),
    sa.Column('operator_id', sa.Integer(), nullable=True),
    sa.Column('instance', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('filed_by', sa.Integer(), nullable=True),
    sa.Column('filed_at', UtcInstant(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(length=2000), nullable=True),
    sa.Column('closed_at', UtcInstant(), nullable=True),
    sa.Column('rulebook_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(status = 'filed') = (closed_at IS NULL)", name=op.f('ck_appeal_closed')),
    sa.CheckConstraint("status NOT IN ('upheld', 'rejected') OR decided_by IS NOT NULL", name=op.f('ck_appeal_decider')),
    sa.CheckConstraint('decided_by IS NULL OR filed_by IS NULL OR decided_by <> filed_by', name=op.f('ck_appeal_other')),
    sa.CheckConstraint('instance >= 1', name=op.f('ck_appeal_instance')),
    sa.ForeignKeyConstraint(['factory_id'], ['factory.id'], name=op.f('fk_appeal_factory_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_appeal_statement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_appeal_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('program', 'number', name=op.f('uq_appeal_program_number')),
    sa.UniqueConstraint('statement_id', 'instance', name=op.f('uq_appeal_statement_id_instance'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_factory_id'), ['factory_id'], unique=False)
        batch_op.create_index('ix_appeal_open', ['program', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_operator_id'), ['operator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_store_id'), ['store_id'], unique=False)

    op.create_table('appeal_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('use_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_file_appeal_id')),
    sa.ForeignKeyConstraint(['use_id'], ['file_use.id'], name=op.f('fk_appeal_file_use_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_file')),
    sa.UniqueConstraint('appeal_id', 'use_id', name=op.f('uq_appeal_file_appeal_id_use_id'))
    )
    with op.batch_alter_table('appeal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_file_appeal_id'), ['appeal_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError
