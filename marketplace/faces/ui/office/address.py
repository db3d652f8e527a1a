"""Filters that stand in the address by their code, so that a link means the same in every language."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from marketplace.base.identifiers import LARGEST_ROW_NUMBER
from marketplace.faces.ui.office.look import opened
from marketplace.faces.ui.plainly import plain


def number_asked(name: str) -> int | None:
    """Return the number a part of the address asks for; None where no thing can have it.

    0 is no thing's number: what is out of reach is answered like what was never there.
    """
    text = st.query_params.get(name, "")
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if len(text) < 20 and int(text) <= LARGEST_ROW_NUMBER else 0


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
        label, list(options), format_func=lambda o: plain(options[o]), key=name, required=True,
        label_visibility="collapsed", on_change=_write, args=(name, start),
    )  # fmt: skip
    return str(chosen or start)


def show_place(name: str, value: str) -> None:
    """Write what is open into the address shown.

    A link to the page one is on tells the server, but the browser keeps the old address: copied or
    loaded again, it would open something else.
    """
    st.query_params[name] = value


def beside(**more: str) -> dict[str, str | list[str]]:
    """Return the query of a link within a page: what narrows the list stays for the way back."""
    kept = {n: st.query_params.get_all(n) for n in st.query_params if n != "lang"}
    return {**kept, **more}


def way_back(label: str, *names: str) -> None:
    """Show the way from one thing to its list; `names` are the parts of the address it drops.

    A link to the page one is on would leave the thing in the address shown, and loading the page
    again would open it again.
    """
    st.button(
        label, key="way_back", type="tertiary", icon=":material/chevron_left:",
        on_click=_leave, args=names,
    )  # fmt: skip


def keep_list(name: str) -> None:
    """Remember how a list is narrowed now, for the way back from one of its lines."""
    kept = {n: st.query_params.get_all(n) for n in st.query_params if n != "lang"}
    st.session_state[f"z_list_{name}"] = kept


def opened_from(name: str) -> None:
    """Remember that the page shown now is one thing of a list, for the browser's back button."""
    st.session_state["z_detail"] = (name, opened().where)


def narrow_again(name: str) -> None:
    """Narrow a list as it was left when the browser leads back to it from one of its things.

    Streamlit forgets the query of a page that is gone back to. From anywhere else a list without
    a query is the whole list.
    """
    came_back = st.session_state.get("z_detail") == (name, opened().where)
    # The number of the thing one comes from may still stand there; a list has none.
    if not came_back or any(key not in {"lang", "id"} for key in st.query_params):
        return
    st.query_params.pop("id", None)
    for key, values in kept_list(name).items():
        st.query_params[key] = values


def kept_list(name: str) -> dict[str, list[str]]:
    """Return the query under which a list was left; empty when it was not opened yet."""
    return dict(st.session_state.get(f"z_list_{name}") or {})


def _leave(*names: str) -> None:
    for name in names:
        st.query_params.pop(name, None)


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
