"""Which newly verified products may still be objected to, what was objected, how it was decided."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui.objecting import showing
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.promotion import queries as promotion


def show(page: Here) -> None:
    """Show what waits for a decision, then the open windows, then what was decided."""
    program = page.rulebook.program.key
    days = page.rulebook.featuring.objection_working_days
    look.head(page.t("page.objections.title"), page.t("page.objections.question", days=days))
    with reading(page) as session:
        windows = promotion.list_products_in_objection_window(
            session, page.actor, clock=page.app.clock, program=program
        )
        waiting = promotion.list_objections(session, page.actor, program=program)
        decided = promotion.list_decided_objections(session, page.actor, program=program)
    opened = [row for row in windows if not row.objected]
    if not (opened or waiting or decided):
        look.empty(page.t("objection.none"), page.t("objection.none_hint", days=days))
        return
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(key="card_windows"):
        showing.windows(page, opened)
    with right:
        with st.container(key="card_objected"):
            showing.waiting(page, waiting)
        with st.container(key="card_decided"):
            showing.decided(page, decided)


show(page_for(Role.OFFICER, Role.REVIEWER))
