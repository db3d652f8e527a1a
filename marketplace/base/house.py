"""What the composition root gives to everything that reacts: clock, rules, folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.base.clock import Clock
    from marketplace.base.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class House:
    """One installation's clock, program rules by key, and data folder."""

    clock: Clock
    rulebooks: Mapping[str, Rulebook]
    data_dir: Path

    def rulebook(self, program: str) -> Rulebook:
        """Return the rules in force of a program.

        Raises:
            KeyError: for a program that is not loaded.
        """
        return self.rulebooks[program]
