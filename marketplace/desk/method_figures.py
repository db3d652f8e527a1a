"""The figures on methods, tab by tab: made here once for the screen and for paper.

Pure but for the waiting times, which are read when their tab is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.features.compliance import methods
from marketplace.features.compliance.charts import Figure, sentences
from marketplace.features.compliance.charts.cohorts import cohort_figure
from marketplace.features.compliance.charts.event import event_figure
from marketplace.features.compliance.charts.funnel import funnel_figure
from marketplace.features.compliance.charts.group_time import group_time_figure
from marketplace.features.compliance.charts.series import series_figure
from marketplace.features.compliance.charts.shrinkage import shrinkage_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.charts.waiting import waiting_figure
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.rules.waiting import Wait, waiting_time

Waits = Callable[[], Mapping[WaitKind, Sequence[Wait]]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What the figures are made of, and the words around them; `waits` reads the waiting times."""

    material: Material
    frame: Frame
    as_of: str
    waits: Waits

    @property
    def apart(self) -> Frame:
        """The frame of figures of other months and firms: the study's coverage is not theirs."""
        told = sentences.source_alone(self.material.study, self.frame.lang, as_of=self.as_of)
        return replace(self.frame, source=told)


def make_tab(bench: Bench, tab: str, *, by_rate: bool = False) -> tuple[Figure, ...]:
    """Return the figures of a tab; `by_rate` orders the funnel's table.

    Raises:
        KeyError: for a tab there is not.
    """
    return TABS[tab](bench, by_rate=by_rate)


def _cohorts(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    least = b.material.rulebook.methods.min_cohort_operators
    return (cohort_figure(methods.cohorts(b.material), b.frame, min_operators=least),)


def _event(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    found = methods.event_study(b.material)
    return (event_figure(b.material.study, found, b.frame, as_of=b.as_of),)


def _group_time(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    fell = b.material.study.comparison.effort_fell
    return (group_time_figure(methods.effects(b.material), b.apart, effort_fell=fell),)


def _series(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    rules = b.material.rulebook.methods
    return (
        series_figure(
            methods.series(b.material),
            b.apart,
            effort_fell=b.material.study.comparison.effort_fell,
            model=rules.series_model_zh if b.frame.lang == "zh" else rules.series_model_en,
            harmonics=rules.series_harmonics,
        ),
    )


def _funnel(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    rules = b.material.rulebook.methods
    return (
        funnel_figure(
            methods.funnel(b.material),
            b.material.names,
            b.apart,
            months=rules.funnel_months,
            min_checked=rules.min_funnel_checked,
            by_rate=by_rate,
        ),
    )


def _shrinkage(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    return (shrinkage_figure(methods.regression(b.material), b.material.names, b.apart),)


def _waiting(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    least = b.material.rulebook.methods.min_ended_waits
    level = b.material.rulebook.compliance.interval_level
    # Waits come from this system's own records, not from what shops report.
    frame = replace(b.frame, source=b.frame.t("methods.waiting.source", as_of=b.as_of))
    return tuple(
        waiting_figure(kind, waiting_time(waits, level=level, min_ended=least), frame)
        for kind, waits in b.waits().items()
    )


TABS: dict[str, Callable[..., tuple[Figure, ...]]] = {
    "event": _event,
    "cohorts": _cohorts,
    "group_time": _group_time,
    "series": _series,
    "funnel": _funnel,
    "shrinkage": _shrinkage,
    "waiting": _waiting,
}
