"""Whose a store is on a day, for who may write what is counted for it; never shown.

What a store did counts for the firm that held it then: only an officer of that firm's district
may write it. Nobody's store belongs to the program alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.errors import NotFound
from marketplace.features.registry.queries.scopes import scopes_of_factories
from marketplace.features.registry.queries.stores import Holder, list_holders

StoreDay = tuple[int, date]


def stores_in_reach(
    session: Session, who: Actor, action: str, *, program: str, days: Collection[StoreDay]
) -> set[StoreDay]:
    """Return those of some stores and days that a person may do an action to."""
    if not may(who, action, Scope(program=program)):
        return set()
    if not who.districts_in(program):  # no district decides anything: nothing is asked
        return set(days)
    factories = factories_answering(session, days)
    scopes = scopes_of_factories(session, set(factories.values()))
    return {
        place
        for place in days
        if place not in factories or may(who, action, scopes[factories[place]])
    }


def factories_answering(session: Session, days: Collection[StoreDay]) -> dict[StoreDay, int]:
    """Return the factory that answers for each store on its day; nobody's store has none."""
    holders = list_holders(session, store_ids={store_id for store_id, _ in days})
    held = {place: _answering(holders.get(place[0], ()), place[1]) for place in days}
    return {place: holder.factory_id for place, holder in held.items() if holder}


def require_stores(
    session: Session, who: Actor, action: str, *, program: str, days: Collection[StoreDay]
) -> None:
    """Let an action to some stores and days pass where it is allowed to each of them.

    Raises:
        NotAllowed: when the role may not do this at all.
        NotFound: when one is out of reach.
    """
    require(who, action, Scope(program=program))
    if set(days) - stores_in_reach(session, who, action, program=program, days=days):
        raise NotFound("not_found_here", action=action)


def require_factories(
    session: Session, who: Actor, action: str, factory_ids: Collection[int]
) -> None:
    """Let an action to what some factories answer for pass where it is allowed to each of them.

    Raises:
        NotFound: when one is out of reach.
    """
    for scope in scopes_of_factories(session, factory_ids).values():
        require(who, action, scope)


def _answering(holders: Sequence[Holder], day: date) -> Holder | None:
    """Return who answers for a store: who held it that day, else who did last, else who says so."""
    confirmed = [holder for holder in holders if holder.is_confirmed]
    on_day = [holder for holder in confirmed if holder.is_holding_on(day)]
    return max(on_day or confirmed or holders, key=lambda holder: holder.from_on, default=None)
