"""A store that holds the audit tables only, and a chain to tamper with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path

import psycopg
import pytest

from marketplace.base import audit
from marketplace.base.audit import ddl, tables
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, metadata, open_store, write
from marketplace.base.keys import KeyRing, load_or_make_keys
from tests.postgres import Server

AUDIT_TABLES = [
    metadata.tables[table.__tablename__]
    for table in (
        tables.AuditEntry,
        tables.AuditHead,
        tables.PersonKey,
        tables.AuditDetail,
        tables.AuditAnchor,
    )
]


class Role(StrEnum):
    OFFICER = "officer"


@dataclass(frozen=True)
class Doer:
    account_id: int | None = 7
    login: str = "chen"
    role: Role = Role.OFFICER


@dataclass
class Trail:
    """A store with its files, as an installation has them."""

    store: Store
    folder: Path
    clock: FixedClock
    url: str | None = None

    @property
    def db(self) -> Path:
        return self.folder / "market.db"

    @property
    def key(self) -> Path:
        return self.folder / "keys" / "keys.json"

    @property
    def anchors(self) -> Path:
        return self.folder / "elsewhere" / "anchors.jsonl"

    def append(self, times: int = 1, **given: object) -> None:
        """Leave `times` entries, each in a unit of work of its own."""
        for _ in range(times):
            self.clock.advance(seconds=1)
            facts = {"action": "registry.admit_factory", "subject": "factory:12", **given}
            write(
                self.store,
                lambda session, f=facts: audit.record(
                    session, clock=self.clock, actor=Doer(), **f
                ),
            )

    def anchor(self) -> audit.Anchor:
        return audit.make_anchor(self.store, clock=self.clock, path=self.anchors)


@pytest.fixture
def engine() -> str:
    """The engine of the `trail`; a module that runs on both overrides this."""
    return "sqlite"


def make_store(keys: KeyRing, **place: object) -> Store:
    store = open_store(keys=keys, **place)
    with store.writing.begin() as connection:
        metadata.create_all(connection, tables=AUDIT_TABLES)
        ddl.install(connection)
    return store


_numbers = count(1)


def make_database(server: Server) -> str:
    """Make an empty PostgreSQL database and return its URL."""
    name = f"audit_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


@pytest.fixture
def trail(
    tmp_path: Path, clock: FixedClock, engine: str, request: pytest.FixtureRequest
) -> Iterator[Trail]:
    keys = load_or_make_keys(tmp_path / "keys")
    url = None
    if engine == "sqlite":
        store = make_store(keys, path=tmp_path / "market.db")
    else:
        url = make_database(request.getfixturevalue("postgres_server"))
        store = make_store(keys, url=url)
    yield Trail(store, tmp_path, clock, url)
    store.dispose()


@pytest.fixture
def store(trail: Trail) -> Store:
    return trail.store


@pytest.fixture
def audit_key(trail: Trail) -> bytes:
    return bytes.fromhex(json.loads(trail.key.read_text("utf-8"))["audit"])


@pytest.fixture
def long_chain(trail: Trail) -> Trail:
    """30 entries; numbers 5, 10, ..., 30 carry personal values; anchors at 10, 20 and 30."""
    for number in range(1, 31):
        personal: dict[str, object] = {}
        if number % 5 == 0:
            phone = f"139000000{number:02d}"
            personal = {"personal": {"phone": [None, phone]}, "person": f"operator:{number}"}
        trail.append(subject=f"factory:{number}", after={"number": number}, **personal)
        if number % 10 == 0:
            trail.anchor()
    return trail
