"""Units of work: the only place that commits.

A command announces events; their handlers run before the commit, in the same transaction, and
a failing handler rolls everything back. A unit that wrote a domain row but left no audit entry
is refused: a silent write is a fault of the program.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from marketplace.base.db.engines import Store
from marketplace.base.db.fitting import require_fitting
from marketplace.base.errors import Conflict

T = TypeVar("T")

_ATTEMPTS = 12
_RETRYABLE_SQLSTATES = {"40001", "40P01"}
_MAX_ROUNDS = 50  # of handlers announcing events; more is a loop


class SilentWriteError(RuntimeError):
    """A unit of work changed rows without leaving an audit entry."""


class MarketplaceSession(Session):
    """A session that knows its Store and keeps what is due before the commit."""


@contextmanager
def unit_of_work(store: Store) -> Iterator[Session]:
    """Give a session whose changes are committed whole at the end, or not at all.

    Prefer `write`, which also repeats a unit that lost a race.

    Raises:
        Conflict: when a row was changed by somebody else since it was read.
        Unavailable: when the database file was moved away or replaced under the process.
    """
    with store.turn(), MarketplaceSession(store.writing, expire_on_commit=False) as session:
        session.info.update(
            keys=store.keys, ports=store.ports, events=[], deferred={}, mode="write"
        )
        if store.dialect == "postgresql":
            # First statement, before any snapshot is taken: writers queue here.
            session.connection().exec_driver_sql("LOCK TABLE audit_head IN EXCLUSIVE MODE")
        else:
            session.connection()
        try:
            yield session
            _run_handlers(session, store)
            session.flush()
            for finish in list(session.info["deferred"].values()):
                finish(session)
            if session.info.get("wrote") and not session.info.get("audited"):
                raise SilentWriteError(", ".join(sorted(session.info["wrote"])))
            store.require_place(session.connection())
            session.commit()
        except StaleDataError as error:
            session.rollback()
            raise Conflict("stale") from error
        except BaseException:
            session.rollback()
            raise


def write(store: Store, work: Callable[[Session], T]) -> T:
    """Run `work` in a unit of work and return its result; repeat it when it lost a race.

    `work` may run more than once: it must keep nothing outside the session.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with unit_of_work(store) as session:
                return work(session)
        except DBAPIError as error:
            if attempt == _ATTEMPTS - 1 or not _is_lost_race(error):
                raise
            time.sleep(random.uniform(0.005, 0.03) * 2 ** min(attempt, 5))  # noqa: S311
    raise AssertionError


@contextmanager
def read(store: Store) -> Iterator[Session]:
    """Give a session on one consistent state of the database that can write nothing."""
    with MarketplaceSession(store.reading, expire_on_commit=False) as session:
        session.info.update(keys=store.keys, ports=store.ports, mode="read")
        try:
            yield session
        finally:
            session.expunge_all()  # rows stay readable; a rollback would empty them


@contextmanager
def housekeeping_write(store: Store) -> Iterator[Session]:
    """Give a session for writes that are no decision: counters, idle times, leases, drafts.

    Only tables marked `info={"housekeeping": True}` may be written; no audit entry is left and
    the audit head is not locked.
    """
    with (
        store.turn(),
        MarketplaceSession(store.housekeeping, expire_on_commit=False) as session,
    ):
        session.info.update(keys=store.keys, mode="housekeeping")
        try:
            yield session
            store.require_place(session.connection())
            session.commit()
        except BaseException:
            session.rollback()
            raise


def announce(session: Session, fact: object) -> None:
    """Tell that something happened; its handlers run before this unit commits."""
    session.info["events"].append(fact)


def defer(session: Session, name: str, finish: Callable[[Session], None]) -> None:
    """Have `finish` run once at the end of the unit, after all handlers."""
    session.info["deferred"].setdefault(name, finish)


def _run_handlers(session: Session, store: Store) -> None:
    for _ in range(_MAX_ROUNDS):
        facts, session.info["events"] = session.info["events"], []
        if not facts:
            return
        for fact in facts:
            for handle in store.handlers.get(type(fact), ()):
                handle(session, fact)
    msg = "event handlers announce each other without end"
    raise RuntimeError(msg)


def _is_lost_race(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state in _RETRYABLE_SQLSTATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _note_write(session: Session, table: Any) -> None:
    if table is None:
        return
    mode = session.info.get("mode")
    if table.info.get("housekeeping"):
        return
    if mode == "housekeeping":
        msg = f"{table.name} is not a housekeeping table"
        raise SilentWriteError(msg)
    if not table.info.get("audit"):
        session.info.setdefault("wrote", set()).add(table.name)


@event.listens_for(MarketplaceSession, "before_flush")
def _on_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*session.new, *changed):
        require_fitting(row)
        _note_write(session, sa.inspect(row).mapper.local_table)
    for row in session.deleted:
        _note_write(session, sa.inspect(row).mapper.local_table)


@event.listens_for(MarketplaceSession, "do_orm_execute")
def _on_execute(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note_write(state.session, getattr(state.statement, "table", None))  # type: ignore[arg-type]


__all__ = [
    "MarketplaceSession",
    "SilentWriteError",
    "announce",
    "defer",
    "housekeeping_write",
    "read",
    "unit_of_work",
    "write",
]
