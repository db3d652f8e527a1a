"""Reads what a program's comparison is made of from the kept sums, in a handful of small queries.

It asks nobody for permission: queries do. What it returns equals what the raw facts add up to;
`checking` proves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlmodel import Session

from marketplace.base.clock import civil_day, month_index
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance import asking as raw
from marketplace.features.compliance.looking import Seen
from marketplace.features.compliance.rules.comparison import Beside, SideTotals, Totals
from marketplace.features.compliance.rules.dispersion import Spread
from marketplace.features.compliance.rules.leaving import Left
from marketplace.features.compliance.rules.shrinkage import Unit
from marketplace.features.compliance.rules.sides import Sums
from marketplace.features.compliance.summary import asking

_EXPOSURE, _OPERATORS = asking.ADDED.index("exposure"), asking.ADDED.index("operators")


class OffsetSums(NamedTuple):
    """Sums over everybody enrolled in one month since each one's time zero."""

    offset: int
    exposure: int
    stores: int
    operators: int
    findings: int
    listings: int
    overturned: int
    outside_findings: int
    outside_listings: int
    inspections: int
    near_misses: int
    complaints: int
    offered: int
    offered_stores: int
    seen_inspections: int
    seen_complaints: int


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
    asked = _asked(program, place, last)
    kept = _beside(session, asked)
    months = _months(session, asked, kept)
    since, drawn = _firsts(session, program)
    before = [m for m in months if m.offset < 0]
    after = [m for m in months if m.offset > 0]
    leavers: dict[str, int] = {}
    for status, exit_month, operators in kept.counts:
        if 0 < exit_month <= last:
            leavers[status] = leavers.get(status, 0) + operators
    one, other = _side(before, kept.observed[-1]), _side(after, kept.observed[1])
    totals = Totals(
        before=one,
        after=other,
        trimmed=_sums([m for m in before if m.offset < -lead]),
        declared=not one.sums.exposure and _is_declared(session, program, place, last),
        coverage=(sum(m.stores for m in months), kept.due),
        operators=sum(operators for _status, _exit, operators in kept.counts),
        leavers=tuple(sorted(leavers.items())),
    )
    left = _left(session, program, place, last) if leavers else ()
    return KeptTotals(
        totals=totals,
        beside=(
            _seen(before, one, kept.observed[-1], since).told,
            replace(
                _seen(after, other, kept.observed[1], since),
                samples=0 if drawn is None else _samples(session, program, place, last),
                sample_months=_since(kept.observed[1], drawn),
            ).told,
        ),
        months=months,
        left=left,
        sources=tuple(sorted(kept.sources)),
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


@dataclass(slots=True)
class _Beside:
    """What stands beside the sums by offset; `observed` by side and calendar month."""

    observed: dict[int, dict[int, tuple[int, int]]] = field(
        default_factory=lambda: {-1: {}, 1: {}}
    )
    counts: list[tuple[str, int, int]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    due: int = 0


def _beside(session: Session, asked: dict[str, object]) -> _Beside:
    kept = _Beside()
    for part, text, a, b, c, d in session.execute(asking.beside(), asked):
        match part:
            case "side":
                kept.observed[a][b] = (c, d)
            case "count":
                kept.counts.append((text, a, int(b)))
            case "due":
                kept.due = int(a)
            case _:
                kept.sources.append(text)
    return kept


def _months(
    session: Session, asked: dict[str, object], kept: _Beside
) -> tuple[OffsetSums, ...]:
    """Return the sums by offset up to the month asked for, and take the others from `observed`."""
    sums: dict[int, tuple[int, ...]] = {}
    late: list[tuple[int, ...]] = []
    for row in session.execute(asking.months(), asked):
        if row[1] is None:
            sums[row[0]] = row[2:]
        else:
            late.append(row)
    for offset, month, *less in late:
        known = sums.get(offset, (0,) * len(less))
        sums[offset] = tuple(a + b for a, b in zip(known, less, strict=True))
        seen = kept.observed.get((offset > 0) - (offset < 0), {})
        if month in seen:
            exposure, operators = seen[month]
            seen[month] = (exposure + less[_EXPOSURE], operators + less[_OPERATORS])
    return tuple(OffsetSums(at, *sums[at]) for at in sorted(sums))


def _firsts(session: Session, program: str) -> tuple[int | None, int | None]:
    """The months of the first complaint and of the first draw of listings."""
    row = session.execute(asking.firsts(), {"program": program}).one()
    since, drawn = (None if at is None else month_index(civil_day(at)) for at in row)
    return since, drawn


def _since(observed: Mapping[int, tuple[int, int]], first: int | None) -> int:
    """Return the operator-months observed since a month; 0 where there is none."""
    if first is None:
        return 0
    return sum(
        operators for month, (_exposure, operators) in observed.items() if month >= first
    )


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


def _side(months: list[OffsetSums], observed: Mapping[int, tuple[int, int]]) -> SideTotals:
    return SideTotals(
        months=sum(exposure > 0 for exposure, _operators in observed.values()),
        sums=_sums(months),
        store_months=sum(m.stores for m in months),
        operator_months=sum(m.operators for m in months),
        overturned=sum(m.overturned for m in months),
        outside=Sums(
            0,
            sum(m.outside_findings for m in months),
            sum(m.outside_listings for m in months),
        ),
    )


def _seen(
    months: list[OffsetSums],
    side: SideTotals,
    observed: Mapping[int, tuple[int, int]],
    since: int | None,
) -> Seen:
    return Seen(
        store_months=side.store_months,
        operator_months=side.operator_months,
        offered=sum(m.offered for m in months),
        offered_stores=sum(m.offered_stores for m in months),
        inspections=sum(m.seen_inspections for m in months),
        complaints=sum(m.seen_complaints for m in months),
        complaint_months=_since(observed, since),
    )


def _sums(months: list[OffsetSums]) -> Sums:
    return Sums(
        sum(m.exposure for m in months),
        sum(m.findings for m in months),
        sum(m.listings for m in months),
    )
