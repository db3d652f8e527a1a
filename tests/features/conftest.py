"""A small world for feature tests: a store with the real handlers, the program, one person a role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import Session

from marketplace.assembly import App, bind
from marketplace.base.access import Actor, Role
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, read, write
from marketplace.base.house import House
from marketplace.base.rulebook import Rulebook, load_rulebook
from marketplace.base.settings import ROOT, Settings

PROGRAM = "putian-footwear"


@dataclass
class World:
    """Everything a feature test needs."""

    app: App
    clock: FixedClock
    rulebook: Rulebook
    officer: Actor
    deputy: Actor
    reviewer: Actor
    marketer: Actor
    auditor: Actor
    # The steps (`once.step`) that made this world out of an empty one; None once anything else did.
    story: tuple[str, ...] | None = ()

    def owner(self, *operator_ids: int, account_id: int = 50) -> Actor:
        """Return an owner of some operators."""
        return Actor(
            account_id,
            "owner",
            "owner",
            Role.OWNER,
            frozenset({PROGRAM}),
            frozenset(),
            frozenset(operator_ids),
        )

    def do(self, work: Callable[[Session], object]):
        """Run a command in a unit of work."""
        self.story = None
        return write(self.app.store, work)

    def see(self, work: Callable[[Session], object]):
        """Run a query on one state of the database."""
        with read(self.app.store) as session:
            return work(session)


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    """Bind the real handlers to an empty store of each engine."""
    return make_world(store, tmp_path)


def make_world(store: Store, folder: Path) -> World:
    """Bind the real handlers to a store; files are kept in the folder."""
    clock = FixedClock(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    rulebook = rules_as_served()
    house = House(clock=clock, rulebooks={PROGRAM: rulebook}, data_dir=folder / "files")
    bind(store, house)
    app = App(
        store=store, house=house, settings=_settings().model_copy(update={"data_dir": folder})
    )

    def actor(number: int, login: str, role: Role) -> Actor:
        return Actor(number, login, login, role, frozenset({PROGRAM}))

    return World(
        app,
        clock,
        rulebook,
        actor(1, "officer", Role.OFFICER),
        actor(2, "deputy", Role.OFFICER),
        actor(3, "reviewer", Role.REVIEWER),
        actor(4, "marketer", Role.MARKETER),
        actor(5, "auditor", Role.AUDITOR),
    )


@cache
def rules_as_served() -> Rulebook:
    """The program's rules, read once: they are frozen, and reading takes as long as a small test."""
    return load_rulebook(ROOT / "programs" / "putian-footwear.toml")


@cache
def _settings() -> Settings:
    return Settings()
