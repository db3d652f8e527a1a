"""Takes the stores of one portion of a list together, where nothing about them is open.

A store nobody knows yet is declared for its firm here, and one that the firm operates already is
the same where the row says nothing new. A number that stands in several rows of the portion, on
whatever platform, is left with all of them; so what is taken here changes nothing for a row that
is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.db.watching import Touched, inserted
from marketplace.base.text import normalize, normalize_name
from marketplace.exchange.faults import Value
from marketplace.exchange.importing.lookups import (
    UNNAMED_PLATFORM,
    Firm,
    choose_store,
    known_firm,
    stores_numbered,
)
from marketplace.exchange.importing.shops import opened_on
from marketplace.exchange.importing.taking import Rejected, Sending, Taken, TakenAhead
from marketplace.exchange.kinds import Outcome
from marketplace.features.registry.commands import DeclaredStore, KeptStore, declare_stores
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import Holder, list_holders, stores_in_reach
from marketplace.features.registry.tables import Store, StoreHolding

Row = Mapping[str, Value]


def take_stores(
    session: Session, sending: Sending, rows: Mapping[int, Row]
) -> dict[int, TakenAhead]:
    """Take at once the stores nothing is open about; the others are taken one by one."""
    told = Counter(normalize(str(values["store_no"])) for values in rows.values())
    numbers = {str(values["store_no"]) for values in rows.values()}
    stores = stores_numbered(session, sending.program, numbers)
    holders = list_holders(session, store_ids={s.key for some in stores.values() for s in some})
    day = today(sending.clock)
    may_refresh = stores_in_reach(
        session, sending.actor, "registry.refresh_store", program=sending.program,
        days={(s.key, day) for some in stores.values() for s in some},
    )  # fmt: skip
    fresh: dict[int, DeclaredStore] = {}
    done: dict[int, TakenAhead] = {}
    for row, values in rows.items():
        firm = known_firm(session, sending.program, values, name_field="operator_name")
        number = str(values["store_no"])
        if firm is None or told[normalize(number)] > 1:
            continue
        try:
            store = choose_store(stores.get(number, ()), values.get("platform"), number)
        except Rejected:
            continue
        if store is None:
            fresh[row] = _declared(sending, firm, values)
        elif (
            (store.key, day) in may_refresh
            and _is_the_same(store, values)
            and _is_held(holders.get(store.key, ()), firm)
        ):
            done[row] = TakenAhead(Taken(Outcome.UNCHANGED), ())
    kept = declare_stores(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        rows=fresh,
        basis=sending.source,
        confirms=sending.confirms_stores,
    )
    for row, one in kept.items():
        _, faults = opened_on(sending, rows[row])
        written = tuple(_written(one, confirmed=sending.confirms_stores))
        done[row] = TakenAhead(Taken(Outcome.INSERTED, faults), written)
    return done


def _declared(sending: Sending, firm: Firm, values: Row) -> DeclaredStore:
    from_on, _ = opened_on(sending, values)
    return DeclaredStore(
        firm.factory_id,
        str(values.get("platform") or UNNAMED_PLATFORM),
        str(values["store_no"]),
        str(values["name"]),
        from_on,
        str(values["url"]) if values.get("url") else None,
    )


def _is_the_same(store: Store, values: Row) -> bool:
    """The row names the store as it is kept; `refresh_store` would change nothing."""
    said = normalize_name(str(values["name"]))
    is_named_now = bool(values.get("platform")) and store.platform == UNNAMED_PLATFORM
    return (
        (not said or store.name == said)
        and (not values.get("url") or store.url == str(values["url"]))
        and not is_named_now
    )


def _is_held(holders: Sequence[Holder], firm: Firm) -> bool:
    return any(h.factory_id == firm.factory_id and h.until_on is None for h in holders)


def _written(one: KeptStore, *, confirmed: bool) -> Iterator[Touched]:
    """As the session's objects would have been seen: declared first, then confirmed."""
    yield inserted(Store, one.store_id, one.store)
    declared = {"status": HoldingStatus.DECLARED, "confirmed_by": None, "confirmed_at": None}
    told = inserted(StoreHolding, one.holding_id, {**one.holding, **declared})
    yield told
    if confirmed:
        now = inserted(StoreHolding, one.holding_id, one.holding).after
        changes = {name: value for name, value in now.items() if value != told.after[name]}
        before = {name: told.after[name] for name in changes}
        yield Touched(told.table, told.key, before, changes)
