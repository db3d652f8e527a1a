"""What desk pages have in common: a title beside its actions, one style sheet, dialogs that stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from marketplace.faces.ui import kit
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here

T = TypeVar("T")
_OPEN = "z_open"
_INSIDE: ContextVar[int | None] = ContextVar("inside_a_dialog", default=None)
_SHEET = Path(__file__).with_name("office.css")


@dataclass(slots=True)
class Open:
    """Which dialog is open in one session, and on which page.

    Changed in place: whatever is written to `st.session_state` first lets a later message stop
    the run, and a press that stood just before another message would be forgotten. And each
    opening has a number: what closes a dialog, often late, closes only the one it belongs to.
    """

    where: tuple[str, str] = ("", "")  # the page that is shown: its title, what it is about
    name: str = ""
    asked_at: tuple[str, str] = ("", "")
    number: int = 0
    seen: Any = None

    def ask(self, name: str) -> None:
        """Open a dialog on the page that is shown."""
        self.name, self.asked_at, self.seen = name, self.where, None
        self.number += 1

    def close(self, number: int) -> None:
        """Close the dialog of this number; one that was opened since stays."""
        if number == self.number:
            self.name, self.seen = "", None


def opened() -> Open:
    """Return what is open in this session."""
    found: Open = st.session_state.setdefault(_OPEN, Open())
    return found


def head(title: str, question: str, *, mark: str = "") -> DeltaGenerator:
    """Show a page's title and its one line; return the place for its actions, at the right.

    `mark` is badge markup beside the title.
    """
    kit.style(_SHEET)
    kit.name_tab(title)
    opened().where = (title, st.query_params.get("id", ""))
    with st.container(key="z_head", horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", key="z_head_text"):
            kit.markup(
                f'<div class="z-head"><h1 class="z-h1">{escape(title)}</h1>{mark}</div>'
                f'<p class="muted">{kit.told(question)}</p>'
            )
        return st.container(
            key="z_head_do", horizontal=True, horizontal_alignment="right", width="content"
        )


def ask(name: str) -> None:
    """Remember that a dialog is open here; it is opened again at every run until it is closed."""
    opened().ask(name)


def asked() -> str:
    """Return the name of the dialog that is open on this page, or nothing.

    One left open on another page, or in another factory's dossier, is not open here: what is
    typed must never land on a firm it was not meant for.
    """
    now = opened()
    return now.name if now.asked_at == now.where else ""


def is_asked(name: str) -> bool:
    """Tell whether a dialog is open on this page."""
    return asked() == name


def close() -> None:
    """Forget the dialog whose body this is called in."""
    now, inside = opened(), _INSIDE.get()
    now.close(now.number if inside is None else inside)


def as_opened(now: Mapping[str, T]) -> Mapping[str, T]:
    """Return what stood there when the open dialog was opened; at its first run that is `now`."""
    found = opened()
    if found.seen is None:
        found.seen = now
    seen: Mapping[str, T] = found.seen
    return seen


def shown_anew(now: Mapping[str, T]) -> None:
    """Take `now` for what stood there, once whoever writes was told of it."""
    opened().seen = now


def dialog(page: Here, title: str, body: Callable[[], None], *, wide: bool = False) -> None:
    """Open a dialog now; `title` is a sentence, `body` its content.

    A body ends with `finish` once its command stood, so that the page behind shows the outcome.
    What is asked for inside an open dialog, such as a deed of a hold read in a dossier, stands in
    that one under its own head: there is never a dialog over a dialog.
    """
    del page
    if _INSIDE.get() is not None:
        kit.section(title)
        body()
        return
    now = opened()
    number = now.number

    def content() -> None:
        inside = _INSIDE.set(number)
        try:
            body()
        finally:
            _INSIDE.reset(inside)

    width: Literal["medium", "small"] = "medium" if wide else "small"
    st.dialog(title, width=width, on_dismiss=partial(now.close, number))(content)()


def finish() -> None:
    """Close the open dialog and show the page anew."""
    close()
    st.rerun()


def open_button(
    label: str, name: str, *, kind: str = "secondary", icon: str | None = None
) -> None:
    """Show a button that opens a dialog."""
    st.button(
        label,
        key=f"ask_{name}",
        icon=icon,
        type="primary" if kind == "primary" else "secondary",
        on_click=opened().ask,
        args=(name,),
    )


def menu(label: str, entries: Mapping[str, str], *, key: str) -> None:
    """Show a menu of dialogs: name → label. It closes by itself, unlike a popover."""
    chosen = st.menu_button(
        label, list(entries), format_func=lambda n: plain(entries[n]), key=key
    )
    if chosen is not None:
        ask(chosen)


def empty(text: str, hint: str) -> None:
    """Show that there is nothing and what can be done about it."""
    kit.markup(f'<div class="z-empty"><b>{escape(text)}</b><p>{escape(hint)}</p></div>')


def muted(text: str) -> None:
    """Show a quiet line as it is; unlike a caption it never reads what people typed as markup."""
    kit.markup(f'<p class="muted" style="font-size:.87rem">{escape(text)}</p>')


def said(text: str) -> None:
    """Show what somebody wrote, with its line breaks and nothing else of it as markup."""
    kit.markup(f'<p style="white-space:pre-line">{escape(text)}</p>')
