"""Kept forms as the office uses them: several things chosen at once, several ways to decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from sqlmodel import Session

from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office.doing import stood


class DeskForm(KeptForm):
    """A form whose words outlive a refusal, a reload and a lost line until its deed is done.

    Its name carries the number of what it is about: words meant for one case never show in
    another.
    """

    def many(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        words: Callable[[str], str],
        *,
        value: Sequence[str] = (),
        **look: Any,
    ) -> list[str]:
        """Show options of which any number may be taken; return their keys in order of taking."""

        def start(kept: object) -> list[str]:
            return json.loads(kept) if isinstance(kept, str) else list(value)

        key = self._seed(name, start)
        known = [one for one in st.session_state[key] if one in options]
        if known != st.session_state[key]:  # what can be chosen may have changed
            st.session_state[key] = known
        taken = st.multiselect(
            label, options, format_func=words, **self._wiring(name, key), **look
        )
        self.values[name] = json.dumps(taken, ensure_ascii=False)
        return list(taken)

    def did(
        self,
        label: str,
        work: Callable[[Session], object],
        *,
        done: str | None = None,
        first: Callable[[], bool] | None = None,
        primary: bool = True,
    ) -> bool:
        """Show the button; True when its command stood. `done` is a locale key."""
        return (
            self.send(
                label, stood(work), done=done, first=first, primary=primary, stretch=False
            )
            is True
        )

    def did_one(
        self,
        choices: Mapping[str, str],
        work: Callable[[Session, str], object],
        *,
        first: Callable[[str], bool] | None = None,
        done: str | None = None,
    ) -> str | None:
        """Show one button a choice, name → word, the first as the primary one.

        Return the name of the choice that stood; None when it was refused or none was tapped.
        """
        pressed = None
        with st.container(horizontal=True):
            for place, (name, word) in enumerate(choices.items()):
                key = f"send_{self.name}_{name}_{self.token[:12]}"
                if st.button(word, key=key, type="secondary" if place else "primary"):
                    pressed = name
        if pressed is None or (first is not None and not first(pressed)):
            return None
        chosen = pressed

        def whole(session: Session) -> str:
            work(session, chosen)
            return chosen

        return self._sent(whole, {**self.values, "chosen": chosen}, done)
