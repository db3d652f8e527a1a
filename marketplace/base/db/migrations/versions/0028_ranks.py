"""ranks: where every product stands in rotation, kept in step with its facts."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_offer_rank_walk": [
        "program", "ready", "last_featured_us", "draw", "product_id", "group_id",
        "category", "until_day", "stock", "stock_as_of_us",
    ],
    "ix_offer_rank_until": ["program", "until_day", "product_id"],
    "ix_offer_rank_price": ["program", "price_fen", "product_id"],
    "ix_offer_rank_operator_id": ["operator_id"],
}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "offer_rank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("last_featured_us", sa.BigInteger(), nullable=False),
        sa.Column("draw", sa.BigInteger(), nullable=False),
        sa.Column("until_day", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("stock_as_of_us", sa.BigInteger(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_rank")),
        sa.UniqueConstraint("product_id", name=op.f("uq_offer_rank_product_id")),
        info={"housekeeping": True},
    )
    with op.batch_alter_table("offer_rank", schema=None) as batch_op:
        for name, columns in _INDEXES.items():
            batch_op.create_index(name, columns, unique=False)


def downgrade() -> None:
    op.drop_table("offer_rank")
