"""Forms that lose nothing and act once: each field is kept on the server as it is left.

Fields stand outside `st.form`: a form keeps what is typed in the browser only, and a reload or a
lost line would lose it. The repeat token lives in the draft beside the fields, so that sending
again from a reloaded page or a second device brings back the first result. What is typed and not
yet left is mirrored in the browser by `static/keep.js` until the server has it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from sqlmodel import Session

from marketplace.base.db import housekeeping_write
from marketplace.base.db.idempotency import once
from marketplace.base.errors import MarketplaceError, Refused
from marketplace.desk.drafts import DraftValue, drop_draft, find_draft, keep_draft
from marketplace.faces.ui.days import FIRST, LAST, Faults, beyond
from marketplace.faces.ui.held import held_markup
from marketplace.faces.ui.kit import say_faults
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, here, reading, run

T = TypeVar("T", int, str, bool, dict[str, Any])

TOKEN = "_token"  # noqa: S105 - the name of a field of the draft, not a secret
_EARLIEST = date(1980, 1, 1)


class KeptForm:
    """One form of one person: its fields, what was begun in it, and the button that sends it."""

    def __init__(self, page: Here, name: str) -> None:
        """Open a form; `name` says which form of which thing, like `report_17`."""
        self.page = page
        self.name = name
        self.values: dict[str, DraftValue] = {}
        self.faults: Faults = {}  # of fields, said beside them; nothing is sent with one
        self._has_told = False
        # Read anew at every run: it may have been sent, or gone on with, on another device.
        with reading(page) as session:
            self.begun = find_draft(session, page.actor, form=name)

    @property
    def is_begun(self) -> bool:
        """Whether anything was typed or chosen and not sent."""
        return any(v not in {None, "", "[]"} for k, v in self.begun.items() if k != TOKEN)

    def keep(self, values: Mapping[str, DraftValue]) -> None:
        """Keep some fields on the server now, with the token they will be sent under."""
        page, kept = self.page, {TOKEN: self.token, **values}
        with housekeeping_write(page.app.store) as session:
            keep_draft(
                session, clock=page.app.clock, actor=page.actor, form=self.name, values=kept
            )
        self.begun.update(kept)

    def forget(self) -> None:
        """Forget what was begun, with all that the fields show."""
        with housekeeping_write(self.page.app.store) as session:
            drop_draft(session, actor=self.page.actor, form=self.name)
        self._clear()

    def put(self, name: str, value: DraftValue) -> None:
        """Put a value into a field that is not drawn yet in this run, and keep it."""
        st.session_state[self._key(name)] = value
        self.keep({name: value})

    def begun_note(self, after: Callable[[], None] | None = None) -> None:
        """Say that begun words are still here, with the way to begin anew.

        Its place is there from the start: were it made when the first field is left, everything
        below would move, the browser would build it anew and lose what is typed in the second.
        """
        with st.container(key=f"begun_note_{self.name}"):
            if not self.is_begun:
                return
            st.caption(self.page.t("own.draft_kept"))
            if st.button(
                self.page.t("own.draft_drop"), key=f"drop_{self.name}", type="tertiary"
            ):
                self.forget()
                if after is not None:
                    after()
                st.rerun()

    def text(
        self,
        name: str,
        label: str,
        *,
        value: str = "",
        tall: bool = False,
        height: int = 132,
        longest: int | None = 300,
        placeholder: str | None = None,
        hint: str | None = None,
    ) -> str:
        """Show a text field; return what it holds.

        What is pasted as a list has no `longest`: a browser cuts off what is beyond, and no line
        of it may be lost in silence.
        """
        self._tell_held()
        key = self._seed(name, lambda kept: str((value if kept is _NONE else kept) or ""))
        more: dict[str, Any] = {
            "key": key, "max_chars": longest, "placeholder": placeholder, "help": hint,
            "on_change": _left, "args": (self.name, name, key),
        }  # fmt: skip
        text = (
            st.text_area(label, height=height, **more) if tall else st.text_input(label, **more)
        )
        self.values[name] = text
        return str(text)

    def number(
        self, name: str, label: str, *, value: int | None = None, step: int = 1, **bounds: Any
    ) -> int | None:
        """Show a whole-number field; None when it is empty."""
        self._tell_held()
        key = self._seed(
            name,
            lambda kept: value if kept is _NONE else kept if isinstance(kept, int) else None,
        )
        number = st.number_input(
            label, value=None, step=step, key=key, on_change=_left,
            args=(self.name, name, key), **{"min_value": 0, **bounds},
        )  # fmt: skip
        self.values[name] = None if number is None else int(number)
        return None if number is None else int(number)

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        words: Callable[[str], str],
        *,
        value: str | None = None,
        radio: bool = False,
        **look: Any,
    ) -> str | None:
        """Show options by their keys; return the key of the one taken."""

        def seed(kept: object) -> str | None:
            wanted = value if kept is _NONE else kept
            return str(wanted) if wanted in options else None

        key = self._seed(name, seed)
        if st.session_state[key] not in options:  # what can be chosen may have changed
            st.session_state[key] = None
        look |= {"index": None, "key": key, "on_change": _left, "args": (self.name, name, key)}
        if radio:
            taken = st.radio(label, options, format_func=lambda v: plain(words(v)), **look)
        else:
            taken = st.selectbox(label, options, format_func=words, **look)
        self.values[name] = taken
        return None if taken is None else str(taken)

    def day(
        self,
        name: str,
        label: str,
        *,
        value: date | None = None,
        earliest: date = _EARLIEST,
        latest: date | None = None,
        hint: str | None = None,
    ) -> date | None:
        """Show a day; None when it is empty. One beyond its bounds is said so and sends nothing."""

        def seed(kept: object) -> date | None:
            if kept is _NONE:
                return value
            try:
                found = date.fromisoformat(str(kept))
            except ValueError:
                return None
            return found if FIRST <= found <= LAST else None

        key = self._seed(name, seed)
        taken = st.date_input(
            label, value=None, min_value=FIRST, max_value=LAST,
            format="YYYY-MM-DD", key=key, help=hint,
            on_change=_left, args=(self.name, name, key),
        )  # fmt: skip
        found = taken if isinstance(taken, date) else None
        self.values[name] = found.isoformat() if found else None
        with st.container(key=f"bounds_{key}"):  # there from the start, like `begun_note`
            if found and (fault := beyond(label, found, earliest, latest)):
                self.faults[name] = fault
                say_faults([fault], self.page.lang)
        return found

    def tick(self, name: str, label: str, *, value: bool = False) -> bool:
        """Show a box to tick."""
        key = self._seed(name, lambda kept: value if kept is _NONE else bool(kept))
        ticked = st.checkbox(label, key=key, on_change=_left, args=(self.name, name, key))
        self.values[name] = ticked
        return bool(ticked)

    def lines(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the lines of a table when they are others than those kept before."""
        text = json.dumps([_plain_row(row) for row in rows], ensure_ascii=False)
        self.values[name] = text
        if text != (self.begun.get(name) or "[]"):
            self.keep({name: text})

    def kept_lines(self, name: str) -> list[dict[str, Any]]:
        """Return the lines of a table as they were kept."""
        rows: list[dict[str, Any]] = json.loads(str(self.begun.get(name) or "[]"))
        return rows

    @property
    def token(self) -> str:
        """The token of this form until it stands."""
        known = self.begun.get(TOKEN)
        key = f"token_{self.name}"
        if known:
            return str(known)
        if key not in st.session_state:
            st.session_state[key] = secrets.token_urlsafe(16)
        return str(st.session_state[key])

    def send(
        self,
        label: str,
        work: Callable[[Session], T],
        *,
        first: Callable[[], bool] | None = None,
        done: str | None = None,
        disabled: bool = False,
        primary: bool = True,
        body: Mapping[str, object] | None = None,
        stretch: bool = True,
    ) -> T | None:
        """Show the button that acts once however often it is tapped; return what work gave.

        The draft goes in the transaction of the command itself. Should the answer be lost on the
        way, the same token brings back the kept result; None when it was refused or not tapped.
        `first` runs before the command holds the database; False ends it there.
        """
        if not st.button(
            label,
            key=f"send_{self.name}_{self.token[:12]}",
            type="primary" if primary else "secondary",
            width="stretch" if stretch else "content",
            disabled=disabled,
        ):
            return None
        if first is not None and not first():
            return None
        return self._sent(work, self.values if body is None else body, done)

    def _sent(
        self, work: Callable[[Session], T], body: Mapping[str, object], done: str | None
    ) -> T | None:
        """Run a command once for the token of this form; its draft goes with it."""
        if self.faults:
            say_faults(self.faults.values(), self.page.lang)
            return None
        token, page = self.token, self.page
        sent = {"of": self.name, **body}

        def whole(session: Session) -> T:
            kept = once(
                session,
                clock=page.app.clock,
                token=token,
                scope=f"{self.name}:{page.actor.account_id}",
                body=sent,
                work=lambda: {"result": work(session)},
            )
            drop_draft(session, actor=page.actor, form=self.name)
            result: T = kept["result"]
            return result

        result = run(page, whole, done=done)
        if result is not None:
            self._clear()
        return result

    def _tell_held(self) -> None:
        """Tell `keep.js` what the server holds, so that it can forget its copy; once a form."""
        if not self._has_told:
            self._has_told = True
            spent = st.session_state.get(f"spent_{self.name}", "")
            st.html(
                held_markup(self.begun, prefix=self._key(""), token=self.token, spent=spent)
            )

    def _seed(self, name: str, start: Callable[[object], Any]) -> str:
        key = self._key(name)
        if key not in st.session_state:
            st.session_state[key] = start(self.begun.get(name, _NONE))
        return key

    def _wiring(self, name: str, key: str) -> dict[str, Any]:
        """What makes a widget keep what is left in it."""
        return {"key": key, "on_change": _left, "args": (self.name, name, key)}

    def _key(self, name: str) -> str:
        # The account is part of it: `keep.js` keeps by this name what is typed and not yet left.
        return f"kept_{self.page.actor.account_id}_{self.name}_{name}"

    def _clear(self) -> None:
        for key in [k for k in st.session_state if str(k).startswith(self._key(""))]:
            del st.session_state[key]
        st.session_state[f"spent_{self.name}"] = self.token
        self.begun = {}
        st.session_state.pop(f"token_{self.name}", None)


_NONE = object()


def _plain(value: object) -> DraftValue:
    """Return what a field holds as a draft keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return value  # type: ignore[return-value]  # a widget of this form holds nothing else


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: v if v is None or isinstance(v, int | str | bool) else str(v)[:10]
        for k, v in row.items()
    }


def _left(form: str, name: str, key: str) -> None:
    page = here()  # who is here may have changed since the field was drawn
    value = st.session_state.get(key)
    try:
        KeptForm(page, form).keep({name: _plain(value)})
    except Refused as error:  # too long to be kept: what stands in the field can still be sent
        st.session_state["toast"] = page.t(f"error.{error.code}", **error.facts)
    except MarketplaceError:
        return  # nobody signed in any more: the page says so itself
