"""find: where factories stand, the search index made anew."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('factory_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('district', sa.String(length=40), nullable=False),
    sa.Column('stage', sa.String(length=60), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('band', sa.String(length=40), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint('n > 0', name=op.f('ck_factory_count_some')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_factory_count')),
    sa.UniqueConstraint('program', 'district', 'stage', 'status', 'band', 'officer_id', name='uq_factory_count_all'),
    info={'housekeeping': True}
    )
    op.create_table('factory_standing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('factory_id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('operator_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('uscc', sa.String(length=18), nullable=True),
    sa.Column('district', sa.String(length=40), nullable=True),
    sa.Column('stage', sa.String(length=60), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('next_step', sa.String(length=60), nullable=True),
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('band', sa.String(length=40), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=True),
    sa.Column('enrolled_on', sa.Date(), nullable=True),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('rules_sha256', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_factory_standing')),
    sa.UniqueConstraint('factory_id', name=op.f('uq_factory_standing_factory_id')),
    info={'housekeeping': True}
    )
    with op.batch_alter_table('factory_standing', schema=None) as batch_op:
        batch_op.create_index('ix_factory_standing_due', ['counted_on'], unique=False)
        batch_op.create_index('ix_factory_standing_name', ['program', 'name_key', 'factory_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_factory_standing_operator_id'), ['operator_id'], unique=False)

    # Derived: the next minute's work makes every entry again, by tokens of the new making.
    op.drop_table('search_entry')
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('operator_id', sa.Integer(), nullable=True),
    sa.Column('tokens', sa.String(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('kind', 'entity_id', name=op.f('uq_search_entry_kind_entity_id')),
    info={'housekeeping': True}
    )


def downgrade() -> None:
    raise NotImplementedError
