"""From observations to comparisons: the one place figures get their numbers from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_index, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.looking import looked_beside
from marketplace.features.compliance.observing import complaints_since, samples_since
from marketplace.features.compliance.queries import (
    Observation,
    get_program_sums,
    get_program_units,
    observe_factory,
)
from marketplace.features.compliance.rules import Comparison, Watched, compare
from marketplace.features.compliance.rules.comparison import compare_totals
from marketplace.features.compliance.rules.leaving import (
    WorstCase,
    suppose_they_stayed,
    worst_case,
)
from marketplace.features.compliance.rules.regression import (
    Regression,
    expect_units,
    regress,
)
from marketplace.features.compliance.rules.shrinkage import ExpectedFall
from marketplace.features.compliance.rules.sides import NOTHING, Sums
from marketplace.features.compliance.rules.summary import WINDOW
from marketplace.features.compliance.summary import KeptTotals, read_dispersion
from marketplace.features.compliance.watching import on_sale
from marketplace.features.compliance.watching import watched as _watched


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
    outside: dict[int, Sums] = field(default_factory=dict)  # found beside the rates, by month


def study_factory(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> Study:
    """Return the study of one factory on the calendar; its own months only."""
    observation = observe_factory(session, actor, factory_id=factory_id)
    last = month_index(today(clock)) - 1
    watched = _watched(rulebook, observation, last)
    dispersion = read_dispersion(session, rulebook.program.key)
    return _study(
        session, rulebook, [observation], [watched],
        aligned=False, last=last, dispersion=dispersion,
    )  # fmt: skip


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
    index. It is read from the kept sums and names nobody; what was to be expected anyway is
    asked for on its own, by `expect_fall`. Give `observations` that were read for other figures
    too, and it is made of them, with `watched` and `expected`. Both say the same.
    """
    last = min(until or 10**6, month_index(today(clock)) - 1)
    if observations is None:
        kept = get_program_sums(session, actor, rulebook, district=district, last=last)
        dispersion = read_dispersion(session, rulebook.program.key)
        return _kept_study(rulebook, kept, dispersion=dispersion, last=last)
    enrolled = [o for o in observations if o.time_zero and month_index(o.time_zero) <= last]
    watched = [_watched(rulebook, o, last, window=WINDOW) for o in enrolled]
    others = [_watched(rulebook, o, last) for o in observations if not o.time_zero]
    study = _study(
        session, rulebook, enrolled, watched, aligned=True, last=last,
        dispersion=read_dispersion(session, rulebook.program.key),
    )  # fmt: skip
    return replace(study, expected=regress_program(rulebook, study, others).expected)


def study_overview(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
    until: int | None = None,
) -> Study:
    """Return the program's study with the fall to be expected anyway, all from the kept sums."""
    study = study_program(session, actor, rulebook, clock=clock, district=district, until=until)
    fall = expect_fall(session, actor, rulebook, clock=clock, district=district, until=until)
    return replace(study, expected=fall)


def expect_fall(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
    until: int | None = None,
) -> ExpectedFall | None:
    """Return how much of the program's fall was to be expected anyway, from the kept sums."""
    last = min(until or 10**6, month_index(today(clock)) - 1)
    before, after, others = get_program_units(
        session, actor, rulebook, district=district, last=last
    )
    return expect_units(
        before,
        after,
        others,
        min_operators=rulebook.methods.min_operators,
        min_findings=rulebook.methods.min_findings,
    )


def regress_program(rulebook: Rulebook, study: Study, others: Sequence[Watched]) -> Regression:
    """Return each one's estimate before entry; `others` are watched and not enrolled."""
    return regress(
        (*study.watched, *others),
        min_operators=rulebook.methods.min_operators,
        min_findings=rulebook.methods.min_findings,
        level=rulebook.compliance.interval_level,
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
    session: Session,
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
        beside=looked_beside(
            observations,
            watched,
            [on_sale(rulebook, o) for o in observations],
            complaints_since=complaints_since(session, rulebook.program.key),
            samples_since=samples_since(session, rulebook.program.key),
        ),
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
        outside=_outside(watched, aligned=aligned),
    )


def _kept_study(rulebook: Rulebook, kept: KeptTotals, *, dispersion: float, last: int) -> Study:
    seen = [m for m in kept.months if m.operators]
    after = kept.totals.after.sums
    return Study(
        comparison=compare_totals(
            kept.totals,
            dispersion=dispersion,
            level=rulebook.compliance.interval_level,
            beside=kept.beside,
        ),
        points=tuple(
            MonthPoint(m.offset, m.exposure, m.findings, m.listings, m.operators) for m in seen
        ),
        zero=0,
        inspections={m.offset: m.inspections for m in kept.months if m.inspections},
        near_misses={m.offset: m.near_misses for m in kept.months if m.near_misses},
        sources=kept.sources,
        dispersion=dispersion,
        aligned=True,
        worst=suppose_they_stayed(
            kept.left,
            listings=after.listings,
            exposure=after.exposure,
            until=last,
            window=WINDOW,
        ),
        outside={
            m.offset: Sums(0, m.outside_findings, m.outside_listings)
            for m in kept.months
            if m.outside_findings
        },
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


def _outside(watched: Sequence[Watched], *, aligned: bool) -> dict[int, Sums]:
    """Add up what was found outside the rates by month, relative to entry when aligned."""
    months: dict[int, Sums] = {}
    for w in watched:
        for m in w.outside:
            if aligned and w.zero is None:
                continue
            at = m.month - (w.zero or 0) if aligned else m.month
            known = months.get(at, NOTHING)
            months[at] = Sums(0, known.findings + m.findings, known.listings + m.listings)
    return months


def _gaps(months: Sequence[int]) -> tuple[int, ...]:
    if not months:
        return ()
    seen = set(months)
    return tuple(m for m in range(months[0], months[-1] + 1) if m not in seen)
