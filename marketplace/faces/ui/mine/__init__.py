"""What belongs to the owner who is here; of several firms the one he chose."""

from __future__ import annotations

import streamlit as st

from marketplace.base.errors import NotFound
from marketplace.faces.ui.session import Here, reading
from marketplace.features.registry.queries import (
    FactoryProfile,
    find_own_factory,
    get_factory,
    list_own_factories,
)

_CHOSEN, _PICK = "own_firm", "own_firm_pick"


def own_factory(page: Here, factory_id: int | None = None) -> FactoryProfile:
    """Return the owner's factory; without one the page ends with what to do.

    With several it is the one named, else the one he chose, else the first.
    """
    with reading(page) as session:
        wanted = factory_id or _chosen(page)
        found = (
            get_factory(session, page.actor, factory_id=wanted)
            if wanted
            else find_own_factory(session, page.actor)
            if page.actor.operator_ids
            else None
        )
    if found is None:
        from marketplace.faces.ui import kit

        kit.error_box(NotFound("no_factory_yet"), page.lang)
        st.stop()
    return found


def choose_firm(page: Here) -> None:
    """Let somebody with several firms say which one the pages are about."""
    if len(page.actor.operator_ids) < 2:
        return
    with reading(page) as session:
        names = dict(list_own_factories(session, page.actor))
    if len(names) < 2:
        return
    chosen = _chosen(page)
    st.selectbox(
        page.t("entry.firm"),
        list(names),
        index=list(names).index(chosen) if chosen in names else 0,
        format_func=names.__getitem__,
        key=_PICK,
        on_change=_keep,
    )


def _keep() -> None:
    # The field of another page is another field: what was chosen outlives it under its own name.
    st.session_state[_CHOSEN] = st.session_state[_PICK]


def _chosen(page: Here) -> int | None:
    """Return the chosen factory while it is still his."""
    chosen = st.session_state.get(_CHOSEN)
    if chosen is None or not page.actor.operator_ids:
        return None
    with reading(page) as session:
        known = {factory_id for factory_id, _name in list_own_factories(session, page.actor)}
    return int(chosen) if chosen in known else None
