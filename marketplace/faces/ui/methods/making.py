"""Makes the figures on methods in the reader's language, and keeps them while nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from marketplace.base.words import format_instant
from marketplace.faces.ui.figures import rule_version
from marketplace.faces.ui.material import material_of, state_of
from marketplace.faces.ui.session import Here, reading
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
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.rules.waiting import waiting_time

_KEPT = "methods_made"


@dataclass(frozen=True, slots=True)
class Bench:
    """What the figures are made of, and the words around them."""

    page: Here
    material: Material
    frame: Frame
    as_of: str


def make(page: Here, *tabs: str, by_rate: bool = False) -> dict[str, tuple[Figure, ...]]:
    """Return tab → its figures; made again only when something was decided or the day changed."""
    state = (*state_of(page), page.lang, page.actor.account_id, by_rate)
    kept = st.session_state.get(_KEPT)
    if not kept or kept[0] != state:
        kept = st.session_state[_KEPT] = (state, {})
    made: dict[str, tuple[Figure, ...]] = kept[1]
    missing = [tab for tab in tabs if tab not in made]
    if missing:
        bench = _bench(page)
        made.update({tab: TABS[tab](bench, by_rate=by_rate) for tab in missing})
    return {tab: made[tab] for tab in tabs}


def choose_order(page: Here) -> str:
    """Let the funnel's table be ordered; the choice is in the address. Small firms stay last."""
    asked = st.query_params.get("order", "volume")
    order = st.segmented_control(
        page.t("methods.order"),
        ["volume", "rate"],
        default="rate" if asked == "rate" else "volume",
        format_func=lambda name: page.t(f"methods.order_by.{name}"),
        required=True,
        key="methods_order",
    )
    st.query_params["order"] = order
    needed = f"{page.rulebook.methods.min_funnel_checked:,}"
    st.caption(page.t("methods.small_last", needed=needed))
    return str(order)


def _bench(page: Here) -> Bench:
    material, read_at = material_of(page)
    as_of = format_instant(read_at)
    source = sentences.source(material.study, page.lang, as_of=as_of)
    return Bench(page, material, Frame(page.lang, rule_version(page), source), as_of)


def _cohorts(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    least = b.page.rulebook.methods.min_cohort_operators
    return (cohort_figure(methods.cohorts(b.material), b.frame, min_operators=least),)


def _event(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    found = methods.event_study(b.material)
    return (event_figure(b.material.study, found, b.frame, as_of=b.as_of),)


def _group_time(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    fell = b.material.study.comparison.effort_fell
    return (group_time_figure(methods.effects(b.material), b.frame, effort_fell=fell),)


def _series(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    rules = b.page.rulebook.methods
    return (
        series_figure(
            methods.series(b.material),
            b.frame,
            effort_fell=b.material.study.comparison.effort_fell,
            model=rules.series_model_zh if b.page.lang == "zh" else rules.series_model_en,
            harmonics=rules.series_harmonics,
        ),
    )


def _funnel(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    rules = b.page.rulebook.methods
    return (
        funnel_figure(
            methods.funnel(b.material),
            b.material.names,
            b.frame,
            months=rules.funnel_months,
            min_checked=rules.min_funnel_checked,
            by_rate=by_rate,
        ),
    )


def _shrinkage(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    return (shrinkage_figure(methods.regression(b.material), b.material.names, b.frame),)


def _waiting(b: Bench, *, by_rate: bool) -> tuple[Figure, ...]:
    del by_rate
    clock, program = b.page.app.clock, b.page.rulebook.program.key
    with reading(b.page) as session:
        found = list_waits(session, b.page.actor, clock=clock, program=program)
    least = b.page.rulebook.methods.min_ended_waits
    level = b.page.rulebook.compliance.interval_level
    return tuple(
        waiting_figure(kind, waiting_time(waits, level=level, min_ended=least), b.frame)
        for kind, waits in found.items()
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
