"""Takes many new stores of one list at once, each with the firm that is said to operate it.

A store nobody knows yet, told once, is declared in bulk. Every other row is left to
`declare_store`. What is taken here touches no row that is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.db.bulk import insert_many
from marketplace.base.text import fold_name, normalize, normalize_name
from marketplace.features.registry.events import StoresConfirmed
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.queries import scopes_of_factories
from marketplace.features.registry.tables import Store, StoreHolding


@dataclass(frozen=True, slots=True)
class DeclaredStore:
    """A store and since when a factory is said to operate it, as `declare_store` takes them."""

    factory_id: int
    platform: str
    store_no: str
    name: str
    from_on: date
    url: str | None = None

    def tidied(self) -> DeclaredStore:
        """Return it with its texts as they are kept."""
        return DeclaredStore(
            self.factory_id,
            normalize(self.platform),
            normalize(self.store_no),
            normalize_name(self.name),
            self.from_on,
            self.url,
        )

    @property
    def place(self) -> tuple[str, str]:
        """What two rows about the same store have in common."""
        return self.platform, self.store_no


@dataclass(frozen=True, slots=True)
class KeptStore:
    """The store and the holding that were inserted for a row, with what they hold."""

    store_id: int
    holding_id: int
    store: Mapping[str, Any]
    holding: Mapping[str, Any]


def declare_stores(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    rows: Mapping[int, DeclaredStore],
    basis: str,
    confirms: bool,
) -> dict[int, KeptStore]:
    """Declare stores nobody knows yet; return what was inserted for each row.

    A row that is missing from the answer must be given to `declare_store`. With `confirms` the
    declarations are confirmed at once, as `confirm_holding` does.

    Raises:
        NotAllowed: outside the actor's program.
    """
    require(actor, "registry.declare_stores", Scope(program=program))
    basis = normalize(basis)
    tidied = {number: row.tidied() for number, row in rows.items()}
    told = Counter(row.place for row in tidied.values())
    known = _known(session, program, tidied)
    scopes = scopes_of_factories(session, {row.factory_id for row in rows.values()})
    actions = ["registry.declare_stores", *(["registry.confirm_holding"] if confirms else [])]
    fresh: dict[int, DeclaredStore] = {}
    for number, row in tidied.items():
        scope = scopes.get(row.factory_id)
        is_sound = all((*row.place, row.name, basis)) and row.from_on <= today(clock)
        if scope is None or not is_sound or row.place in known or told[row.place] > 1:
            continue
        if scope.program == program and all(may(actor, action, scope) for action in actions):
            fresh[number] = row
    return _declare_all(session, clock, actor, fresh, scopes, basis=basis, confirms=confirms)


def _known(
    session: Session, program: str, rows: Mapping[int, DeclaredStore]
) -> set[tuple[str, str]]:
    """Ask once for all: which stores are there."""
    found = session.execute(
        sa.select(col(Store.platform), col(Store.store_no)).where(
            col(Store.program) == program,
            col(Store.store_no).in_({row.store_no for row in rows.values()}),
        )
    )
    return {(platform, number) for platform, number in found}


def _declare_all(
    session: Session,
    clock: Clock,
    who: Actor,
    fresh: Mapping[int, DeclaredStore],
    scopes: Mapping[int, Scope],
    *,
    basis: str,
    confirms: bool,
) -> dict[int, KeptStore]:
    """Insert the stores and who holds them, and leave the entries that one by one would."""
    rows = list(fresh.values())
    stores = [_store_values(clock, row, scopes[row.factory_id]) for row in rows]
    store_ids = insert_many(session, Store, stores)
    holdings = [
        _holding_values(clock, who, row, store_id, basis=basis, confirms=confirms)
        for row, store_id in zip(rows, store_ids, strict=True)
    ]
    holding_ids = insert_many(session, StoreHolding, holdings)
    done: dict[int, KeptStore] = {}
    each = zip(fresh.items(), store_ids, stores, holding_ids, holdings, strict=True)
    for (number, row), store_id, store, holding_id, holding in each:
        scope = scopes[row.factory_id]
        after = {
            "platform": row.platform, "store_no": row.store_no, "name": row.name, "basis": basis
        }  # fmt: skip
        facts = {"factory_id": row.factory_id, "holding_id": holding_id}
        entries = [("registry.declare_store", after)]
        entries += [("registry.confirm_holding", {})] if confirms else []
        for action, told in entries:
            audit.record(
                session,
                clock=clock,
                actor=who,
                action=action,
                subject=f"store:{store_id}",
                program=scope.program,
                operator_id=scope.operator_id,
                facts=facts,
                after=told,
            )
        done[number] = KeptStore(store_id, holding_id, store, holding)
    if confirms and done:
        factories = tuple(sorted({row.factory_id for row in rows}))
        announce(session, StoresConfirmed(tuple(store_ids), factories))
    return done


def _store_values(clock: Clock, row: DeclaredStore, scope: Scope) -> dict[str, Any]:
    return {
        "program": str(scope.program),
        "platform": row.platform,
        "store_no": row.store_no,
        "name": row.name,
        "url": row.url,
        "status": StoreStatus.OPEN,
        "created_at": clock.now(),
        "no_fold": fold_name(row.store_no),
        "name_fold": fold_name(row.name),
        "version": 1,
    }


def _holding_values(
    clock: Clock, who: Actor, row: DeclaredStore, store_id: int, *, basis: str, confirms: bool
) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "factory_id": row.factory_id,
        "from_on": row.from_on,
        "until_on": None,
        "basis": basis,
        "status": HoldingStatus.CONFIRMED if confirms else HoldingStatus.DECLARED,
        "confirmed_by": who.account_id if confirms else None,
        "confirmed_at": clock.now() if confirms else None,
        "version": 2 if confirms else 1,  # declared, then confirmed
    }
