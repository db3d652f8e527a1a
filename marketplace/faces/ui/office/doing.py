"""Commands whose result nobody needs beyond whether they stood."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from marketplace.faces.ui.session import Here, run


def did(page: Here, work: Callable[[Session], object], *, done: str | None = None) -> bool:
    """Run a command; True when it stood, False when its refusal was shown. `done`: locale key."""
    return run(page, stood(work), done=done) is True


def stood(work: Callable[[Session], object]) -> Callable[[Session], bool]:
    """Return a command that says it stood and nothing else; what a kept form sends."""

    def whole(session: Session) -> bool:
        work(session)
        return True

    return whole
