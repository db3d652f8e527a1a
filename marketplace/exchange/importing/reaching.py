"""Whose the rows of an import are, by what each of them wrote; for who may read its report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, may
from marketplace.base.clock import Clock, month_start, today
from marketplace.exchange.importing.traces import Trace, read_traces
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.tables import Finding
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import EntityKind
from marketplace.features.registry.queries import (
    scopes_of_factories,
    scopes_of_operators,
    stores_in_reach,
)
from marketplace.features.registry.tables import FieldValue, StoreHolding

_ACTION = "registry.list_import_rows"
_AT_ONCE = 500  # rows; a list in a statement stays well below what either engine takes

Place = tuple[str, Any]  # ("factory", id), ("operator", id) or ("store", (id, day))


def rows_in_reach(
    session: Session,
    who: Actor,
    *,
    clock: Clock,
    program: str,
    traces: Mapping[int, Sequence[Mapping[str, Any]]],
) -> set[int]:
    """Return those of some rows that wrote something, all of it within a person's reach.

    What cannot be found any more is within nobody's.
    """
    found: set[int] = set()
    left = iter(traces.items())
    while some := list(islice(left, _AT_ONCE)):
        read = {row: read_traces(stored) for row, stored in some}
        places = _places(session, [t for each in read.values() for t in each], today(clock))
        mine = _within(session, who, program, set(places.values()))
        for row, wrote in read.items():
            at = [places.get((t.table, t.key)) for t in wrote]
            if at and all(place in mine for place in at):
                found.add(row)
    return found


def _within(
    session: Session, who: Actor, program: str, places: Collection[Place]
) -> set[Place | None]:
    ids = {
        kind: {key for of, key in places if of == kind}
        for kind in ("factory", "operator", "store")
    }
    scopes: list[tuple[Place, Scope]] = [
        *((("factory", key), s) for key, s in scopes_of_factories(session, ids["factory"]).items()),
        *((("operator", k), s) for k, s in scopes_of_operators(session, ids["operator"]).items()),
    ]  # fmt: skip
    stores = stores_in_reach(session, who, _ACTION, program=program, days=ids["store"])
    return {
        *(place for place, scope in scopes if may(who, _ACTION, scope)),
        *(("store", place) for place in stores),
    }


def _places(
    session: Session, traces: Sequence[Trace], day: date
) -> dict[tuple[str, int], Place]:
    keys: dict[str, set[int]] = {}
    for trace in traces:
        keys.setdefault(trace.table, set()).add(trace.key)
    found: dict[tuple[str, int], Place] = {}
    for table, some in keys.items():
        if table in {"factory", "operator"}:
            found |= {(table, key): (table, key) for key in some}
        elif table == "store":
            found |= {(table, key): ("store", (key, day)) for key in some}
        elif table in _TOLD:
            statement, place = _TOLD[table]
            rows = session.execute(statement.where(statement.selected_columns[0].in_(some)))
            found |= {(table, row[0]): place(*row[1:], day) for row in rows}
    return found


def _of_factory(factory_id: int, _day: date) -> Place:
    return ("factory", factory_id)


def _of_operator(operator_id: int, _day: date) -> Place:
    return ("operator", operator_id)


def _of_value(entity: EntityKind, entity_id: int, _day: date) -> Place:
    return ("factory" if entity is EntityKind.FACTORY else "operator", entity_id)


def _of_month(store_id: int, month: int, _day: date) -> Place:
    return ("store", (store_id, month_start(month)))


def _of_either(factory_id: int | None, store_id: int | None, day: date) -> Place:
    """Of the firm it names, else of who answers for the store."""
    return ("store", (store_id, day)) if factory_id is None else ("factory", factory_id)


def _told(*columns: Any) -> sa.Select[Any]:
    return sa.select(*(col(column) for column in columns))


# table → what tells whose its rows are, and how that is read.
_TOLD: Mapping[str, tuple[sa.Select[Any], Callable[..., Place]]] = {
    "field_value": (_told(FieldValue.id, FieldValue.entity, FieldValue.entity_id), _of_value),
    "store_holding": (_told(StoreHolding.id, StoreHolding.factory_id), _of_factory),
    "earlier_record": (
        _told(EarlierRecord.id, EarlierRecord.factory_id, EarlierRecord.store_id), _of_either,
    ),
    "exposure": (_told(Exposure.id, Exposure.store_id, Exposure.month), _of_month),
    "finding": (_told(Finding.id, Finding.factory_id, Finding.store_id), _of_either),
    "brand": (_told(Brand.id, Brand.operator_id), _of_operator),
    "product": (_told(Product.id, Product.factory_id), _of_factory),
    "listing": (
        _told(Listing.id, Product.factory_id).join(Product, col(Product.id) == Listing.product_id),
        _of_factory,
    ),
    "infringement_case": (
        _told(InfringementCase.id, InfringementCase.factory_id, InfringementCase.store_id),
        _of_either,
    ),
    "complaint": (
        _told(Complaint.id, InfringementCase.factory_id, Complaint.store_id)
        .join(InfringementCase, col(InfringementCase.id) == Complaint.case_id),
        _of_either,
    ),
}  # fmt: skip
