"""Objections remember who recorded and who decided them."""

from typing import Literal

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew on SQLite: columns added in place would be written into one line of its schema.
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("objection_window", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("objector", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("objected_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("objected_at", UtcInstant(), nullable=True))
        batch_op.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("decided_at", UtcInstant(), nullable=True))
        batch_op.add_column(sa.Column("decision_note", sa.String(length=500), nullable=True))
