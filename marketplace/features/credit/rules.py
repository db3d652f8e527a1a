"""Decides the compliance score from dated events of current conduct.

Pure. Every event fades: after its half-life it weighs half, so that without new events the score
returns to where it rests. It must not be given earlier records, links, suspicions, complaints not
upheld, or anything from before enrollment (domain §2.14, §3a); it decides nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.base.rulebook.conduct import CreditComponent, CreditRules

_LOWEST, _HIGHEST = 0, 100


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `ref` names its evidence."""

    component: str
    ref: str
    on: date
    about: str


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """What one component does to the score now.

    `effect_points` is signed; `most_points` is the furthest it can go, of the same sign.
    """

    key: str
    effect_points: float
    most_points: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The score, 0 to 100, where it rests, and what each component does."""

    points: int
    neutral_points: int
    components: tuple[ComponentScore, ...]


def score(rules: CreditRules, events: Iterable[Event], day: date) -> Score:
    """Return the score on a day; events of unknown components and of days to come do nothing."""
    given = [e for e in events if e.on <= day]
    components = tuple(
        _component(component, [e for e in given if e.component == component.key], day)
        for component in rules.components
    )
    total = rules.neutral_points + sum(c.effect_points for c in components)
    return Score(
        points=max(_LOWEST, min(_HIGHEST, round(total))),
        neutral_points=rules.neutral_points,
        components=components,
    )


def weight_now(component: CreditComponent, event: Event, day: date) -> float:
    """Return what an event still weighs: 1 on its day, half after the half-life."""
    return float(0.5 ** ((day - event.on).days / component.half_life_days))


def _component(component: CreditComponent, events: list[Event], day: date) -> ComponentScore:
    """The first events move most; however many there are, the weight is never exceeded."""
    fresh = sum(weight_now(component, event, day) for event in events)
    share = 1 - 0.5 ** (fresh / component.half_after_events)
    sign = -1 if component.direction == "down" else 1
    return ComponentScore(
        key=component.key,
        effect_points=sign * component.weight_points * share,
        most_points=sign * component.weight_points,
        events=tuple(sorted(events, key=lambda e: (e.on, e.ref), reverse=True)),
    )
