"""What a look at a drawn listing ended with."""

from __future__ import annotations

from enum import StrEnum


class SampleOutcome(StrEnum):
    """GONE was not looked at: it counts as no sample and stands apart."""

    NOTHING_FOUND = "nothing_found"
    CASE_OPENED = "case_opened"
    GONE = "gone"


class SeedStanding(StrEnum):
    """How the seed of a draw came about.

    CHOSEN by whoever drew, before seeds were derived; BROKEN where it does not follow from the
    signature it was kept with.
    """

    DERIVED = "derived"
    CHOSEN = "chosen"
    BROKEN = "broken"
