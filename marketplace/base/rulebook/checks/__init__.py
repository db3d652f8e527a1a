"""What types cannot say of a program file: whether its parts fit together.

Checks read the file as it is given, not the typed rules, so that each runs wherever what it needs
is sound, whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.base.rulebook.checks.conduct import faults_of_conduct
from marketplace.base.rulebook.checks.enforcement import (
    faults_of_categories,
    faults_of_enforcement,
    faults_of_holds,
)
from marketplace.base.rulebook.checks.given import Found, Given, Path
from marketplace.base.rulebook.checks.ladder import faults_of_ladder
from marketplace.base.rulebook.checks.people import faults_of_people
from marketplace.base.rulebook.checks.places import (
    faults_of_program,
    faults_of_regions,
)
from marketplace.base.rulebook.checks.points import faults_of_points
from marketplace.base.rulebook.checks.spans import faults_of_spans
from marketplace.base.rulebook.checks.words import faults_of_words

__all__ = ["Found", "Given", "Path", "find_faults"]

_CHECKS = (
    faults_of_program,
    faults_of_regions,
    faults_of_ladder,
    faults_of_points,
    faults_of_spans,
    faults_of_conduct,
    faults_of_enforcement,
    faults_of_holds,
    faults_of_categories,
    faults_of_people,
    faults_of_words,
)


def find_faults(given: Given) -> Iterator[Found]:
    """Give every fault of every check, in no order of the file."""
    for check in _CHECKS:
        yield from check(given)
