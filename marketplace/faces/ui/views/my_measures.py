"""The owner asks why: every store of his, what was done about it, on which reasons, what he can do."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.holding import own as holding
from marketplace.faces.ui.measures.outcomes import show_outcomes
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.measures import show_course, show_plan, show_store
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.appeals.queries import find_doors, list_appeals
from marketplace.features.enforcement.queries import (
    list_courses,
    list_statements,
    list_suspensions,
    points_of_factory,
    state_of_store_at,
)
from marketplace.features.registry.kinds import StoreStatus

_FIRST = (StoreStatus.CLOSED, StoreStatus.SUSPENDED, StoreStatus.OPEN)


def show(page: Here) -> None:
    """Show what waits for the owner, then his stores, those that do not trade first."""
    begin(page)
    own = own_factory(page)
    kit.head(page.t("page.my_measures.title"), page.t("page.my_measures.question"))
    now = page.app.clock.now()
    with reading(page) as session:
        points = points_of_factory(session, page.actor, factory_id=own.factory_id)
        states = [
            state_of_store_at(
                session, page.actor, page.rulebook, store_id=store.store_id, at=now
            )
            for store in points.stores
        ]
        papers = list_statements(session, page.actor, factory_id=own.factory_id)
        waiting = list_suspensions(session, page.actor, factory_id=own.factory_id)
        courses = list_courses(session, page.actor, factory_id=own.factory_id)
        filed = list_appeals(session, page.actor, factory_id=own.factory_id)
        doors = find_doors(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            factory_id=own.factory_id,
        )
    for suspension in waiting:
        show_plan(page, suspension)
    for course in courses:
        show_course(page, course)
    holding.show(page, own.factory_id, papers, doors)
    if not states:
        kit.empty(page.t("page.my_measures.no_store"))
    for state in sorted(states, key=lambda s: (_FIRST.index(s.status), -s.balance)):
        show_store(
            page, state, [p for p in papers if p.store_id == state.store_id], filed, doors
        )
    with st.expander(page.t("appeals.stats")):
        show_outcomes(page)


show(page_for(Role.OWNER))
