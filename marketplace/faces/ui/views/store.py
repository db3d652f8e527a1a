"""The office looks back: one store at the end of any day, and why it stood there."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import start_of, today
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures import lookback
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.enforcement.queries import (
    list_evidence,
    list_statements,
    state_of_store_at,
)
from marketplace.features.registry.queries import holder_on


def show(page: Here) -> None:
    """Show the store asked for by the address as of the day asked for."""
    wanted = number_asked("id")
    if wanted is None:
        look.head(page.t("page.store.title"), page.t("measures.choose"))
        st.page_link("views/factories.py", label=page.t("page.factories.title"))
        return
    day = _asked_day(page)
    try:
        _show_store(page, wanted, day)
    except MarketplaceError as error:
        look.head(page.t("page.store.title"), page.t("measures.choose"))
        kit.error_box(error, page.lang)
        st.page_link("views/factories.py", label=page.t("page.factories.title"))


def _show_store(page: Here, store_id: int, day: date) -> None:
    at = _end_of(page, day)
    with reading(page) as session:
        state = state_of_store_at(session, page.actor, page.rulebook, store_id=store_id, at=at)
        papers = [
            paper
            for paper in list_statements(session, page.actor, store_id=store_id)
            if paper.at <= at
        ]
        findings = sorted({p.finding_id for p in papers if p.finding_id is not None})
        pieces = [
            piece
            for finding_id in findings
            for piece in list_evidence(session, page.actor, finding_id=finding_id)
            if piece.added_at <= at
        ]
        held_by = holder_on(session, store_id=store_id, day=day)
    factory_id = held_by[0] if held_by else next((p.factory_id for p in papers), None)
    if factory_id:
        st.page_link(
            "views/dossier.py",
            label=page.t("page.dossier.title"),
            icon=":material/chevron_left:",
            query_params={"id": str(factory_id)},
        )
    look.head(state.store_name, page.t("page.store.question"))
    st.date_input(
        page.t("measures.day"),
        value=day,
        max_value=today(page.app.clock),
        format="YYYY-MM-DD",
        help=page.t("measures.day_help"),
        key="store_day",
        width=240,
        on_change=_choose_day,
    )
    main, side = st.columns([5, 3], gap="medium")
    with main:
        lookback.show_state(page, state, format_day(day))
        lookback.show_ledger(page, state)
    with side:
        lookback.show_papers(page, papers)
        lookback.show_evidence(page, pieces)


def _asked_day(page: Here) -> date:
    latest = today(page.app.clock)
    try:
        asked = date.fromisoformat(st.query_params.get("on", ""))
    except ValueError:
        return latest
    return min(asked, latest)


def _choose_day() -> None:
    chosen = st.session_state.get("store_day")
    if isinstance(chosen, date):
        st.query_params["on"] = chosen.isoformat()


def _end_of(page: Here, day: date) -> datetime:
    """The last instant of a civil day; of today, now."""
    end = start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
    return min(end, page.app.clock.now())


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
