"""From observations to comparisons: the one place figures get their numbers from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_index, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.looking import looked_beside
from marketplace.features.compliance.queries import (
    Observation,
    gather_program,
    observe_factory,
    observe_program,
)
from marketplace.features.compliance.rules import (
    Comparison,
    StoreMonth,
    Watched,
    compare,
    pooled_dispersion,
)
from marketplace.features.compliance.rules.leaving import WorstCase, worst_case
from marketplace.features.compliance.rules.regression import Regression, regress
from marketplace.features.compliance.rules.shrinkage import ExpectedFall
from marketplace.features.compliance.rules.sides import FEW_FINDINGS
from marketplace.features.enforcement.kinds import FindingStatus


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a figure: `month` is an index, or months since time zero when aligned."""

    month: int
    exposure: int
    findings: int
    listings: int
    operators: int


@dataclass(frozen=True, slots=True)
class Study:
    """A comparison with the months it is made of and the marks beside them."""

    comparison: Comparison
    points: tuple[MonthPoint, ...]
    zero: int | None
    inspections: dict[int, int]
    near_misses: dict[int, int]
    sources: tuple[str, ...]
    dispersion: float
    aligned: bool
    gaps: tuple[
        int, ...
    ] = ()  # calendar months without a report between the first and the last
    worst: WorstCase | None = None
    watched: tuple[Watched, ...] = ()
    expected: ExpectedFall | None = None


WINDOW = 24  # months on each side of an aligned figure, domain §3a and the issue


def study_factory(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> Study:
    """Return the study of one factory on the calendar; its own months only."""
    observation = observe_factory(session, actor, factory_id=factory_id)
    last = month_index(today(clock)) - 1
    watched = _watched(rulebook, observation, last)
    dispersion = 1.0  # not asked for while exact intervals on findings are given
    if sum(m.findings for m in watched.months) >= FEW_FINDINGS:
        dispersion = program_dispersion(session, rulebook, last=last)
    return _study(
        rulebook, [observation], [watched], aligned=False, last=last, dispersion=dispersion
    )


def study_program(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
    until: int | None = None,
    observations: Sequence[Observation] | None = None,
) -> Study:
    """Return the study of all enrolled operators, aligned on each one's time zero.

    Months lie within `WINDOW` on each side, and up to the last whole month or `until`, a month
    index. Give `observations` that were read already, to read them once for several figures.
    The dispersion is the program's, also in a district.
    """
    if observations is None:
        observations = observe_program(
            session, actor, program=rulebook.program.key, district=district
        )
    last = min(until or 10**6, month_index(today(clock)) - 1)
    enrolled = [o for o in observations if o.time_zero and month_index(o.time_zero) <= last]
    watched = [_watched(rulebook, o, last, window=WINDOW) for o in enrolled]
    others = [_watched(rulebook, o, last) for o in observations if not o.time_zero]
    dispersion = (
        pooled_dispersion(watched)
        if district is None
        else program_dispersion(session, rulebook, last=last)
    )
    study = _study(rulebook, enrolled, watched, aligned=True, last=last, dispersion=dispersion)
    return replace(study, expected=regress_program(rulebook, study, others).expected)


def regress_program(rulebook: Rulebook, study: Study, others: Sequence[Watched]) -> Regression:
    """Return each one's estimate before entry; `others` are watched and not enrolled."""
    return regress(
        (*study.watched, *others),
        min_operators=rulebook.methods.min_operators,
        min_findings=rulebook.methods.min_findings,
        level=rulebook.compliance.interval_level,
    )


def program_dispersion(session: Session, rulebook: Rulebook, *, last: int) -> float:
    """Return the dispersion pooled over the whole program, up to the month `last`.

    The same for every figure of the program, of a firm, a district or all: it says how much
    listings are found together, and names nobody.
    """
    return pooled_dispersion(
        [
            _watched(rulebook, o, last, window=WINDOW)
            for o in gather_program(session, rulebook.program.key)
            if o.time_zero and month_index(o.time_zero) <= last
        ]
    )


def watch(
    rulebook: Rulebook,
    observations: Sequence[Observation],
    *,
    clock: Clock,
    until: int | None = None,
) -> list[Watched]:
    """Return every operator's months on the calendar, enrolled or not, for other figures."""
    last = min(until or 10**6, month_index(today(clock)) - 1)
    return [_watched(rulebook, o, last) for o in observations]


def _study(
    rulebook: Rulebook,
    observations: Sequence[Observation],
    watched: Sequence[Watched],
    *,
    aligned: bool,
    last: int,
    dispersion: float,
) -> Study:
    comparison = compare(
        watched,
        dispersion=dispersion,
        lead_months=rulebook.compliance.excluded_months_before,
        level=rulebook.compliance.interval_level,
        beside=looked_beside(rulebook, observations, watched),
    )
    points: dict[int, list[int]] = {}
    seen: dict[int, set[int]] = {}
    for w in watched:
        for m in w.months:
            if aligned and w.zero is None:
                continue
            key = m.month - (w.zero or 0) if aligned else m.month
            row = points.setdefault(key, [0, 0, 0])
            row[0] += m.exposure
            row[1] += m.findings
            row[2] += m.listings
            seen.setdefault(key, set()).add(w.operator_id)
    return Study(
        comparison=comparison,
        points=tuple(
            MonthPoint(k, v[0], v[1], v[2], len(seen[k])) for k, v in sorted(points.items())
        ),
        zero=0 if aligned else (watched[0].zero if watched else None),
        inspections=_beside(observations, lambda o: o.inspections, aligned=aligned, last=last),
        near_misses=_beside(observations, lambda o: o.near_misses, aligned=aligned, last=last),
        sources=tuple(sorted({r.source for o in observations for r in o.exposure})),
        dispersion=dispersion,
        aligned=aligned,
        gaps=() if aligned else _gaps(sorted(points)),
        worst=worst_case(watched, until=last, window=WINDOW) if aligned else None,
        watched=tuple(watched),
    )


def _beside(
    observations: Sequence[Observation],
    counted: Callable[[Observation], dict[int, int]],
    *,
    aligned: bool,
    last: int,
) -> dict[int, int]:
    """Add what stands beside the rate by month: relative ones within the window when aligned."""
    months: dict[int, int] = {}
    for o in observations:
        zero = month_index(o.time_zero) if o.time_zero else None
        for month, count in counted(o).items():
            at = month - zero if aligned and zero is not None else month
            if month <= last and not (aligned and (zero is None or abs(at) > WINDOW)):
                months[at] = months.get(at, 0) + count
    return months


def _gaps(months: Sequence[int]) -> tuple[int, ...]:
    if not months:
        return ()
    return tuple(m for m in range(months[0], months[-1] + 1) if m not in set(months))


def _watched(
    rulebook: Rulebook, o: Observation, last: int, *, window: int | None = None
) -> Watched:
    """Keep one kind of exposure, and only findings of months with exposure of that kind.

    A leaver's months end with the month of exit; `window` keeps months that near to time zero.
    """
    kind = ExposureKind(rulebook.compliance.exposure_kind)
    zero = month_index(o.time_zero) if o.time_zero else None
    end = min(last, month_index(o.exit_on)) if o.exit_on else last
    start = 0
    if window is not None and zero is not None:
        start, end = zero - window, min(end, zero + window)
    found: dict[tuple[int, int], list[int]] = {}
    for f in o.findings:
        row = found.setdefault((f.store_id, f.month), [0, 0, 0])
        if f.status is FindingStatus.UPHELD:
            row[0] += f.findings
            row[1] += f.listings
        else:
            row[2] += f.findings
    months = tuple(
        StoreMonth(
            e.store_id, e.month, e.quantity, *found.get((e.store_id, e.month), [0, 0, 0])
        )
        for e in o.exposure
        if e.kind is kind and start <= e.month <= end
    )
    first: dict[int, int] = {}
    for m in months:
        first[m.store_id] = min(m.month, first.get(m.store_id, m.month))
    gone = bool(o.exit_on and month_index(o.exit_on) <= last and o.status)
    return Watched(
        operator_id=o.operator_id,
        zero=zero,
        months=months,
        declared=o.declared,
        expected_store_months=sum(end - month + 1 for month in first.values()),
        exit_reason=o.status.value if gone and o.status else None,
    )
