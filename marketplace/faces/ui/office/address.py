"""Filters that stand in the address by their code, so that a link means the same in every language."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def picked(
    label: str, name: str, options: Mapping[str, str], *, width: int = 200, start: str = ""
) -> str:
    """Show a select box of code → word; return the code. What is not on offer counts as `start`."""
    _take(name, options, start)
    return str(
        st.selectbox(
            label, list(options), format_func=lambda o: options[o], key=name, width=width,
            on_change=_write, args=(name, start),
        )
    )  # fmt: skip


def switched(label: str, name: str, options: Mapping[str, str], *, start: str) -> str:
    """Show the views of a page side by side; return the code of the one that is on."""
    _take(name, options, start)
    chosen = st.segmented_control(
        label, list(options), format_func=lambda o: options[o], key=name, required=True,
        label_visibility="collapsed", on_change=_write, args=(name, start),
    )  # fmt: skip
    return str(chosen or start)


def show_place(name: str, value: str) -> None:
    """Write what is open into the address shown.

    A link to the page one is on tells the server, but the browser keeps the old address: copied or
    loaded again, it would open something else.
    """
    st.query_params[name] = value


def _take(name: str, options: Mapping[str, str], start: str) -> None:
    if st.session_state.get(name) not in options:
        asked = st.query_params.get(name, "")
        st.session_state[name] = asked if asked in options else (start or next(iter(options)))


def _write(name: str, start: str) -> None:
    value = st.session_state.get(name)
    if value and value != start:
        st.query_params[name] = str(value)
    else:
        st.query_params.pop(name, None)
