"""What every page starts with: the app, who is here now, the language; and how commands run.

The session row is read again at every run, so that sign-out, a disabled account and a changed
role act at the next click.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, Actor, Role, current_actor
from marketplace.base.db import read, write
from marketplace.base.errors import MarketplaceError, NotAllowed
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.faces.running import the_app

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Here:
    """One run of one page."""

    app: App
    actor: Actor
    lang: Lang
    rulebook: Rulebook

    def t(self, key: str, **facts: object) -> str:
        """Return a sentence in the language of the page."""
        return say(key, self.lang, **facts)


def here() -> Here:
    """Return the present run: app, actor, language, program."""
    app = the_app()
    actor = who(app)
    program = next(iter(sorted(actor.programs)), None)
    rulebook = app.rulebook(program if program in app.house.rulebooks else None)
    return Here(app=app, actor=actor, lang=language(), rulebook=rulebook)


def page_for(*roles: Role) -> Here:
    """Return the present run for one of these roles; anybody else is refused and the run ends."""
    found = here()
    if found.actor.role not in roles:
        from marketplace.faces.ui.kit import error_box

        error_box(NotAllowed("page_not_yours"), found.lang)
        st.stop()
    return found


def who(app: App) -> Actor:
    """Return who is here now, PUBLIC for nobody."""
    public_id = st.user.get("session") if hasattr(st.user, "get") else None
    if not public_id:
        return PUBLIC
    with read(app.store) as session:
        return current_actor(session, str(public_id), app.clock) or PUBLIC


def language() -> Lang:
    """Return the language of this browser: the query, then the cookie, then Chinese."""
    asked = st.query_params.get("lang") or st.context.cookies.get("lang")
    return "en" if asked == "en" else "zh"


@contextmanager
def reading(found: Here) -> Iterator[Session]:
    """Give a read session on one state of the database."""
    with read(found.app.store) as session:
        yield session


def run(found: Here, work: Callable[[Session], T], *, done: str | None = None) -> T | None:
    """Run a command; show what it refused where the reader is, or say what was done.

    Returns None when it was refused. `done` is a locale key.
    """
    from marketplace.faces.ui.kit import error_box

    try:
        result = write(found.app.store, work)
    except MarketplaceError as error:
        error_box(error, found.lang)
        return None
    if done:
        st.session_state["toast"] = found.t(done)
    return result


def say_done() -> None:
    """Show the confirmation left by the run before."""
    if text := st.session_state.pop("toast", None):
        st.toast(text)


def form_token(name: str) -> str:
    """Return a token that stays the same until the form was sent; for idempotent commands."""
    key = f"token_{name}"
    if key not in st.session_state:
        st.session_state[key] = secrets.token_urlsafe(16)
    return str(st.session_state[key])
