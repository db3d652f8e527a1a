"""First of all on the owner's first page: a store of his that may not trade, why, and what he can do."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.telling import STORE_TONES, why
from marketplace.faces.ui.session import Here, reading
from marketplace.features.appeals.queries import find_doors
from marketplace.features.enforcement.queries import points_of_factory, state_of_store_at
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.queries import FactoryProfile


def stopped(page: Here, own: FactoryProfile) -> None:
    """Show every closed or suspended store and until when he can appeal; nothing without one."""
    with reading(page) as session:
        points = points_of_factory(session, page.actor, factory_id=own.factory_id)
        held = [s for s in points.stores if s.status is not StoreStatus.OPEN]
        if not held:
            return
        states = [
            state_of_store_at(
                session,
                page.actor,
                page.rulebook,
                store_id=s.store_id,
                at=page.app.clock.now(),
            )
            for s in held
        ]
        doors = find_doors(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            factory_id=own.factory_id,
        )
    open_until = [d.until for d in doors.values() if d.instance is not None and d.until]
    with st.container(key="card_stopped"):
        for state in states:
            badge = kit.badge(label(state.status, page.lang), STORE_TONES[state.status])
            kit.markup(f"<p>{badge}</p>")
            kit.section(state.store_name, why(page, state))
        if open_until:
            kit.note(page.t("measures.may_appeal", until=format_day(min(open_until))), "bad")
        st.page_link("views/my_measures.py", label=page.t("measures.see_why"), width="stretch")
