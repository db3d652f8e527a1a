"""sampling: a look may be corrected by a later entry; the proof that a seed follows from."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None

_FIRST = sa.text("corrects IS NULL")


def upgrade() -> None:
    # Made anew on SQLite: columns added in place would be written into one line of its schema.
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("sample_draw", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(
            sa.Column("seed_proof", sa.String(length=128), nullable=False, server_default="")
        )
    with op.batch_alter_table("sample_draw", schema=None, recreate=recreate) as batch_op:
        batch_op.alter_column(
            "seed_proof", existing_type=sa.String(length=128), server_default=None
        )
    with op.batch_alter_table("sample_look", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("reason", sa.String(length=1000), nullable=False, server_default="")
        )
        batch_op.drop_constraint(op.f("uq_sample_look_item_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_sample_look_corrects"), ["corrects"])
        batch_op.create_foreign_key(
            op.f("fk_sample_look_corrects"), "sample_look", ["corrects"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_sample_look_reason_of_correction"),
            "(corrects IS NULL) = (reason = '')",
        )
    with op.batch_alter_table("sample_look", schema=None, recreate=recreate) as batch_op:
        batch_op.alter_column(
            "reason", existing_type=sa.String(length=1000), server_default=None
        )
        batch_op.create_index(
            "uq_sample_look_first",
            ["item_id"],
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        )
        batch_op.create_index(batch_op.f("ix_sample_look_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    """Needs a database without corrections: the older schema has no place for them."""
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("sample_look", schema=None, recreate=recreate) as batch_op:
        batch_op.drop_index("uq_sample_look_first")
        batch_op.drop_index(batch_op.f("ix_sample_look_item_id"))
        batch_op.drop_constraint(op.f("ck_sample_look_reason_of_correction"), type_="check")
        batch_op.drop_constraint(op.f("fk_sample_look_corrects"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_sample_look_corrects"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_sample_look_item_id"), ["item_id"])
        batch_op.drop_column("reason")
        batch_op.drop_column("corrects")
    with op.batch_alter_table("sample_draw", schema=None, recreate=recreate) as batch_op:
        batch_op.drop_column("seed_proof")
