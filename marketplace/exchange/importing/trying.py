"""Gives a trial the sessions it takes rows in: nobody sees what it writes, nobody waits for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.db import Store as Database
from marketplace.base.db import unit_of_work
from marketplace.base.db.trial import Needed, Portion, open_trial
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.reading import Reading
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.complaints.tables import CaseEntry, Complaint, InfringementCase
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.tables import Finding
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.tables import (
    Factory,
    FieldValue,
    ImportBatch,
    ImportLease,
    ImportRow,
    Operator,
    Store,
    StoreHolding,
)

# What taking a row of a kind may write; a trial has its own copies of these.
MAY_WRITE: Mapping[ImportKind, tuple[Any, ...]] = {
    ImportKind.FACTORIES: (Operator, Factory, FieldValue),
    ImportKind.EARLIER_RECORDS: (EarlierRecord,),
    ImportKind.EXPOSURE: (Store, StoreHolding, Exposure, Finding),
    ImportKind.STORES: (Store, StoreHolding),
    ImportKind.PRODUCTS: (Brand, Product, Listing),
    ImportKind.COMPLAINTS: (InfringementCase, Complaint, CaseEntry),
}

_MOST_NAMED = 30_000  # SQLite takes no more values in one statement; beyond it all are copied

# So few rows are tried in one unit that is taken back: copies would take longer.
TRIED_AT_ONCE = 50


class _OnlyTried(Exception):
    """Takes a unit of work back."""


@contextmanager
def try_portions(store: Database, reading: Reading) -> Iterator[Portion]:
    """Give what opens a session for one portion; each sees what those before it wrote."""
    if len(reading.rows) <= TRIED_AT_ONCE:
        yield lambda: _taken_back(store)
        return
    with open_trial(store, _copies(reading)) as portion:
        yield portion


@contextmanager
def try_undo(
    store: Database, kind: ImportKind, batch_id: int, *, total: int, store_ids: Collection[int]
) -> Iterator[Portion]:
    """Give what opens a session for one portion of the trial of an undo.

    `total` is how many rows the import had, `store_ids` the stores whose months it told.
    """
    if total <= TRIED_AT_ONCE:
        with _taken_back(store) as session:  # one for all: each portion leans on those before
            yield lambda: nullcontext(session)
        return
    tables: dict[sa.Table, Needed] = {_table(kind): None for kind in MAY_WRITE[kind]}
    if kind is ImportKind.EXPOSURE and len(store_ids) <= _MOST_NAMED:
        for written in (Exposure, Finding):
            tables[_table(written)] = lambda columns: columns.store_id.in_(sorted(store_ids))
    tables[_table(ImportBatch)] = lambda columns: columns.id == batch_id
    tables[_table(ImportLease)] = lambda columns: columns.batch_id == batch_id
    tables[_table(ImportRow)] = lambda columns: columns.batch_id == batch_id
    with open_trial(store, tables) as portion:
        yield portion


@contextmanager
def _taken_back(store: Database) -> Iterator[Session]:
    try:
        with unit_of_work(store) as session:
            yield session
            raise _OnlyTried
    except _OnlyTried:
        return


def _copies(reading: Reading) -> dict[sa.Table, Needed]:
    """What is copied of each table: all, or of store months those of the file's stores."""
    tables: dict[sa.Table, Needed] = {_table(kind): None for kind in MAY_WRITE[reading.kind]}
    if reading.kind is ImportKind.EXPOSURE:
        numbers = sorted({str(row.values.get("store_no") or "") for row in reading.rows})
        named = sa.select(col(Store.id)).where(col(Store.store_no).in_(numbers))
        for kind in (Exposure, Finding):
            tables[_table(kind)] = lambda columns: columns.store_id.in_(named)
    return tables


def _table(kind: Any) -> sa.Table:
    found: sa.Table = kind.__table__
    return found
