"""phones: what a remembered phone is and when it was last used."""

from typing import Literal

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew on SQLite: columns added in place would be written into one line of its schema.
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("device", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(
            sa.Column("user_agent", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("last_used_at", UtcInstant(), nullable=True))
    with op.batch_alter_table("device", schema=None, recreate=recreate) as batch_op:
        batch_op.alter_column(
            "user_agent", existing_type=sa.String(length=120), server_default=None
        )


def downgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_column("last_used_at")
        batch_op.drop_column("user_agent")
