"""Staff conduct, for the auditor: what deserves a look, and how often drawn decisions were wrong."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import switched
from marketplace.faces.ui.overseeing import draws, patterns, rotation, shield
from marketplace.faces.ui.session import Here, page_for

_TABS = {
    "patterns": patterns.show,
    "draws": draws.show,
    "rotation": rotation.show,
    "shield": shield.show,
}


def period(page: Here) -> tuple[date, date] | None:
    """Show the period; it is part of the address. None while it is no period."""
    day = today(page.app.clock)
    first = day - timedelta(days=page.rulebook.oversight.look_back_days)
    with st.container(horizontal=True):
        since = st.date_input(
            page.t("oversight.since"), first, max_value=day, key="since", format="YYYY-MM-DD",
            bind="query-params", width=180,
        )  # fmt: skip
        until = st.date_input(
            page.t("oversight.until"), day, max_value=day, key="until", format="YYYY-MM-DD",
            bind="query-params", width=180, help=page.t("oversight.period_help"),
        )  # fmt: skip
    if since > until:
        kit.note(page.t("oversight.no_period"), "bad")
        return None
    return since, until


here = page_for(Role.AUDITOR)
look.head(here.t("page.oversight.title"), here.t("page.oversight.question"))
tab = switched(
    here.t("oversight.tabs"), "view", {name: here.t(f"oversight.tab.{name}") for name in _TABS},
    start="patterns",
)  # fmt: skip
if tab == "draws" and st.query_params.get("draw"):
    draws.show(here, today(here.app.clock), today(here.app.clock))
else:
    st.query_params.pop("draw", None)
    span = period(here)
    if span is not None:
        _TABS[tab](here, *span)
