"""What can be done about appeals."""

from marketplace.features.appeals.commands.deciding import decide_appeal
from marketplace.features.appeals.commands.filing import file_appeal, withdraw_appeal

__all__ = ["decide_appeal", "file_appeal", "withdraw_appeal"]
