"""The numbers of a quarter that an issue keeps, in the order they are read.

Pure. What happened up to the end of the quarter can be counted again later; what was wrong with
the data on the day of issue cannot, and is no correction.
"""

from __future__ import annotations

from marketplace.desk.issues.content import Number
from marketplace.desk.quarter.gathering import Basis, Quality


def numbers_of(basis: Basis) -> tuple[Number, ...]:
    """Return every number that a later correction may change; a rate keeps its n."""
    c, complaints, appeals = basis.study.comparison, basis.complaints, basis.appeals
    median = complaints.time.median_days
    counts = {
        "enrolled": basis.people.enrolled,
        "came": basis.people.came,
        "left": basis.people.left,
        "findings_before": c.before.findings,
        "findings_after": c.after.findings,
        "findings_quarter": basis.now.findings,
        "complaints": complaints.received,
        "complaints_answered": complaints.answered,
        "complaints_upheld": complaints.upheld,
        "appeals_filed": appeals.filed,
        "appeals_decided": appeals.decided,
        "appeals_upheld": appeals.upheld,
        "evidence_granted": sum(e.granted for e in basis.evidence),
        "evidence_sent_back": sum(e.sent_back for e in basis.evidence),
        "products_verified": basis.shown.verified,
        "products_lapsed": basis.shown.lapsed,
        "products_featured": basis.shown.featured,
        "collections": basis.shown.collections,
        "scans": basis.shown.scans,
    }
    days = {
        "complaints_median": None if median is None else round(median),
        "complaints_ninetieth": complaints.ninetieth_days,
    }
    rates = (
        Number("rate_before", c.before.listings, c.before.exposure),
        Number("rate_after", c.after.listings, c.after.exposure),
        Number("rate_quarter", basis.now.listings, basis.now.exposure),
        Number("rate_quarter_before", basis.before.listings, basis.before.exposure),
    )
    plain = {**counts, **{key: n for key, n in days.items() if n is not None}}
    return (*rates, *(Number(key, count) for key, count in plain.items()))


def quality_numbers(quality: Quality) -> tuple[Number, ...]:
    """Return what was wrong with the data on the day the report was made."""
    return (
        Number("missing", quality.missing),
        Number("late", quality.late),
        Number("disagreeing", quality.disagreeing),
        Number("other_faults", quality.other),
        Number("conflicts", quality.conflicts),
    )
