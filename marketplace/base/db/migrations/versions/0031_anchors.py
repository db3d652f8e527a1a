"""anchors: every hundredth place of the factory list in each of its orders.

The minute makes them; until then a page is found by its offset.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "factory_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_anchor")),
        sa.UniqueConstraint(
            "program", "sort", "n", name=op.f("uq_factory_anchor_program_sort_n")
        ),
        info={"housekeeping": True},
    )


def downgrade() -> None:
    op.drop_table("factory_anchor")
