"""Reads what a program's comparison is made of from the kept sums, in a handful of small queries.

It asks nobody for permission: queries do. What it returns equals what the raw facts add up to;
`checking` proves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from marketplace.base.clock import civil_day, month_index
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance import asking as raw
from marketplace.features.compliance.looking import Seen
from marketplace.features.compliance.observing import complaints_since, samples_since
from marketplace.features.compliance.rules.comparison import Beside, SideTotals, Totals
from marketplace.features.compliance.rules.dispersion import Spread
from marketplace.features.compliance.rules.leaving import Left
from marketplace.features.compliance.rules.shrinkage import Unit
from marketplace.features.compliance.rules.sides import Sums
from marketplace.features.compliance.summary import asking

_NEVER = 10**6  # a month that no report reaches


@dataclass(frozen=True, slots=True)
class OffsetSums:
    """Sums over everybody enrolled in one month since each one's time zero.

    `complaint_months` are the operator-months since complaints are kept here, `sample_months` those
    since listings are drawn.
    """

    offset: int
    exposure: int
    stores: int
    operators: int
    findings: int
    listings: int
    overturned: int
    inspections: int
    near_misses: int
    complaints: int
    offered: int
    offered_stores: int
    seen_inspections: int
    seen_complaints: int
    complaint_months: int
    sample_months: int


@dataclass(frozen=True, slots=True)
class KeptTotals:
    """What an aligned study needs: totals of both sides, months in order, leavers, sources."""

    totals: Totals
    beside: tuple[Beside, Beside]
    months: tuple[OffsetSums, ...]
    left: tuple[Left, ...]
    sources: tuple[str, ...]


def read_totals(
    session: Session, rulebook: Rulebook, *, district: str | None, last: int
) -> KeptTotals:
    """Return the sums of all who enrolled by the month `last`, up to that month."""
    program, place = rulebook.program.key, district or ""
    lead = rulebook.compliance.excluded_months_before
    months, expected = _months(session, program, place, last)
    counts = _counts(session, program, place, last)
    before = [m for m in months if m.offset < 0]
    after = [m for m in months if m.offset > 0]
    n_before, n_after = _distinct_months(session, program, place, last)
    leavers: dict[str, int] = {}
    for status, exit_month, operators in counts:
        if 0 < exit_month <= last:
            leavers[status] = leavers.get(status, 0) + operators
    totals = Totals(
        before=_side(before, n_before),
        after=_side(after, n_after),
        trimmed=_sums([m for m in before if m.offset < -lead]),
        declared=not any(m.exposure for m in before)
        and _is_declared(session, program, place, last),
        coverage=(sum(m.stores for m in months), expected),
        operators=sum(operators for _status, _exit, operators in counts),
        leavers=tuple(sorted(leavers.items())),
    )
    left = _left(session, program, place, last) if leavers else ()
    return KeptTotals(
        totals=totals,
        beside=(
            _seen(before).told,
            replace(
                _seen(after),
                samples=_samples(session, program, place, last),
                sample_months=sum(m.sample_months for m in after),
            ).told,
        ),
        months=months,
        left=left,
        sources=_sources(session, program, place, last),
    )


def read_dispersion(session: Session, program: str) -> float:
    """Return the dispersion pooled over the whole program, all recorded months of everybody.

    The same number for every figure of the program, of a firm, a district or all.
    """
    row = session.execute(asking.residuals(), {"program": program}).one()
    return Spread(int(row[0] or 0), int(row[1] or 0)).dispersion


def read_units(
    session: Session, program: str, *, district: str | None, last: int
) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """Return the findings and checks of each operator: enrolled before, after, and the others.

    The enrolled within the window, the others with all their months, up to the month `last`.
    """
    rows = session.execute(
        asking.units(whole=not district), _asked(program, district or "", last)
    ).all()
    sides: dict[int, list[Unit]] = {-1: [], 0: [], 1: []}
    for operator_id, at, findings, exposure in rows:
        if at is not None:
            sides[at].append(Unit(operator_id, int(findings), int(exposure)))
    return sides[-1], sides[1], sides[0]


def _asked(program: str, place: str, last: int) -> dict[str, object]:
    return {"program": program, "place": place, "last": last}


def _months(
    session: Session, program: str, place: str, last: int
) -> tuple[tuple[OffsetSums, ...], int]:
    since, drawn = complaints_since(session, program), samples_since(session, program)
    rows = session.execute(
        asking.months(),
        {
            **_asked(program, place, last),
            "since": _NEVER if since is None else since,
            "drawn": _NEVER if drawn is None else drawn,
        },
    ).all()
    months = tuple(OffsetSums(*(int(n) for n in row[:-1])) for row in rows)
    return months, sum(int(row[-1]) for row in rows)


def _samples(session: Session, program: str, place: str, last: int) -> int:
    """How many drawn listings were looked at in the months observed after enrollment."""
    looks = [
        (operator_id, month_index(civil_day(at)))
        for operator_id, at in session.execute(raw.samples(few=False), {"program": program})
    ]
    if not looks:
        return 0
    wanted = {**_asked(program, place, last), "operators": sorted({o for o, _m in looks})}
    observed = {
        (int(o), int(m)) for o, m in session.execute(asking.sampled(whole=not place), wanted)
    }
    return sum(look in observed for look in looks)


def _distinct_months(session: Session, program: str, place: str, last: int) -> tuple[int, int]:
    """How many calendar months hold a report before, and after, anybody's time zero."""
    row = session.execute(asking.distinct_months(), _asked(program, place, last)).one()
    return int(row[0]), int(row[1])


def _counts(
    session: Session, program: str, place: str, last: int
) -> list[tuple[str, int, int]]:
    rows = session.execute(asking.counts(), _asked(program, place, last)).all()
    return [(str(status), int(exit_month), int(n)) for status, exit_month, n in rows]


def _left(session: Session, program: str, place: str, last: int) -> tuple[Left, ...]:
    rows = session.execute(asking.left(whole=not place), _asked(program, place, last)).all()
    return tuple(
        Left(zero, seen, n, exposure, (x0, e0), (x1, e1))
        for zero, seen, n, exposure, x0, e0, x1, e1 in rows
    )


def _is_declared(session: Session, program: str, place: str, last: int) -> bool:
    found = session.execute(
        asking.declared(whole=not place), _asked(program, place, last)
    ).first()
    return found is not None


def _sources(session: Session, program: str, place: str, last: int) -> tuple[str, ...]:
    rows = session.execute(asking.sources(), _asked(program, place, last)).scalars()
    return tuple(sorted(str(source) for source in rows))


def _side(months: list[OffsetSums], distinct: int) -> SideTotals:
    return SideTotals(
        months=distinct,
        sums=_sums(months),
        store_months=sum(m.stores for m in months),
        operator_months=sum(m.operators for m in months),
        overturned=sum(m.overturned for m in months),
    )


def _seen(months: list[OffsetSums]) -> Seen:
    return Seen(
        store_months=sum(m.stores for m in months),
        operator_months=sum(m.operators for m in months),
        offered=sum(m.offered for m in months),
        offered_stores=sum(m.offered_stores for m in months),
        inspections=sum(m.seen_inspections for m in months),
        complaints=sum(m.seen_complaints for m in months),
        complaint_months=sum(m.complaint_months for m in months),
    )


def _sums(months: list[OffsetSums]) -> Sums:
    return Sums(
        sum(m.exposure for m in months),
        sum(m.findings for m in months),
        sum(m.listings for m in months),
    )
