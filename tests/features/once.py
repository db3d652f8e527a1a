"""Worlds that are built once and copied into the store of every test that asks for them.

Building a firm in order takes some thirty units of work; copying its rows takes a few thousandths
of a second. What a test gets is as if it had been built for it: the rows, the counters, the files,
the hour, and who everybody is.
"""

from __future__ import annotations

import functools
import inspect
import io
import pickle
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from marketplace.base.access import Actor
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.db import Store, read
from marketplace.base.db.engines import sqlite_module
from tests.features.conftest import World, rules_as_served
from tests.postgres import COUNTED, WRITTEN, hand_on

Build = Callable[..., Any]
_NO_ROWS = (
    11 + 4 + 4 + 2
)  # bytes of a binary copy that holds none: signature, flags, header, end


def step(build: Build) -> Build:
    """Make a function of a `World` and plain values be remembered where it follows the same steps.

    The world it left is copied when the same is asked again of a world that came about by the same
    steps from an empty one and by nothing else: no command, no other hour, no other rules.
    """
    kept: dict[tuple[object, ...], _Kept] = {}

    @functools.wraps(build)
    def taken(world: World, **asked: Any) -> Any:
        before = world.story
        if before is None or world.rulebook is not rules_as_served():
            return build(world, **asked)
        store = world.app.store
        engine = store.writing.dialect.name
        with read(store) as session:
            trail = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        here = (engine, before, trail, world.clock.at, *sorted(asked.items()))
        if here in kept:
            return kept[here].copy_into(world)
        built = build(world, **asked)
        world.story = (*before, f"{build.__name__} {sorted(asked.items())}")
        kept[here] = _keep(world, built)
        return built

    return taken


def built_once(build: Build) -> Build:
    """Make a fixture of a `World` alone build for the first test of an engine, copy for the rest.

    What it returns may hold the world, its clock, rules and application, but no function that
    closes over them: such a one cannot be copied and is refused.
    """
    if [*inspect.signature(build).parameters] != ["world"]:
        msg = f"{build.__qualname__}: only what is built from an empty world can be copied"
        raise TypeError(msg)
    kept: dict[str, _Kept] = {}

    @functools.wraps(build)
    def fixture(world: World) -> Any:
        engine = world.app.store.writing.dialect.name
        if engine in kept:
            return kept[engine].copy_into(world)
        rulebook = world.rulebook
        built = build(world)
        assert world.rulebook is rulebook, "a world under other rules is not the next test's"
        world.story = world.story or (f"{build.__module__}.{build.__qualname__}",)
        kept[engine] = _keep(world, built)
        return built

    return fixture


@dataclass(frozen=True, slots=True)
class _Kept:
    """One world: its rows, its files, and what stood in memory."""

    rows: _SqliteRows | _PostgresRows
    files: Path | None
    memory: bytes

    def copy_into(self, world: World) -> Any:
        self.rows.copy_into(world.app.store, emptied=bool(world.story))
        if self.files is not None:
            shutil.copytree(self.files, world.app.house.data_dir, dirs_exist_ok=True)
        at, world.story, people, built = _Reading(self.memory, world).load()
        world.clock.at = at
        for name, actor in people.items():
            setattr(world, name, actor)
        return built


@functools.cache
def _files_of_worlds() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="worlds")


def forget_files() -> None:
    """Remove the files of all worlds, once nobody asks for one any more.

    The workers of a run spread over several end without what is kept for the end of a process.
    """
    if _files_of_worlds.cache_info().currsize:
        _files_of_worlds().cleanup()


def _keep(world: World, built: object) -> _Kept:
    store = world.app.store
    people = {
        one.name: value
        for one in fields(world)
        if isinstance(value := getattr(world, one.name), Actor)
    }
    memory = _Writing(world)
    memory.dump((world.clock.at, world.story, people, built))
    files = None
    if world.app.house.data_dir.exists():
        files = Path(tempfile.mkdtemp(dir=_files_of_worlds().name))
        shutil.copytree(world.app.house.data_dir, files, dirs_exist_ok=True)
    rows = _PostgresRows if store.writing.dialect.name == "postgresql" else _SqliteRows
    return _Kept(rows.of(store), files, memory.into.getvalue())


class _SqliteRows:
    """The whole database as one image."""

    def __init__(self, image: Any) -> None:
        self._image = image

    @classmethod
    def of(cls, store: Store) -> _SqliteRows:
        image = sqlite_module().connect(":memory:", check_same_thread=False)
        with closing(_open_sqlite(store)) as source:
            source.backup(image)
        return cls(image)

    def copy_into(self, store: Store, *, emptied: bool) -> None:
        with closing(_open_sqlite(store)) as target:
            self._image.backup(target)


class _PostgresRows:
    """The rows of every table that has some, and how far every counter has come."""

    def __init__(self, tables: dict[str, bytes], counters: dict[str, int]) -> None:
        self._tables, self._counters = tables, counters

    @classmethod
    def of(cls, store: Store) -> _PostgresRows:
        hand, tables = _hand_on(store), {}
        for name, _ in hand.execute(WRITTEN).fetchall():
            with hand.cursor().copy(_copying(name, "TO STDOUT")) as copied:
                content = b"".join(bytes(part) for part in copied)
            if len(content) > _NO_ROWS:  # written by an earlier test and emptied
                tables[name] = content
        return cls(tables, dict(hand.execute(COUNTED).fetchall()))

    def copy_into(self, store: Store, *, emptied: bool) -> None:
        hand = _hand_on(store)
        with hand.transaction():
            for name, _ in hand.execute(WRITTEN).fetchall() if emptied else ():
                hand.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for name, content in self._tables.items():
                with hand.cursor().copy(_copying(name, "FROM STDIN")) as copying:
                    copying.write(content)
            hand.execute(
                "SELECT setval(name::regclass, at)"
                " FROM unnest(%s::text[], %s::bigint[]) AS counter(name, at)",
                (list(self._counters), list(self._counters.values())),
            )


def _copying(table: str, where: str) -> sql.Composed:
    return sql.SQL("COPY {} " + where + " (FORMAT binary)").format(sql.Identifier(table))


def _open_sqlite(store: Store) -> Any:
    connection = sqlite_module().connect(store.writing.url.database)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def _hand_on(store: Store) -> psycopg.Connection:
    url: sa.URL = store.writing.url.set(drivername="postgresql")
    return hand_on(url.render_as_string())


_NAMES: dict[str, Callable[[World], object]] = {
    "world": lambda world: world,
    "app": lambda world: world.app,
    "house": lambda world: world.app.house,
    "store": lambda world: world.app.store,
    "clock": lambda world: world.clock,
    "rulebook": lambda world: world.rulebook,
}


class _Writing(pickle.Pickler):
    """Writes what a fixture returned, with names for what belongs to the test's own world."""

    def __init__(self, world: World) -> None:
        self.into = io.BytesIO()
        self._world = {id(find(world)): name for name, find in _NAMES.items()}
        super().__init__(self.into)

    def persistent_id(self, obj: object) -> str | None:
        return self._world.get(id(obj))


class _Reading(pickle.Unpickler):
    """Reads it back into another world."""

    def __init__(self, memory: bytes, world: World) -> None:
        self._world = world
        super().__init__(io.BytesIO(memory))

    def persistent_load(self, pid: str) -> object:
        return _NAMES[pid](self._world)
