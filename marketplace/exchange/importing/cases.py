"""Takes rows of complaints: what consumers, right holders and inspectors wrote elsewhere.

It finds the store and the origin of a row; whether a complaint can be filed, and which case it
joins, is the complaints' own commands to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from marketplace.base.clock import today
from marketplace.base.text import fold_name
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.lookups import find_store
from marketplace.exchange.importing.taking import Rejected, Sending, Taken
from marketplace.exchange.kinds import Outcome
from marketplace.exchange.origins import origin_of
from marketplace.exchange.periods import Period, Precision
from marketplace.features.complaints.commands import open_case, receive_complaint
from marketplace.features.complaints.queries.facts import stores_named
from marketplace.features.complaints.queries.filed import (
    FiledRow,
    case_number_of,
    find_filed,
    find_looked_into,
)
from marketplace.features.complaints.rules import item_of
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.tables import Store

# Nobody complained: the house looked, so a case is opened and no complaint is filed.
_LOOKED = frozenset({Origin.PROACTIVE_MODEL, Origin.APPRAISAL})


def take_complaint(session: Session, sending: Sending, values: Mapping[str, Value]) -> Taken:
    """File a row as a complaint, or open a case where nobody complained.

    A row the house has already is left as it was filed; what differs is said.
    """
    origin, unread = _origin(sending, values)
    item = _item(values)
    store_id, inferred = _store(session, sending, values, item)
    row = FiledRow(
        program=sending.program,
        source=sending.source,
        number=str(values.get("number") or ""),
        store_id=store_id,
        item=item,
        origin=origin,
        brand=str(values.get("brand") or ""),
        text=str(values["text"]),
    )
    received_on = _received(sending, values)
    take = _look if origin in _LOOKED else _file
    outcome, told = take(session, sending, row, received_on)
    return Taken(outcome, (*unread, *inferred, *told))


def _file(
    session: Session, sending: Sending, row: FiledRow, received_on: date | None
) -> tuple[Outcome, tuple[RowFault, ...]]:
    known = find_filed(session, row)
    if known is not None:
        return Outcome.UNCHANGED, _differing(known.number, same=known.same)
    complaint_id, outcome = receive_complaint(
        session,
        sending.rulebook,
        clock=sending.clock,
        actor=sending.actor,
        store_id=row.store_id,
        origin=row.origin,
        item=row.item,
        text=row.text,
        brand=row.brand,
        received_on=received_on,
        source_ref=row.source_ref,
    )
    if outcome == "unchanged":
        return Outcome.UNCHANGED, ()
    if outcome != "joined":
        return Outcome.INSERTED, ()
    number = case_number_of(session, complaint_id)
    note = RowFault("item_id", "row_joined_case", "", {"number": number}, blocking=False)
    return Outcome.INSERTED, (note,)


def _look(
    session: Session, sending: Sending, row: FiledRow, received_on: date | None
) -> tuple[Outcome, tuple[RowFault, ...]]:
    number = find_looked_into(session, row)
    if number is not None:
        return Outcome.UNCHANGED, ()
    open_case(
        session,
        sending.rulebook,
        clock=sending.clock,
        actor=sending.actor,
        store_id=row.store_id,
        origin=row.origin,
        item=row.item,
        statement=row.text,
        seen_on=received_on,
        source_ref=row.source_ref,
    )
    return Outcome.INSERTED, ()


def _differing(number: str, *, same: bool) -> tuple[RowFault, ...]:
    if same:
        return ()
    facts = {"number": number}
    return (RowFault("number", "row_complaint_differs", "", facts, blocking=False),)


def _origin(
    sending: Sending, values: Mapping[str, Value]
) -> tuple[Origin, tuple[RowFault, ...]]:
    """The row's own origin; where it tells none, the one said for the file."""
    written = str(values.get("origin") or "")
    told = origin_of(written)
    if told is not None:
        return told, ()
    if sending.origin is None:
        code = "row_origin_word" if written else "row_origin_needed"
        raise Rejected(RowFault("origin", code, written, {"value": written}))
    if not written:
        return sending.origin, ()
    return sending.origin, (
        RowFault("origin", "row_origin_as_chosen", written, blocking=False),
    )


def _item(values: Mapping[str, Value]) -> str:
    """The link where it names the same item as the number does, else the number."""
    item_id, url = str(values.get("item_id") or ""), str(values.get("url") or "")
    if url and (not item_id or item_of(url).casefold() == item_id.casefold()):
        return url
    if not item_id:
        raise Rejected(RowFault("item_id", "row_item_needed"))
    return item_id


def _store(
    session: Session, sending: Sending, values: Mapping[str, Value], item: str
) -> tuple[int, tuple[RowFault, ...]]:
    """The store by number, by name, or as the only one known to sell this item."""
    number, name = str(values.get("store_no") or ""), str(values.get("store_name") or "")
    if number:
        store = find_store(session, sending.program, values.get("platform"), number)
        if store is not None:
            return store.key, ()
    if name:
        named = _named(session, sending.program, values.get("platform"), name)
        if len(named) == 1:
            return named[0], ()
        if named:
            raise Rejected(RowFault("store_name", "row_store_name_shared", name))
    selling = _selling(session, sending.program, item)
    if len(selling) == 1:
        store_id, selling_name = selling[0]
        facts = {"store": selling_name}
        return store_id, (RowFault("store_no", "row_store_by_item", "", facts, blocking=False),)
    if not number and not name:
        raise Rejected(RowFault("store_no", "row_store_needed"))
    column = "store_no" if number else "store_name"
    raise Rejected(RowFault(column, "row_store_unregistered", number or name))


def _named(session: Session, program: str, platform: Value, name: str) -> list[int]:
    found = stores_named(session, program, {fold_name(name)}).get(fold_name(name), ())
    if platform and len(found) > 1:
        statement = select(Store.id).where(
            col(Store.id).in_(found), col(Store.platform) == str(platform)
        )
        return [int(one) for one in session.execute(statement).scalars()] or list(found)
    return list(found)


def _selling(session: Session, program: str, item: str) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Store.id, Store.name)
        .join(Listing, col(Listing.store_id) == col(Store.id))
        .where(Store.program == program, Listing.item_no == item_of(item))
        .distinct()
    ).all()
    return [(int(store_id), str(name)) for store_id, name in rows]


def _received(sending: Sending, values: Mapping[str, Value]) -> date | None:
    """The day it came in; a month is no day, and tomorrow has not come."""
    period = values.get("received_on")
    if not isinstance(period, Period):
        return None
    if period.precision is not Precision.DAY:
        raise Rejected(RowFault("received_on", "row_received_day", str(period.from_on)[:7]))
    if period.from_on > today(sending.clock):
        raise Rejected(RowFault("received_on", "row_received_later", str(period.from_on)))
    return period.from_on
