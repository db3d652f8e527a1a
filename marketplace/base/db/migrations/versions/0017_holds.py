"""holds."""

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = '0017'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('settlement_receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('token', sa.String(length=120), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('at', UtcInstant(), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_settlement_receipt_amount')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_settlement_receipt_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_receipt')),
    sa.UniqueConstraint('number', name=op.f('uq_settlement_receipt_number')),
    sa.UniqueConstraint('token', name=op.f('uq_settlement_receipt_token'))
    )
    with op.batch_alter_table('settlement_receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_settlement_receipt_store_id'), ['store_id'], unique=False)

    op.create_table('payment_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('factory_id', sa.Integer(), nullable=True),
    sa.Column('operator_id', sa.Integer(), nullable=True),
    sa.Column('basis', sa.String(length=40), nullable=False),
    sa.Column('disputed_fen', sa.BigInteger(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('remaining_fen', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=True),
    sa.Column('placed_by', sa.Integer(), nullable=False),
    sa.Column('placed_at', UtcInstant(), nullable=False),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', UtcInstant(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('longest_until_on', sa.Date(), nullable=False),
    sa.Column('ended_at', UtcInstant(), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('end_reason', sa.String(length=40), nullable=True),
    sa.Column('end_note', sa.String(length=1000), nullable=True),
    sa.Column('rulebook_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name=op.f('ck_payment_hold_ended')),
    sa.CheckConstraint("(status = 'running') = (remaining_fen > 0)", name=op.f('ck_payment_hold_running')),
    sa.CheckConstraint("status <> 'running' OR statement_id IS NOT NULL", name=op.f('ck_payment_hold_reasons')),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_payment_hold_why')),
    sa.CheckConstraint('amount_fen > 0 AND amount_fen <= disputed_fen', name=op.f('ck_payment_hold_amount')),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> placed_by', name=op.f('ck_payment_hold_two_people')),
    sa.CheckConstraint('remaining_fen BETWEEN 0 AND amount_fen', name=op.f('ck_payment_hold_remaining')),
    sa.CheckConstraint('until_on <= longest_until_on', name=op.f('ck_payment_hold_longest')),
    sa.ForeignKeyConstraint(['factory_id'], ['factory.id'], name=op.f('fk_payment_hold_factory_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_payment_hold_finding_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_payment_hold_statement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_payment_hold_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_hold')),
    sa.UniqueConstraint('program', 'number', name=op.f('uq_payment_hold_program_number'))
    )
    with op.batch_alter_table('payment_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_hold_factory_id'), ['factory_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_hold_finding_id'), ['finding_id'], unique=False)
        batch_op.create_index('ix_payment_hold_open', ['program', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_hold_operator_id'), ['operator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_hold_statement_id'), ['statement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_hold_store_id'), ['store_id'], unique=False)

    op.create_table('hold_extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hold_id', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('extended_by', sa.Integer(), nullable=False),
    sa.Column('extended_at', UtcInstant(), nullable=False),
    sa.ForeignKeyConstraint(['hold_id'], ['payment_hold.id'], name=op.f('fk_hold_extension_hold_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_hold_extension_statement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold_extension')),
    sa.UniqueConstraint('statement_id', name=op.f('uq_hold_extension_statement_id'))
    )
    with op.batch_alter_table('hold_extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_extension_hold_id'), ['hold_id'], unique=False)

    op.create_table('hold_movement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('hold_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('receipt', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('moved_by', sa.Integer(), nullable=True),
    sa.Column('moved_at', UtcInstant(), nullable=False),
    sa.CheckConstraint("(kind = 'takings') = (hold_id IS NULL)", name=op.f('ck_hold_movement_of_a_hold')),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_hold_movement_amount')),
    sa.ForeignKeyConstraint(['hold_id'], ['payment_hold.id'], name=op.f('fk_hold_movement_hold_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_hold_movement_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold_movement'))
    )
    with op.batch_alter_table('hold_movement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_movement_hold_id'), ['hold_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hold_movement_program'), ['program'], unique=False)
        batch_op.create_index(batch_op.f('ix_hold_movement_store_id'), ['store_id'], unique=False)

    op.create_table('hold_posting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('movement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_fen <> 0', name=op.f('ck_hold_posting_amount')),
    sa.ForeignKeyConstraint(['movement_id'], ['hold_movement.id'], name=op.f('fk_hold_posting_movement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_hold_posting_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold_posting')),
    sa.UniqueConstraint('movement_id', 'account', name=op.f('uq_hold_posting_movement_id_account'))
    )
    with op.batch_alter_table('hold_posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_posting_movement_id'), ['movement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hold_posting_store_id'), ['store_id'], unique=False)




def downgrade() -> None:

    with op.batch_alter_table('hold_posting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_posting_store_id'))
        batch_op.drop_index(batch_op.f('ix_hold_posting_movement_id'))

    op.drop_table('hold_posting')
    with op.batch_alter_table('hold_movement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_movement_store_id'))
        batch_op.drop_index(batch_op.f('ix_hold_movement_program'))
        batch_op.drop_index(batch_op.f('ix_hold_movement_hold_id'))

    op.drop_table('hold_movement')
    with op.batch_alter_table('hold_extension', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_extension_hold_id'))

    op.drop_table('hold_extension')
    with op.batch_alter_table('payment_hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payment_hold_store_id'))
        batch_op.drop_index(batch_op.f('ix_payment_hold_statement_id'))
        batch_op.drop_index(batch_op.f('ix_payment_hold_operator_id'))
        batch_op.drop_index('ix_payment_hold_open')
        batch_op.drop_index(batch_op.f('ix_payment_hold_finding_id'))
        batch_op.drop_index(batch_op.f('ix_payment_hold_factory_id'))

    op.drop_table('payment_hold')
    with op.batch_alter_table('settlement_receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_settlement_receipt_store_id'))

    op.drop_table('settlement_receipt')

