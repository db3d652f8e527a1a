"""outside: what was found in months it cannot have been looked at in stands beside the rates.

Kept months count it on its own, and the sides of entry keep what was looked at instead of how many
stores told something: a month of nothing looked at is no observed month. Every operator is due and
worked out again by the minute, a few at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = ("operator_month", "cohort_month", "cohort_offset", "operator_year")
_NEW = ("outside_findings", "outside_listings")
_WINDOW = 24


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in _NEW:
                batch_op.add_column(
                    sa.Column(name, sa.Integer(), nullable=False, server_default="0")
                )
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in _NEW:
                batch_op.alter_column(name, existing_type=sa.Integer(), server_default=None)
    _remake_sides("exposure", sa.BigInteger())
    op.execute("UPDATE cohort_operator SET kind = ''")


def downgrade() -> None:
    _remake_sides("stores", sa.Integer())
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in _NEW:
                batch_op.drop_column(name)
    op.execute("UPDATE cohort_operator SET kind = ''")


def _remake_sides(measure: str, kind: sa.types.TypeEngine[int]) -> None:
    """Make the sums by side anew from those by cohort and month, with another measure."""
    op.drop_table("cohort_side")
    op.create_table(
        "cohort_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column(measure, kind, nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_side")),
        sa.UniqueConstraint(
            "program", "district", "side", "month",
            name=op.f("uq_cohort_side_program_district_side_month"),
        ),
        info={"housekeeping": True},
    )  # fmt: skip
    side = "CASE WHEN month > cohort THEN 1 ELSE -1 END"
    op.execute(
        f"INSERT INTO cohort_side (program, district, side, month, {measure}, operators)"
        f" SELECT program, district, {side}, month, sum({measure}), sum(operators)"
        f" FROM cohort_month WHERE cohort > 0 AND abs(month - cohort) <= {_WINDOW}"
        f" AND month <> cohort AND {measure} + operators > 0"
        f" GROUP BY program, district, {side}, month"
    )
