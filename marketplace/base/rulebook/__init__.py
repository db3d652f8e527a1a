"""The rules of a program as data: one typed, frozen model of a program file."""

from marketplace.base.rulebook.ladder import stage_of
from marketplace.base.rulebook.load import load_all, load_rulebook, parse_kept, parse_rulebook
from marketplace.base.rulebook.model import Condition, Figure, Region, Rulebook, Stage

__all__ = [
    "Condition",
    "Figure",
    "Region",
    "Rulebook",
    "Stage",
    "load_all",
    "load_rulebook",
    "parse_kept",
    "parse_rulebook",
    "stage_of",
]
