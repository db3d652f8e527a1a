"""What narrows a list: beside it where the width allows, on a phone above it behind one button.

The style sheet shows the button on a phone only, because a page is built before anybody knows how
wide it is seen.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from marketplace.faces.ui.session import Here

_OPEN = "z_fold_open"


def facets(page: Here, *, chosen: int) -> DeltaGenerator:
    """Show the button; return the place for the facets. `chosen` is how many values narrow now."""
    is_open = bool(st.session_state.get(_OPEN))
    told = "filter_shut" if is_open else "filter_chosen" if chosen else "filter"
    with st.container(key="z_fold"):
        st.button(
            page.t(f"officer.list.{told}", count=chosen),
            key="z_fold_do",
            icon=":material/expand_less:" if is_open else ":material/tune:",
            on_click=_turn,
            width="stretch",
        )
    return st.container(key="z_facets_open" if is_open else "z_facets_shut")


def _turn() -> None:
    st.session_state[_OPEN] = not st.session_state.get(_OPEN)
