"""years: what every operator's last twelve whole months come to, and orders of the factory list.

Years are worked out by the minute, some hundred operators at a time. A day that is open gets a
sort key of its own, because only one engine puts missing days last by an index.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NAME = sa.String(length=200).with_variant(
    postgresql.VARCHAR(length=200, collation="C"), "postgresql"
)
_COUNTS = (
    "months", "exposure", "findings", "listings", "overturned", "inspections", "near_misses",
    "complaints",
)  # fmt: skip
_ORDERS = ("name_key", "exposure", "findings", "listings", "rank")
_LISTED: dict[str, tuple[sa.types.TypeEngine[Any], str]] = {
    "due_key": (sa.Date(), "9999-12-31"), "enrolled_key": (sa.Date(), "9999-12-31"),
    "points_key": (sa.Integer(), "0"), "progress_key": (sa.Integer(), "0"),
}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "operator_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.Column("name_key", _NAME, nullable=False),
        sa.Column("factories", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("exit_month", sa.Integer(), nullable=False),
        sa.Column("until_month", sa.Integer(), nullable=False),
        sa.Column("ranked_from", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_year")),
        sa.UniqueConstraint(
            "operator_id", "program", "place",
            name=op.f("uq_operator_year_operator_id_program_place"),
        ),
        info={"housekeeping": True},
    )  # fmt: skip
    with op.batch_alter_table("operator_year", schema=None) as batch_op:
        for column in _ORDERS:
            name = f"ix_operator_year_{column.removesuffix('_key')}"
            keys = ["program", "place", column, "operator_id"]
            batch_op.create_index(name, keys, unique=False)
    with op.batch_alter_table("factory_standing", schema=None) as batch_op:
        for name, (kind, default) in _LISTED.items():
            added = sa.Column(name, kind, nullable=False, server_default=default)
            batch_op.add_column(added)
    op.execute(
        "UPDATE factory_standing SET points_key = -points, progress_key = -done,"
        " due_key = coalesce(due_on, due_key), enrolled_key = coalesce(enrolled_on, enrolled_key)"
    )
    with op.batch_alter_table("factory_standing", schema=None) as batch_op:
        for name, (kind, _default) in _LISTED.items():
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        for name in _LISTED:
            keys = ["program", name, "name_key", "factory_id"]
            batch_op.create_index(f"ix_factory_standing_by_{name[:-4]}", keys, unique=False)


def downgrade() -> None:
    with op.batch_alter_table("factory_standing", schema=None) as batch_op:
        for name in _LISTED:
            batch_op.drop_index(f"ix_factory_standing_by_{name[:-4]}")
        for name in _LISTED:
            batch_op.drop_column(name)
    op.drop_table("operator_year")
