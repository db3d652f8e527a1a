"""brand changes: another name or story of a brand the public knows waits for a reviewer."""

import sqlalchemy as sa
from alembic import op

from marketplace.base.db.columns import UtcInstant

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_WAITING = sa.text("status = 'submitted'")


def upgrade() -> None:
    op.create_table(
        "brand_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=60), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcInstant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("story_shown", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_brand_change_brand_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_change")),
    )
    with op.batch_alter_table("brand_change", schema=None) as batch_op:
        batch_op.create_index(
            "uq_brand_change_waiting",
            ["brand_id"],
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        )
        batch_op.create_index(
            batch_op.f("ix_brand_change_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_brand_change_operator_id"), ["operator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_brand_change_status"), ["status"], unique=False)


def downgrade() -> None:
    op.drop_table("brand_change")
