"""oversight: who opened which file; draws of decisions, what was drawn, how it was judged."""

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = '0018'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file_opening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('use_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', UtcInstant(), nullable=False),
    sa.ForeignKeyConstraint(['use_id'], ['file_use.id'], name=op.f('fk_file_opening_use_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_opening'))
    )
    with op.batch_alter_table('file_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_file_opening_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_opening_opened_at'), ['opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_opening_use_id'), ['use_id'], unique=False)

    op.create_table('oversight_draw',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('seed', sa.String(length=60), nullable=False),
    sa.Column('kinds_key', sa.String(length=200), nullable=False),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_until', sa.Date(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('algorithm', sa.String(length=40), nullable=False),
    sa.Column('frame_size', sa.Integer(), nullable=False),
    sa.Column('frame_sha256', sa.String(length=64), nullable=False),
    sa.Column('drawn_by', sa.Integer(), nullable=True),
    sa.Column('drawn_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('period_until >= period_from', name=op.f('ck_oversight_draw_period')),
    sa.CheckConstraint('wanted >= 1 AND frame_size >= 1', name=op.f('ck_oversight_draw_some')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oversight_draw')),
    sa.UniqueConstraint('program', 'seed', 'kinds_key', 'period_from', 'period_until', 'wanted', name='uq_oversight_draw_same')
    )

    op.create_table('oversight_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('operator_id', sa.Integer(), nullable=True),
    sa.Column('factory_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', UtcInstant(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['oversight_draw.id'], name=op.f('fk_oversight_item_draw_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oversight_item')),
    sa.UniqueConstraint('draw_id', 'kind', 'entity_id', name=op.f('uq_oversight_item_draw_id_kind_entity_id')),
    sa.UniqueConstraint('draw_id', 'position', name=op.f('uq_oversight_item_draw_id_position'))
    )
    with op.batch_alter_table('oversight_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oversight_item_draw_id'), ['draw_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_oversight_item_operator_id'), ['operator_id'], unique=False)

    op.create_table('oversight_verdict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('judgment', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('judged_by', sa.Integer(), nullable=False),
    sa.Column('judged_at', UtcInstant(), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['oversight_item.id'], name=op.f('fk_oversight_verdict_item_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['oversight_verdict.id'], name=op.f('fk_oversight_verdict_replaces_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oversight_verdict')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_oversight_verdict_replaces_id'))
    )
    with op.batch_alter_table('oversight_verdict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oversight_verdict_item_id'), ['item_id'], unique=False)
        batch_op.create_index('uq_oversight_verdict_first', ['item_id'], unique=True, sqlite_where=sa.text('replaces_id IS NULL'), postgresql_where=sa.text('replaces_id IS NULL'))


def downgrade() -> None:
    op.drop_table('oversight_verdict')
    op.drop_table('oversight_item')
    op.drop_table('oversight_draw')
    op.drop_table('file_opening')
