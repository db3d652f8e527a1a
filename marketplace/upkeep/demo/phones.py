"""Plays how the demo owner's phones came to be remembered: the one he uses and the one he replaced."""

from __future__ import annotations

from datetime import timedelta

from marketplace.assembly import App
from marketplace.base.access.commands import issue_sign_in_link, use_sign_in_link
from marketplace.base.access.signin import find_device, let_in
from marketplace.base.access.tables import Account
from marketplace.base.clock import FixedClock
from marketplace.base.db import read, write
from marketplace.features.registry.queries import scope_of_operator
from marketplace.upkeep.demo.people import People

# (days ago, what its browser says of itself, the PIN he set)
_PHONES = (
    (
        120,
        "Mozilla/5.0 (Linux; Android 11; 演示机) AppleWebKit/537.36 MicroMessenger/8.0",
        "280519",
    ),
    (
        3,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0",
        "306172",
    ),
)


def play(app: App, people: People) -> None:
    """Have the officer hand the owner a link for each phone, and the owner set its PIN."""
    now = app.clock.now()
    for days, kind, pin in _PHONES:
        then = FixedClock(now - timedelta(days=days))
        token = write(
            app.store,
            lambda s, then=then: issue_sign_in_link(  # type: ignore[misc]
                s, clock=then, actor=people.officer, account_id=people.owner_account,
                scope_of=scope_of_operator,
            ),
        )  # fmt: skip
        device = write(
            app.store,
            lambda s, then=then, token=token, pin=pin: use_sign_in_link(  # type: ignore[misc]
                s, clock=then, token=token, pin=pin
            ),
        )
        with read(app.store) as session:
            phone = find_device(session, then, device)
            account = session.get(Account, people.owner_account)
        if phone is not None and account is not None:  # the PIN is the one just set
            let_in(app.store, clock=then, device=phone, account=account, user_agent=kind)
