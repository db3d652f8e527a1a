"""editions: an issued report may have a later, corrected edition under the same number."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

_UNIQUE = "uq_report_issue_program_district_kind_"


def upgrade() -> None:
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(
            sa.Column("reason", sa.String(length=1000), server_default="", nullable=False)
        )
        for column in ("number", "period"):
            batch_op.drop_constraint(op.f(_UNIQUE + column), type_="unique")
            batch_op.create_unique_constraint(
                op.f(f"{_UNIQUE}{column}_edition"),
                ["program", "district", "kind", column, "edition"],
            )
        batch_op.create_check_constraint(op.f("ck_report_issue_edition"), "edition >= 1")
        batch_op.create_check_constraint(
            op.f("ck_report_issue_edition_reason"), "(edition > 1) = (reason <> '')"
        )
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.alter_column("edition", server_default=None)
        batch_op.alter_column("reason", server_default=None)
