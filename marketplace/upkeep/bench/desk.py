"""Lets somebody in who opens pages for the bench."""

from __future__ import annotations

from marketplace.assembly import App
from marketplace.base.access import Actor, Role
from marketplace.base.access.commands import create_account
from marketplace.base.access.sessions import open_session
from marketplace.base.db import write


def sign_in_officer(app: App) -> str:
    """Make an officer of the program and return the token of his session."""
    clock, program = app.clock, app.rulebook().program.key
    admin = Actor(0, "bench", "bench", Role.ADMIN)
    account_id = write(
        app.store,
        lambda s: create_account(
            s, clock=clock, actor=admin, login="bench", name="bench", role=Role.OFFICER,
            programs=[(program, None)],
        ),
    )  # fmt: skip
    return open_session(
        app.store, clock=clock, account_id=account_id, owner=False, user_agent="bench"
    )
