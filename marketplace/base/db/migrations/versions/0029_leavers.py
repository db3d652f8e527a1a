"""leavers: what kept sums counted after a firm's exit is worked out anew.

Months, inspections, near misses and complaints after an exit are in no sum any more. A row of no
kind of exposure is due: the minute works every operator out again, a few at a time.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE cohort_operator SET kind = ''")


def downgrade() -> None:
    """Nothing to take back: what is worked out again is right for either release."""
