"""Whether the schedule of points says what the ledger does, and every balance has its band."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from marketplace.base.rulebook.checks.given import Found, Given, at, entries, twice
from marketplace.base.rulebook.enforcement import MeasureRules

# Lists and figures have words for these and for no others.
BANDS = ("none", "low", "high", "closed")


def faults_of_points(given: Given) -> Iterator[Found]:
    """Give what the schedule, the thresholds and the bands do not agree in."""
    yield from _of_schedule(given)
    yield from _of_sums(given)
    yield from twice(given, "points", "bands", code="band_twice")
    yield from _of_bands(given)


def _of_schedule(given: Given) -> Iterator[Found]:
    longest = at(
        given, "enforcement", "measures", "longest_suspension_days",
        default=MeasureRules().longest_suspension_days,
    )  # fmt: skip
    offenses = [step.get("offense") for _, step in entries(given, "points", "schedule")]
    if None not in offenses and offenses != list(range(1, len(offenses) + 1)):
        yield ("points", "schedule"), "schedule_gap", {}
    for place, step in entries(given, "points", "schedule"):
        days, points = step.get("suspension_days", 0), step.get("points")
        measure = step.get("measure")
        if days is not None and longest is not None and days > longest:
            facts: dict[str, object] = {"days": days, "longest": longest}
            yield (*place, "suspension_days"), "suspension_too_long", facts
        if measure == "suspension" and days == 0:
            yield (*place, "suspension_days"), "suspension_without_days", {}
        if measure in {"warning", "points"} and days:
            # The ledger suspends for the days a step states, whatever it calls the measure.
            yield (*place, "suspension_days"), "days_without_suspension", {"days": days}
        if points is not None and (
            (measure == "warning" and points > 0) or (measure == "points" and points == 0)
        ):
            yield (*place, "measure"), "measure_says_otherwise", {"points": points}


def _of_sums(given: Given) -> Iterator[Found]:
    closure = at(given, "points", "closure_balance")
    steps = list(entries(given, "points", "schedule"))
    each = [step.get("points") for _, step in steps]
    if closure is None or None in each or at(given, "points", "schedule") is None:
        return
    sums = list(accumulate(each))
    total = sums[-1] if sums else 0
    if total < closure:
        facts: dict[str, object] = {"total": total, "closure": closure}
        yield ("points", "schedule"), "schedule_never_closes", facts
    for (place, step), reached in zip(steps, sums, strict=True):
        if step.get("measure") == "closure" and reached < closure <= total:
            facts = {"total": reached, "closure": closure}
            yield (*place, "measure"), "closure_before_balance", facts


def _of_bands(given: Given) -> Iterator[Found]:
    bands = list(entries(given, "points", "bands"))
    if at(given, "points", "bands") == []:
        yield ("points", "bands"), "bands_none", {}
    due: int | None = 0
    for number, (place, band) in enumerate(bands):
        key, first, until = band.get("key"), band.get("from_points"), band.get("until_points")
        if key is not None and key not in BANDS:
            yield (*place, "key"), "band_unknown", {"key": key, "known": " / ".join(BANDS)}
        if due is not None and first is not None and first != due:
            yield (*place, "from_points"), "band_gap", {"given": first, "wanted": due}
        if first is not None and until is not None and until <= first:
            yield (*place, "until_points"), "band_empty", {"first": first, "until": until}
        is_last = number == len(bands) - 1
        if is_last and until is not None:
            yield (*place, "until_points"), "band_ends", {}
        if not is_last and "until_points" not in band:
            yield (*place, "key"), "band_endless", {}
        due = until
    closure = at(given, "points", "closure_balance")
    for place, band in bands:
        first = band.get("from_points")
        if band.get("key") == "closed" and None not in (first, closure) and first != closure:
            facts = {"given": first, "closure": closure}
            yield (*place, "from_points"), "band_closed_differs", facts
