"""What every page starts with: the app, who is here now, the language; and how commands run.

The session row is read again at every run, so that sign-out, a disabled account and a changed
role act at the next click. It is read once a run: the navigation and the page it opens are one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, Actor, Role, current_actor
from marketplace.base.access.queries import is_demo
from marketplace.base.access.sessions import TOUCH_EVERY, note_at_work
from marketplace.base.db import read, write
from marketplace.base.errors import MarketplaceError, NotAllowed
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.faces.running import the_app
from marketplace.faces.ui.speaking import language

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Here:
    """One run of one page."""

    app: App
    actor: Actor
    lang: Lang
    rulebook: Rulebook
    is_demo: bool = False

    def t(self, key: str, /, **facts: object) -> str:
        """Return a sentence in the language of the page."""
        return say(key, self.lang, **facts)


_present: ContextVar[Here | None] = ContextVar("present", default=None)


@contextmanager
def one_run() -> Iterator[Here]:
    """Give the present run, and let `here` return it until the run is over.

    A callback or a fragment runs outside of it and reads who is here for itself.
    """
    found = _look()
    token = _present.set(found)
    try:
        yield found
    finally:
        _present.reset(token)


def here() -> Here:
    """Return the present run: app, actor, language, program."""
    return _present.get() or _look()


def _look() -> Here:
    app = the_app()
    with read(app.store) as session:
        actor, demo = _who(session, app), is_demo(session)
    _note_at_work(app, actor)
    program = next(iter(sorted(actor.programs)), None)
    rulebook = app.rulebook(program if program in app.house.rulebooks else None)
    return Here(app=app, actor=actor, lang=language(), rulebook=rulebook, is_demo=demo)


def _note_at_work(app: App, actor: Actor) -> None:
    """Keep the session of somebody at work from ending as idle; now and then, not at every run."""
    now = app.clock.now()
    noted = st.session_state.setdefault("noted_at_work", now)
    if actor.session_id is not None and now - noted > TOUCH_EVERY:
        st.session_state["noted_at_work"] = now
        note_at_work(app.store, clock=app.clock, public_id=actor.session_id)


def anew(found: Here) -> Here:
    """Return a run as who is behind it stands now: for what is made after the page was shown.

    Raises:
        NotAllowed: when their session has ended meanwhile.
    """
    if found.actor.session_id is None:
        return found
    with read(found.app.store) as session:
        actor = current_actor(session, found.actor.session_id, found.app.clock)
    if actor is None:
        raise NotAllowed("page_not_yours")
    return replace(found, actor=actor)


def later(found: Here, work: Callable[[Here], bytes]) -> Callable[[], bytes]:
    """Return the making of a file that is begun when somebody takes it, as they stand then."""
    return lambda: work(anew(found))


def page_for(*roles: Role) -> Here:
    """Return the present run for one of these roles; anybody else is refused and the run ends."""
    found = here()
    if found.actor.role not in roles:
        from marketplace.faces.ui.kit import error_box

        error_box(NotAllowed("page_not_yours"), found.lang)
        st.stop()
    return found


def _who(session: Session, app: App) -> Actor:
    """Return who is here now, PUBLIC for nobody."""
    public_id = st.user.get("session") if hasattr(st.user, "get") else None
    found = current_actor(session, str(public_id), app.clock) if public_id else None
    return found or PUBLIC


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
