"""Says which rules a decided finding meets and which measures follow; pure, no row is written."""

from __future__ import annotations

from datetime import timedelta

from marketplace.base.clock import Clock
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.commands.reasons import cite
from marketplace.features.enforcement.kinds import Measure, MeasureKind
from marketplace.features.enforcement.rules import Score
from marketplace.features.enforcement.statement import MeasureSaid, RuleCited
from marketplace.features.enforcement.tables import Finding


def rules_of_finding(
    rulebook: Rulebook, score: Score | None, course: str | None
) -> tuple[RuleCited, ...]:
    """Return the rules an upheld finding meets, each with its source."""
    cited = []
    if rulebook.enforcement.measures.takedown:
        cited.append(cite(rulebook, "takedown", "enforcement.measures.takedown"))
    if score is None:
        cited.append(cite(rulebook, "not_scored", "points.closure_balance"))
    elif score.measure is None:
        cited.append(cite(rulebook, "closed_before", "points.closure_balance"))
    else:
        cited += _of_score(rulebook, score)
    if course is not None:
        days = rulebook.enforcement.measures.course_days
        cited.append(cite(rulebook, "course", "enforcement.measures.course_days", days=days))
    return tuple(cited)


def measures_of_finding(
    rulebook: Rulebook, clock: Clock, finding: Finding, score: Score | None, course: str | None
) -> tuple[MeasureSaid, ...]:
    """Return the measures an upheld finding brings, the strongest of the points last."""
    now, found = clock.now(), []
    rules = rulebook.enforcement.measures
    if rules.takedown:
        found.append(MeasureSaid(MeasureKind.TAKEDOWN, {"listings": finding.listings}))
    if score is not None and score.measure is not None:
        found += _from_score(score)
        if score.suspension_days:
            until = now + timedelta(days=score.suspension_days)
            found.append(MeasureSaid(MeasureKind.SUSPENSION, {}, until))
        if score.closes:
            found.append(MeasureSaid(MeasureKind.CLOSURE, {}))
    chosen = rules.course(course) if course else None
    if chosen is not None:
        names = {"zh": chosen.name_zh, "en": chosen.name_en}
        until = now + timedelta(days=rules.course_days)
        facts: dict[str, object] = {"course": names, "hours": chosen.hours}
        found.append(MeasureSaid(MeasureKind.COURSE, facts, until))
    return tuple(found)


def _from_score(score: Score) -> list[MeasureSaid]:
    kind = MeasureKind.WARNING if score.measure is Measure.WARNING else MeasureKind.POINTS
    return [MeasureSaid(kind, {"points": score.points})]


def _of_score(rulebook: Rulebook, score: Score) -> list[RuleCited]:
    place = min(score.offense, len(rulebook.points.schedule)) - 1
    cited = [
        cite(
            rulebook, "offense", f"points.schedule.{place}.points",
            offense=score.offense, points=score.points, measure=_named(score),
        )
    ]  # fmt: skip
    if score.suspension_days:
        figure = f"points.schedule.{place}.suspension_days"
        cited.append(cite(rulebook, "suspension", figure, days=score.suspension_days))
    if score.closes:
        threshold = rulebook.points.closure_balance
        cited.append(cite(rulebook, "closure", "points.closure_balance", threshold=threshold))
    return cited


def _named(score: Score) -> MeasureKind:
    return MeasureKind(score.measure.value) if score.measure else MeasureKind.WARNING
