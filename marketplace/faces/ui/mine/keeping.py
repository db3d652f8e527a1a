"""Forms that lose nothing: each field is kept on the server as it is left, sending acts once.

Fields stand outside `st.form`: a form keeps what is typed in the browser only, and a reload or a
lost line would lose it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st
from sqlmodel import Session

from marketplace.base.db import housekeeping_write
from marketplace.base.db.idempotency import once
from marketplace.base.errors import MarketplaceError
from marketplace.desk.drafts import DraftValue, drop_draft, find_draft, keep_draft
from marketplace.faces.ui.session import Here, form_token, here, reading, run

T = TypeVar("T", int, str, bool)


def begun(page: Here, form: str) -> dict[str, DraftValue]:
    """Return what was begun in a form; read from the server once a session."""
    key = f"begun_{form}"
    if key not in st.session_state:
        with reading(page) as session:
            st.session_state[key] = find_draft(session, page.actor, form=form)
    found: dict[str, DraftValue] = st.session_state[key]
    return found


def keep(page: Here, form: str, values: Mapping[str, DraftValue]) -> None:
    """Keep some fields of a form on the server now."""
    with housekeeping_write(page.app.store) as session:
        keep_draft(session, clock=page.app.clock, actor=page.actor, form=form, values=values)
    begun(page, form).update(values)


def forget(page: Here, form: str) -> None:
    """Forget a form that was sent, with all that its fields show."""
    with housekeeping_write(page.app.store) as session:
        drop_draft(session, actor=page.actor, form=form)
    for key in [k for k in st.session_state if str(k).startswith(f"kept_{form}_")]:
        del st.session_state[key]
    st.session_state.pop(f"begun_{form}", None)


def kept_text(
    page: Here,
    form: str,
    name: str,
    label: str,
    *,
    value: str = "",
    tall: bool = False,
    longest: int = 300,
    placeholder: str | None = None,
) -> str:
    """Show a text field that is kept when it is left; return what it holds."""
    key = f"kept_{form}_{name}"
    if key not in st.session_state:
        st.session_state[key] = str(begun(page, form).get(name, value) or "")
    if tall:
        text = st.text_area(
            label, key=key, max_chars=longest, placeholder=placeholder, height=132,
            on_change=_left, args=(form, name, key),
        )  # fmt: skip
    else:
        text = st.text_input(
            label, key=key, max_chars=longest, placeholder=placeholder,
            on_change=_left, args=(form, name, key),
        )  # fmt: skip
    return text


def kept_number(
    page: Here, form: str, name: str, label: str, *, value: int | None = None
) -> int | None:
    """Show a whole-number field that is kept when it is left; None when it is empty."""
    key = f"kept_{form}_{name}"
    if key not in st.session_state:
        given = begun(page, form).get(name, value)
        st.session_state[key] = given if isinstance(given, int) else None
    number = st.number_input(
        label, min_value=0, value=None, step=1, key=key, on_change=_left, args=(form, name, key)
    )
    return None if number is None else int(number)


def send_once(
    page: Here,
    name: str,
    label: str,
    work: Callable[[Session], T],
    *,
    body: Mapping[str, object],
    done: str | None = None,
    disabled: bool = False,
    primary: bool = True,
) -> T | None:
    """Show a button that acts once however often it is tapped; return what its command gave.

    The button's key changes once the command stood, so that a second tap finds no button; should
    the first answer be lost on the way, the same token brings back the kept result.
    """
    token = form_token(name)
    if not st.button(
        label,
        key=f"send_{name}_{token[:12]}",
        type="primary" if primary else "secondary",
        width="stretch",
        disabled=disabled,
    ):
        return None

    def whole(session: Session) -> T:
        kept = once(
            session,
            clock=page.app.clock,
            token=token,
            scope=f"{name}:{page.actor.account_id}",
            body=body,
            work=lambda: {"result": work(session)},
        )
        result: T = kept["result"]
        return result

    result = run(page, whole, done=done)
    if result is not None:
        st.session_state.pop(f"token_{name}", None)
    return result


def _left(form: str, name: str, key: str) -> None:
    page = here()  # who is here may have changed since the field was drawn
    try:
        keep(page, form, {name: st.session_state.get(key)})
    except MarketplaceError:
        return  # nobody signed in any more, or too long: the page says so itself
