"""cohort: sums of conduct by operator, month and cohort."""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohort_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("exit_month", sa.Integer(), nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.Column("residual", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_count")),
        sa.UniqueConstraint(
            "program",
            "district",
            "cohort",
            "status",
            "exit_month",
            name=op.f("uq_cohort_count_program_district_cohort_status_exit_month"),
        ),
        info={"housekeeping": True},
    )
    op.create_table(
        "cohort_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.BigInteger(), nullable=False),
        sa.Column("stores", sa.Integer(), nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("overturned", sa.Integer(), nullable=False),
        sa.Column("inspections", sa.Integer(), nullable=False),
        sa.Column("near_misses", sa.Integer(), nullable=False),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("offered", sa.BigInteger(), nullable=False),
        sa.Column("offered_stores", sa.Integer(), nullable=False),
        sa.Column("seen_inspections", sa.Integer(), nullable=False),
        sa.Column("seen_complaints", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_month")),
        sa.UniqueConstraint(
            "program",
            "district",
            "cohort",
            "month",
            name=op.f("uq_cohort_month_program_district_cohort_month"),
        ),
        info={"housekeeping": True},
    )
    op.create_table(
        "cohort_operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("exit_month", sa.Integer(), nullable=False),
        sa.Column("residual", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("last_seen", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("before_listings", sa.Integer(), nullable=False),
        sa.Column("before_exposure", sa.Integer(), nullable=False),
        sa.Column("after_listings", sa.Integer(), nullable=False),
        sa.Column("after_exposure", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_operator")),
        sa.UniqueConstraint(
            "operator_id",
            "program",
            "whole",
            "district",
            name=op.f("uq_cohort_operator_operator_id_program_whole_district"),
        ),
        info={"housekeeping": True},
    )
    with op.batch_alter_table("cohort_operator", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cohort_operator_left", ["program", "exit_month"], unique=False
        )

    op.create_table(
        "cohort_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_source")),
        sa.UniqueConstraint(
            "program",
            "district",
            "cohort",
            "source",
            name=op.f("uq_cohort_source_program_district_cohort_source"),
        ),
        info={"housekeeping": True},
    )
    op.create_table(
        "operator_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("stores", sa.Integer(), nullable=False),
        sa.Column("operators", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("overturned", sa.Integer(), nullable=False),
        sa.Column("inspections", sa.Integer(), nullable=False),
        sa.Column("near_misses", sa.Integer(), nullable=False),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("offered", sa.BigInteger(), nullable=False),
        sa.Column("offered_stores", sa.Integer(), nullable=False),
        sa.Column("seen_inspections", sa.Integer(), nullable=False),
        sa.Column("seen_complaints", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_month")),
        sa.UniqueConstraint(
            "operator_id",
            "program",
            "month",
            "whole",
            "district",
            name=op.f("uq_operator_month_operator_id_program_month_whole_district"),
        ),
        info={"housekeeping": True},
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_received", ["program", "received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_received")

    op.drop_table("operator_month")
    op.drop_table("cohort_source")
    with op.batch_alter_table("cohort_operator", schema=None) as batch_op:
        batch_op.drop_index("ix_cohort_operator_left")

    op.drop_table("cohort_operator")
    op.drop_table("cohort_month")
    op.drop_table("cohort_count")
