"""quarterly: one table for every issued report; the issued Friday pages move into it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from marketplace.base.canonical import digest
from marketplace.base.db.columns import UtcInstant

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("as_of", UtcInstant(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_report_issue_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_issue")),
        sa.UniqueConstraint(
            "program", "district", "kind", "number",
            name=op.f("uq_report_issue_program_district_kind_number"),
        ),
        sa.UniqueConstraint(
            "program", "district", "kind", "period",
            name=op.f("uq_report_issue_program_district_kind_period"),
        ),
    )  # fmt: skip
    _move_friday_pages()
    op.drop_table("friday_issue")


def _move_friday_pages() -> None:
    pages = sa.table("friday_issue", sa.column("id", sa.Integer), *_shared())
    issues = sa.table(
        "report_issue",
        *_shared(),
        sa.column("kind", sa.String),
        sa.column("period", sa.String),
        sa.column("content_sha256", sa.String),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(pages).order_by(pages.c.id)).mappings().all():
        kept = {name: value for name, value in row.items() if name != "id"}
        connection.execute(
            issues.insert().values(
                **kept,
                kind="friday",
                period=kept["issued_on"].isoformat(),
                content_sha256=digest(kept["content"]),
            )
        )


def _shared() -> list[sa.ColumnClause[Any]]:
    return [
        sa.column("program", sa.String),
        sa.column("district", sa.String),
        sa.column("number", sa.Integer),
        sa.column("issued_on", sa.Date),
        sa.column("as_of", UtcInstant),
        sa.column("content", sa.JSON),
        sa.column("issued_by", sa.Integer),
    ]
