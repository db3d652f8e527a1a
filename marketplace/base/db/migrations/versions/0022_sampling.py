"""sampling: listings drawn, and what was seen of each; stores found by folded number and name."""

from typing import Literal

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant
from marketplace.base.text import fold_name

revision = '0022'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sample_draw',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('quarter_from', sa.Date(), nullable=False),
    sa.Column('seed', sa.String(length=60), nullable=False),
    sa.Column('algorithm', sa.String(length=40), nullable=False),
    sa.Column('frame_size', sa.Integer(), nullable=False),
    sa.Column('frame_sha256', sa.String(length=64), nullable=False),
    sa.Column('strata', sa.JSON(), nullable=False),
    sa.Column('rulebook_sha256', sa.String(length=64), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('drawn_by', sa.Integer(), nullable=True),
    sa.Column('drawn_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('frame_size >= 1', name=op.f('ck_sample_draw_some')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_draw')),
    sa.UniqueConstraint('program', 'quarter_from', name=op.f('uq_sample_draw_program_quarter_from'))
    )

    op.create_table('sample_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('factory_id', sa.Integer(), nullable=False),
    sa.Column('operator_id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=40), nullable=False),
    sa.Column('item_no', sa.String(length=60), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['sample_draw.id'], name=op.f('fk_sample_item_draw_id')),
    sa.ForeignKeyConstraint(['factory_id'], ['factory.id'], name=op.f('fk_sample_item_factory_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_sample_item_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_item')),
    sa.UniqueConstraint('draw_id', 'listing_id', name=op.f('uq_sample_item_draw_id_listing_id')),
    sa.UniqueConstraint('draw_id', 'position', name=op.f('uq_sample_item_draw_id_position'))
    )
    with op.batch_alter_table('sample_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sample_item_draw_id'), ['draw_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sample_item_factory_id'), ['factory_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sample_item_operator_id'), ['operator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sample_item_store_id'), ['store_id'], unique=False)

    op.create_table('sample_look',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('looked_by', sa.Integer(), nullable=False),
    sa.Column('looked_at', UtcInstant(), nullable=False),
    sa.CheckConstraint("(outcome = 'case_opened') = (case_id IS NOT NULL)", name=op.f('ck_sample_look_case_of_outcome')),
    sa.ForeignKeyConstraint(['case_id'], ['infringement_case.id'], name=op.f('fk_sample_look_case_id')),
    sa.ForeignKeyConstraint(['item_id'], ['sample_item.id'], name=op.f('fk_sample_look_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_look')),
    sa.UniqueConstraint('item_id', name=op.f('uq_sample_look_item_id'))
    )


    _fold_stores()


def _fold_stores() -> None:
    # Made anew on SQLite: columns added in place would be written into one line of its schema.
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("store", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(
            sa.Column("no_fold", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("name_fold", sa.String(length=200), nullable=False, server_default="")
        )
    store = sa.table(
        "store", *(sa.column(c) for c in ("id", "store_no", "name", "no_fold", "name_fold"))
    )
    connection = op.get_bind()
    folded = [
        {"of": row.id, "no": fold_name(row.store_no), "called": fold_name(row.name)}
        for row in connection.execute(sa.select(store.c.id, store.c.store_no, store.c.name))
    ]
    if folded:
        connection.execute(
            sa.update(store)
            .where(store.c.id == sa.bindparam("of"))
            .values(no_fold=sa.bindparam("no"), name_fold=sa.bindparam("called")),
            folded,
        )
    with op.batch_alter_table("store", schema=None, recreate=recreate) as batch_op:
        batch_op.alter_column("no_fold", existing_type=sa.String(length=60), server_default=None)
        batch_op.alter_column(
            "name_fold", existing_type=sa.String(length=200), server_default=None
        )
        batch_op.create_index("ix_store_no_fold", ["program", "no_fold"], unique=False)
        batch_op.create_index("ix_store_name_fold", ["program", "name_fold"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.drop_index("ix_store_name_fold")
        batch_op.drop_index("ix_store_no_fold")
        batch_op.drop_column("name_fold")
        batch_op.drop_column("no_fold")
    op.drop_table('sample_look')
    op.drop_table('sample_item')
    op.drop_table('sample_draw')
