"""Opens the database: SQLite by default, PostgreSQL by URL; writes and reads on own engines.

Facts behind the settings are in docs/decisions/0002-data-layer.md.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from marketplace.base.db.place import Place
from marketplace.base.db.turns import Turns
from marketplace.base.keys import KeyRing
from marketplace.base.private import make_folder

BUSY_TIMEOUT_MS = 15_000
_SAFE_WAL = (3, 51, 3)  # below it, a WAL reset can corrupt the file

Handler = Callable[[Session, Any], None]


@dataclass(slots=True)
class Store:
    """One open database with what a unit of work needs around it.

    `handlers` maps an event type to what must happen in the same transaction, in order; the
    composition root fills it. `ports` are the doors to the world outside, by name. `trying` is
    for trials only: see `trial`. `turns` is the queue of SQLite's writers, `place` its file;
    PostgreSQL keeps its own.
    """

    writing: sa.Engine
    reading: sa.Engine
    housekeeping: sa.Engine
    trying: sa.Engine
    keys: KeyRing
    handlers: Mapping[type, Sequence[Handler]] = field(default_factory=dict)
    ports: Mapping[str, object] = field(default_factory=dict)
    turns: Turns | None = None
    place: Place | None = None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.writing.dialect.name

    def turn(self) -> AbstractContextManager[None]:
        """Wait for the turn to write and keep it; at once where nobody has to queue."""
        return self.turns.turn() if self.turns else nullcontext()

    def require_place(self, connection: sa.Connection | None = None) -> None:
        """Make sure that what a connection writes is kept where it will be looked for.

        Raises:
            Unavailable: when the database file was moved, removed or replaced meanwhile.
        """
        if self.place is not None:
            self.place.require({} if connection is None else connection.info)

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in {self.writing, self.reading, self.housekeeping, self.trying}:
            engine.dispose()


def open_store(*, keys: KeyRing, path: Path | None = None, url: str | None = None) -> Store:
    """Return a Store on a PostgreSQL `url`, else on the SQLite file at `path`.

    Raises:
        ValueError: when neither is given.
    """
    if url:
        return _open_postgresql(url, keys)
    if path is None:
        msg = "a path or a URL"
        raise ValueError(msg)
    make_folder(path.parent)
    place = Place(path)
    return Store(
        writing=_sqlite_engine(path, place, begin="BEGIN IMMEDIATE"),
        reading=_sqlite_engine(path, place, begin="BEGIN", read_only=True),
        housekeeping=_sqlite_engine(path, place, begin="BEGIN IMMEDIATE"),
        trying=_sqlite_trying(path),
        keys=keys,
        turns=Turns(path, BUSY_TIMEOUT_MS / 1000),
        place=place,
    )


@contextmanager
def synced_later(store: Store) -> Iterator[None]:
    """Let writers go on without waiting until the disk has what they committed; the last one waits.

    For a load of hundreds of small units of work of which nothing is promised before its end. What
    a failing machine takes meanwhile are the last units, never a part of one.
    """
    engines = (store.writing, store.housekeeping)
    hurry = _hurry_postgresql if store.dialect == "postgresql" else _hurry_sqlite
    name = "begin" if store.dialect == "postgresql" else "checkout"
    for engine in engines:
        event.listen(engine, name, hurry)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, name, hurry)
            engine.dispose()  # new connections wait again, and with theirs for all that was written


def _hurry_sqlite(connection: Any, _record: object, _proxy: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _hurry_postgresql(connection: sa.Connection) -> None:
    connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")


def sqlite_module() -> ModuleType:
    """Return the bundled newer SQLite when installed, else the standard module."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    else:
        return pysqlite3  # type: ignore[no-any-return]


def _sqlite_engine(
    path: Path, place: Place, *, begin: str, read_only: bool = False
) -> sa.Engine:
    module = sqlite_module()
    wal = tuple(module.sqlite_version_info) >= _SAFE_WAL
    if not wal:
        warnings.warn(
            f"SQLite {module.sqlite_version} has the WAL-reset fault; using DELETE mode",
            RuntimeWarning,
            stacklevel=2,
        )

    def connect() -> Any:
        place.prepare()  # SQLite would make an empty database where the file is gone
        return module.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=15
        )

    engine = sa.create_engine(
        f"sqlite:///{path}", module=module, creator=connect, pool_size=20, max_overflow=40
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # opens the log
        cursor.close()
        place.note(record.info)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "checkout")
    def _guard(connection: Any, _record: object, _proxy: object) -> None:
        if connection.in_transaction:
            connection.rollback()

    return engine


def _sqlite_trying(path: Path) -> sa.Engine:
    """Return an engine whose connections can write nothing but temporary tables of their own.

    Foreign keys are off: SQLite looks for the parent of a temporary table among such tables only.
    """
    module = sqlite_module()

    def connect() -> Any:
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = module.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=15
        )
        connection.execute("PRAGMA temp_store=FILE")
        connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    engine = sa.create_engine(
        "sqlite://", module=module, creator=connect, poolclass=sa.NullPool
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _open_postgresql(url: str, keys: KeyRing) -> Store:
    target = sa.make_url(url).set(drivername="postgresql+psycopg")
    common: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
    writing = sa.create_engine(target, isolation_level="SERIALIZABLE", **common)
    reading = sa.create_engine(
        target,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        **common,
    )
    housekeeping = sa.create_engine(target, isolation_level="READ COMMITTED", **common)
    trying = sa.create_engine(target, isolation_level="REPEATABLE READ", poolclass=sa.NullPool)
    return Store(
        writing=writing, reading=reading, housekeeping=housekeeping, trying=trying, keys=keys
    )
