"""Runs a command whose result nobody needs beyond whether it stood."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from marketplace.faces.ui.session import Here, run


def did(page: Here, work: Callable[[Session], object], *, done: str | None = None) -> bool:
    """Run a command; True when it stood, False when its refusal was shown. `done`: locale key."""

    def whole(session: Session) -> bool:
        work(session)
        return True

    return run(page, whole, done=done) is True
