"""What belongs to the owner who is here."""

from __future__ import annotations

import streamlit as st

from marketplace.base.errors import NotFound
from marketplace.faces.ui.session import Here, reading
from marketplace.features.registry.queries import FactoryProfile, find_own_factory


def own_factory(page: Here) -> FactoryProfile:
    """Return the owner's factory; without one the page ends with what to do."""
    with reading(page) as session:
        found = find_own_factory(session, page.actor)
    if found is None:
        from marketplace.faces.ui import kit

        kit.error_box(NotFound("no_factory_yet"), page.lang)
        st.stop()
    return found
