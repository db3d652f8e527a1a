"""What can be done about appeals."""

from marketplace.features.appeals.commands.deciding import LEAST_REASON, decide_appeal
from marketplace.features.appeals.commands.filing import file_appeal, withdraw_appeal

__all__ = ["LEAST_REASON", "decide_appeal", "file_appeal", "withdraw_appeal"]
