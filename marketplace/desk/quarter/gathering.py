"""Reads everything a quarterly report is made of, once, for a program or one district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_index, today
from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook import Rulebook
from marketplace.desk.quarter.counting import (
    Appealed,
    Complained,
    Evidence,
    People,
    Shown,
    Span,
    count_appeals,
    count_complaints,
    count_evidence,
    count_people,
    count_shown,
)
from marketplace.desk.quarters import Quarter, quarter_on
from marketplace.features.compliance.kinds import QualityKind
from marketplace.features.compliance.marks.origins import list_origins
from marketplace.features.compliance.marks.quality import check_quality
from marketplace.features.compliance.marks.queries import name_operators
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.queries import Observation, observe_program
from marketplace.features.compliance.rules import Comparison, Watched
from marketplace.features.compliance.rules.comparison import Beside
from marketplace.features.compliance.rules.effort import OriginLine, origin_mix
from marketplace.features.compliance.rules.periods import compare_periods
from marketplace.features.compliance.rules.sides import Sums
from marketplace.features.compliance.studies import Study, study_program, watch
from marketplace.features.registry.queries import list_conflicts
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class Quality:
    """What is wrong with the data of the quarter; `conflicts` are open on the day of reading."""

    missing: int
    late: int
    disagreeing: int
    other: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report is made of; `last` is the last whole month it counts, an index."""

    quarter: Quarter
    span: Span
    last: int
    study: Study
    watched: tuple[Watched, ...]
    change: Comparison
    now: Sums
    before: Sums
    origins: tuple[OriginLine, ...]
    people: People
    evidence: tuple[Evidence, ...]
    complaints: Complained
    appeals: Appealed
    shown: Shown
    inspected: tuple[int, int]  # on-site inspections of the quarter before and of this one


def check_wanted(
    rulebook: Rulebook, *, clock: Clock, quarter: Quarter, district: str | None
) -> None:
    """Refuse a quarter to come and a district the program does not have; both faults at once.

    Raises:
        Invalid: naming each.
    """
    faults = []
    day = today(clock)
    if not quarter.has_begun(day):
        faults.append(
            Fault(
                "quarter",
                "quarter_to_come",
                {
                    "quarter": quarter.key,
                    "since": quarter.start.isoformat(),
                    "latest": quarter_on(day).key,
                },
            )
        )
    if district is not None and rulebook.region(district) is None:
        faults.append(Fault("district", "district_unknown", {"district": district}))
    if faults:
        raise Invalid(faults)


def gather_quarter(
    session: Session,
    who: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    quarter: Quarter,
    district: str | None,
) -> Basis:
    """Read a quarter; the running one up to the last whole month, events up to today."""
    program, day = rulebook.program.key, today(clock)
    span = Span(program, district, quarter.start, min(quarter.end, day))
    last = min(quarter.last, month_index(day) - 1)
    observations = observe_program(session, who, program=program, district=district)
    study = study_program(
        session, who, rulebook, clock=clock, district=district, until=last,
        observations=observations,
    )  # fmt: skip
    watched = tuple(watch(rulebook, observations, clock=clock, until=last))
    months = [m for w in watched for m in w.months]
    inspected = _inspected(observations, quarter, last)
    return Basis(
        quarter=quarter,
        span=span,
        last=last,
        study=study,
        watched=watched,
        change=compare_periods(
            watched,
            first=quarter.previous.first,
            boundary=quarter.first,
            last=last,
            dispersion=study.dispersion,
            level=rulebook.compliance.interval_level,
            beside=(
                Beside(inspections=inspected[0]),
                Beside(inspections=inspected[1]),
            ),
        ),
        now=Sums.of(m for m in months if quarter.first <= m.month <= last),
        before=Sums.of(m for m in months if quarter.previous.first <= m.month < quarter.first),
        origins=origin_mix(
            list_origins(
                session, who, program=program, district=district,
                months=(quarter.first, quarter.last),
            )
        ),
        people=count_people(session, span),
        evidence=count_evidence(session, rulebook, span),
        complaints=count_complaints(session, who, rulebook, span),
        appeals=count_appeals(session, span),
        shown=count_shown(session, span),
        inspected=inspected,
    )  # fmt: skip


def gather_quality(
    session: Session, who: Actor, rulebook: Rulebook, *, clock: Clock, basis: Basis
) -> Quality:
    """Read what is wrong with the data of the quarter's months; store-months for gaps."""
    first, last = basis.quarter.first, basis.last
    district = basis.span.district
    found: Counter[QualityKind] = Counter()
    for line in check_quality(session, who, rulebook, clock=clock, district=district):
        months = min(line.last, last) - max(line.first, first) + 1
        if months > 0:
            found[line.kind] += months if line.kind is QualityKind.MISSING else 1
    conflicts = list_conflicts(session, who, program=basis.span.program)
    there = set(
        session.execute(
            sa.select(col(Factory.id)).where(col(Factory.district) == district)
        ).scalars()
    )
    counted = {QualityKind.MISSING, QualityKind.LATE, QualityKind.DISAGREEING}
    return Quality(
        missing=found[QualityKind.MISSING],
        late=found[QualityKind.LATE],
        disagreeing=found[QualityKind.DISAGREEING],
        other=sum(n for kind, n in found.items() if kind not in counted),
        conflicts=sum(district is None or c.factory_id in there for c in conflicts),
    )


def material_for(session: Session, who: Actor, rulebook: Rulebook, basis: Basis) -> Material:
    """Return what the figures on methods are made of, up to the end of the quarter."""
    return Material(
        rulebook=rulebook,
        watched=basis.watched,
        study=basis.study,
        names=name_operators(
            session, who, program=basis.span.program, district=basis.span.district
        ),
        last=basis.last,
    )


def _inspected(
    observations: Sequence[Observation], quarter: Quarter, last: int
) -> tuple[int, int]:
    """Return how often it was inspected on site in the quarter before and in this one."""

    def count(first: int, until: int) -> int:
        return sum(
            n for o in observations for m, n in o.inspections.items() if first <= m <= until
        )

    before = quarter.previous
    return count(before.first, before.last), count(quarter.first, last)
