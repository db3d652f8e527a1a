"""From observations to comparisons: the one place figures get their numbers from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_index, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.queries import (
    Observation,
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


def study_factory(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> Study:
    """Return the study of one factory on the calendar; its own months only."""
    observation = observe_factory(session, actor, factory_id=factory_id)
    watched = _watched(rulebook, observation, clock)
    return _study(rulebook, [observation], [watched], aligned=False)


def study_program(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
) -> Study:
    """Return the study of all enrolled operators, aligned on each one's time zero."""
    observations = observe_program(
        session, actor, program=rulebook.program.key, district=district
    )
    enrolled = [o for o in observations if o.time_zero is not None]
    watched = [_watched(rulebook, o, clock) for o in enrolled]
    return _study(rulebook, enrolled, watched, aligned=True)


def _study(
    rulebook: Rulebook,
    observations: Sequence[Observation],
    watched: Sequence[Watched],
    *,
    aligned: bool,
) -> Study:
    dispersion = pooled_dispersion(watched)
    comparison = compare(
        watched,
        dispersion=dispersion,
        lead_months=rulebook.compliance.excluded_months_before,
        level=rulebook.compliance.interval_level,
    )
    points: dict[int, list[int]] = {}
    seen: dict[int, set[int]] = {}
    for w in watched:
        for m in w.months:
            if aligned and w.zero is None:
                continue
            key = m.month - (w.zero or 0) if aligned else m.month
            if aligned and not -24 <= key <= 24:
                continue
            row = points.setdefault(key, [0, 0, 0])
            row[0] += m.exposure
            row[1] += m.findings
            row[2] += m.listings
            seen.setdefault(key, set()).add(w.operator_id)
    one = observations[0] if len(observations) == 1 and not aligned else None
    return Study(
        comparison=comparison,
        points=tuple(
            MonthPoint(k, v[0], v[1], v[2], len(seen[k])) for k, v in sorted(points.items())
        ),
        zero=0 if aligned else (watched[0].zero if watched else None),
        inspections=dict(one.inspections) if one else {},
        near_misses=dict(one.near_misses) if one else {},
        sources=tuple(sorted({r.source for o in observations for r in o.exposure})),
        dispersion=dispersion,
        aligned=aligned,
    )


def _watched(rulebook: Rulebook, o: Observation, clock: Clock) -> Watched:
    """Keep one kind of exposure, and only findings of months with exposure of that kind."""
    kind = ExposureKind(rulebook.compliance.exposure_kind)
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
        if e.kind is kind
    )
    last = month_index(today(clock)) - 1
    stores = {
        m.store_id: min(x.month for x in months if x.store_id == m.store_id) for m in months
    }
    return Watched(
        operator_id=o.operator_id,
        zero=month_index(o.time_zero) if o.time_zero else None,
        months=months,
        declared=o.declared,
        expected_store_months=sum(last - first + 1 for first in stores.values()),
        exit_reason=o.status.value if o.exit_on and o.status else None,
    )
