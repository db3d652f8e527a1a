"""cohort_offset: sums by months since enrollment, so that a program's study reads 49 rows."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_WINDOW = 24
_BIG = ("exposure", "offered")
_MEASURES = (
    "exposure", "stores", "operators", "findings", "listings", "overturned", "inspections",
    "near_misses", "complaints", "offered", "offered_stores", "seen_inspections",
    "seen_complaints", "opened", "closed",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "cohort_offset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("offset_months", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger() if name in _BIG else sa.Integer(), nullable=False)
            for name in _MEASURES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_offset")),
        sa.UniqueConstraint(
            "program",
            "district",
            "offset_months",
            name=op.f("uq_cohort_offset_program_district_offset_months"),
        ),
        info={"housekeeping": True},
    )
    op.create_table(
        "cohort_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("stores", sa.Integer(), nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_side")),
        sa.UniqueConstraint(
            "program",
            "district",
            "side",
            "month",
            name=op.f("uq_cohort_side_program_district_side_month"),
        ),
        info={"housekeeping": True},
    )
    with op.batch_alter_table("cohort_month", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cohort_month_due",
            ["program", "district", "cohort"],
            unique=False,
            sqlite_where=sa.text("opened <> closed"),
            postgresql_where=sa.text("opened <> closed"),
        )
    with op.batch_alter_table("factory_standing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_factory_standing_place",
            ["program", "district", "name_key", "factory_id"],
            unique=False,
        )
    _fill()


def _fill() -> None:
    """Add the new sums up from those by cohort and month, which stand already."""
    near = f"cohort > 0 AND abs(month - cohort) <= {_WINDOW}"
    sums = ", ".join(f"sum({name})" for name in _MEASURES)
    op.execute(
        f"INSERT INTO cohort_offset (program, district, offset_months, {', '.join(_MEASURES)})"
        f" SELECT program, district, month - cohort, {sums} FROM cohort_month"
        f" WHERE {near} GROUP BY program, district, month - cohort"
    )
    side = "CASE WHEN month > cohort THEN 1 ELSE -1 END"
    op.execute(
        "INSERT INTO cohort_side (program, district, side, month, stores, operators)"
        f" SELECT program, district, {side}, month, sum(stores), sum(operators)"
        f" FROM cohort_month WHERE {near} AND month <> cohort AND stores + operators > 0"
        f" GROUP BY program, district, {side}, month"
    )


def downgrade() -> None:
    with op.batch_alter_table("factory_standing", schema=None) as batch_op:
        batch_op.drop_index("ix_factory_standing_place")
    with op.batch_alter_table("cohort_month", schema=None) as batch_op:
        batch_op.drop_index("ix_cohort_month_due")
    op.drop_table("cohort_side")
    op.drop_table("cohort_offset")
