"""Makes the figures on methods in the reader's language, and keeps them while nothing changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from marketplace.base.words import format_instant
from marketplace.desk.method_figures import TABS, Bench, make_tab
from marketplace.faces.ui.figures import rule_version
from marketplace.faces.ui.material import material_of, state_of
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, reading
from marketplace.features.compliance.charts import Figure, sentences
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.rules.waiting import Wait

__all__ = ["TABS", "choose_order", "make"]

_KEPT = "methods_made"


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
        made.update({tab: make_tab(bench, tab, by_rate=by_rate) for tab in missing})
    return {tab: made[tab] for tab in tabs}


def choose_order(page: Here) -> str:
    """Let the funnel's table be ordered; the choice is in the address. Small firms stay last."""
    asked = st.query_params.get("order", "volume")
    order = st.segmented_control(
        page.t("methods.order"),
        ["volume", "rate"],
        default="rate" if asked == "rate" else "volume",
        format_func=lambda name: plain(page.t(f"methods.order_by.{name}")),
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
    return Bench(
        material, Frame(page.lang, rule_version(page), source), as_of, lambda: _waits(page)
    )


def _waits(page: Here) -> Mapping[WaitKind, Sequence[Wait]]:
    with reading(page) as session:
        return list_waits(
            session, page.actor, clock=page.app.clock, program=page.rulebook.program.key
        )
