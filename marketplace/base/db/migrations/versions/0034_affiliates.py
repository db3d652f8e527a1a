"""affiliates: who declared one is kept, for an owner alone ties no other firm to his.

Of those declared before nobody knows it: they count as they did.
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew on SQLite: a column added in place would be written into one line of its schema.
    recreate: Literal["always", "never"] = (
        "always" if op.get_bind().dialect.name == "sqlite" else "never"
    )
    with op.batch_alter_table("affiliate", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("declared_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("affiliate", schema=None) as batch_op:
        batch_op.drop_column("declared_by")
