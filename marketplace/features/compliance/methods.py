"""From observations to the figures on methods: who is compared with whom, over which months.

Everything rests on the same months as the overview; each function answers or says by how much
there is too little. Numbers come from `[methods]` of the program file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_index, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.marks.queries import Named, name_operators
from marketplace.features.compliance.queries import observe_program
from marketplace.features.compliance.rules import Watched
from marketplace.features.compliance.rules.cohorts import Cohort, by_entry
from marketplace.features.compliance.rules.eventstudy import EventStudy, study_events
from marketplace.features.compliance.rules.funnel import Funnel, draw_funnel
from marketplace.features.compliance.rules.rates import RateError
from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.regression import Regression
from marketplace.features.compliance.rules.shrinkage import Unit
from marketplace.features.compliance.rules.sides import Sums
from marketplace.features.compliance.rules.staggered import (
    Panel,
    Staggered,
    group_time_effects,
)
from marketplace.features.compliance.rules.summary import WINDOW
from marketplace.features.compliance.rules.timeseries import (
    Interrupted,
    Point,
    fit_interrupted,
)
from marketplace.features.compliance.studies import (
    Study,
    regress_program,
    study_program,
    watch,
)

QUARTER = 3  # months in a period of the group-time effects


@dataclass(frozen=True, slots=True)
class Material:
    """What all figures on methods are made of; `last` is the last whole month, an index.

    `watched` holds every operator's months on the calendar, enrolled or not; `study` is the
    study that the overview shows.
    """

    rulebook: Rulebook
    watched: tuple[Watched, ...]
    study: Study
    names: Mapping[int, Named]
    last: int


@dataclass(frozen=True, slots=True)
class SeriesMonth:
    """One calendar month of the interrupted series; `share` of the checks were after entry."""

    month: int
    exposure: int
    listings: int
    share: float


@dataclass(frozen=True, slots=True)
class Series:
    """The interrupted series of all who ever entered, fitted or refused."""

    months: tuple[SeriesMonth, ...]
    fitted: Interrupted | None
    refused: Refusal | None = None


def gather_material(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
) -> Material:
    """Read a program or a district once for all figures on methods."""
    program = rulebook.program.key
    observations = observe_program(session, actor, program=program, district=district)
    study = study_program(
        session, actor, rulebook, clock=clock, district=district, observations=observations
    )
    return Material(
        rulebook=rulebook,
        watched=tuple(watch(rulebook, observations, clock=clock)),
        study=study,
        names=name_operators(session, actor, program=program, district=district),
        last=month_index(today(clock)) - 1,
    )


def cohorts(m: Material) -> tuple[Cohort, ...]:
    """Return who entered when, each compared on the months the overview compares."""
    return by_entry(
        m.study.watched,
        months=m.rulebook.methods.cohort_months,
        min_operators=m.rulebook.methods.min_cohort_operators,
        dispersion=m.study.dispersion,
        lead_months=m.rulebook.compliance.excluded_months_before,
        level=m.rulebook.compliance.interval_level,
        effort_fell=m.study.comparison.effort_fell,
    )


def event_study(m: Material) -> EventStudy:
    """Return the enrolled aligned on entry, with leavers and their worst case."""
    return study_events(
        m.study.watched,
        dispersion=m.study.dispersion,
        last_month=m.last,
        window=WINDOW,
        min_operators=m.rulebook.methods.min_operators,
        min_findings=m.rulebook.methods.min_findings,
        level=m.rulebook.compliance.interval_level,
    )


def effects(m: Material) -> Staggered:
    """Return the group-time effects by quarter since entry, on findings.

    The quarter before entry is left out of the base: the record that led to entry stands in it.
    """
    rules = m.rulebook.methods
    months = [x.month for w in m.watched for x in w.months]
    first = min(months, default=0) // QUARTER
    periods = m.last // QUARTER - first + 1
    panels = [_panel(w, first, periods) for w in m.watched if w.months]
    return group_time_effects(
        panels,
        seed=rules.bootstrap_seed,
        draws=rules.bootstrap_draws,
        min_operators=rules.min_operators,
        min_controls=rules.min_controls,
        level=m.rulebook.compliance.interval_level,
    )


def series(m: Material) -> Series:
    """Return the interrupted series of those who ever entered, on the calendar.

    Each operator's month of entry belongs to neither side. The step is the share of the month's
    checks that falls on operators after their entry, as the program file states beforehand.
    """
    rules = m.rulebook.methods
    months = _series_months(m)
    sides = (
        sum(x.share < 0.5 for x in months),
        sum(x.share >= 0.5 for x in months),
    )
    found = sum(x.findings for w in m.watched if w.zero is not None for x in w.months)
    if min(sides) < rules.series_min_months:
        return Series(
            months, None, Refusal(Why.FEW_MONTHS, rules.series_min_months, min(sides))
        )
    if found < rules.min_findings:
        return Series(months, None, Refusal(Why.FEW_FINDINGS, rules.min_findings, found))
    points = [Point(x.listings, x.exposure, x.share, x.month) for x in months]
    try:
        fitted = fit_interrupted(
            points,
            harmonics=rules.series_harmonics,
            lags=rules.series_lags,
            level=m.rulebook.compliance.interval_level,
            least_dispersion=1.0,  # as in every figure: under-dispersion is never claimed
        )
    except RateError:
        return Series(months, None, Refusal(Why.NOT_ESTIMABLE, len(points), len(points)))
    return Series(months, fitted)


def funnel(m: Material) -> Funnel:
    """Return who lies outside what chance explains, on the findings of the last whole months."""
    rules = m.rulebook.methods
    since = m.last - rules.funnel_months + 1
    units = []
    for w in m.watched:
        sums = Sums.of(x for x in w.months if x.month >= since)
        units.append(Unit(w.operator_id, sums.findings, sums.exposure))
    return draw_funnel(
        units, min_exposure=rules.min_funnel_checked, min_units=rules.min_operators
    )


def regression(m: Material) -> Regression:
    """Return each operator's estimate before entry and the fall that was to be expected."""
    others = [w for w in m.watched if w.zero is None]
    return regress_program(m.rulebook, m.study, others)


def _panel(w: Watched, first: int, periods: int) -> Panel:
    cells = [[0, 0] for _ in range(periods)]
    for x in w.months:
        cell = cells[x.month // QUARTER - first]
        cell[0] += x.findings
        cell[1] += x.exposure
    entry = None if w.zero is None else w.zero // QUARTER - first
    return Panel(w.operator_id, entry, tuple((c, float(e)) for c, e in cells))


def _series_months(m: Material) -> tuple[SeriesMonth, ...]:
    sums: dict[int, list[int]] = {}
    for w in m.watched:
        for x in w.months:
            if w.zero is None or x.month == w.zero:
                continue
            row = sums.setdefault(x.month, [0, 0, 0])
            row[0] += x.exposure
            row[1] += x.listings
            row[2] += x.exposure if x.month > w.zero else 0
    return tuple(
        SeriesMonth(month, exposure, listings, late / exposure)
        for month, (exposure, listings, late) in sorted(sums.items())
        if exposure
    )
