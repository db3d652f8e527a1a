"""Answers an agency's question: which factory opened which store, when, and on what basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.text import fold_name, normalize
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding

_MOST = 500


@dataclass(frozen=True, slots=True)
class OpenerRow:
    """A store and one factory that operated it, from–until (exclusive).

    Only a confirmed holding is a fact; a declared one is what the owner said. `upheld` counts the
    standing findings a lead about this factory could rest on.
    """

    store_id: int
    platform: str
    store_no: str
    store_name: str
    store_status: StoreStatus
    factory_id: int
    factory_name: str
    operator_name: str
    uscc: str | None
    district: str | None
    from_on: date
    until_on: date | None
    basis: str
    status: HoldingStatus
    is_first: bool
    upheld: int

    @property
    def may_be_led(self) -> bool:
        """Whether a lead can be prepared: it rests on a decided finding."""
        return self.upheld > 0


def list_openers(
    session: Session,
    actor: Actor,
    *,
    program: str,
    query: str = "",
    on: date | None = None,
) -> list[OpenerRow]:
    """Return who operated the stores a query names, oldest holding of each store first.

    `query` is a part of a store's number or name, a factory's or operator's name, or a USCC; with
    `on` only who operated them on that day. At most 500 rows. Rejected holdings are left out.
    """
    require(actor, "referrals.list_openers", Scope(program=program))
    rows = session.execute(
        select(Store, StoreHolding, Factory, Operator)
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(
            Store.program == program,
            StoreHolding.status != HoldingStatus.REJECTED,
            *narrow(
                actor,
                "referrals.list_openers",
                program_column=Store.program,
                district_column=Factory.district,
                operator_column=None,
            ),
        )
        .order_by(col(Store.platform), col(Store.store_no), col(StoreHolding.from_on))
    )
    wanted = fold_name(normalize(query))
    found: list[OpenerRow] = []
    begun, upheld = _begun(session, program), _upheld(session, program)
    for store, holding, factory, operator in rows:
        is_first = holding.from_on == begun.get(store.key)
        if on is not None and not _holds(holding, on):
            continue
        if wanted and not _names(wanted, store, factory, operator):
            continue
        standing = upheld.get((factory.key, operator.key), 0)
        found.append(
            _row(store, holding, factory, operator, is_first=is_first, upheld=standing)
        )
        if len(found) == _MOST:
            break
    return found


def _begun(session: Session, program: str) -> dict[int, date]:
    """Return store → the day its first holding began, also one elsewhere in the program."""
    rows = session.execute(
        sa.select(col(StoreHolding.store_id), sa.func.min(col(StoreHolding.from_on)))
        .join(Store, col(Store.id) == col(StoreHolding.store_id))
        .where(
            col(Store.program) == program, col(StoreHolding.status) != HoldingStatus.REJECTED
        )
        .group_by(col(StoreHolding.store_id))
    )
    return {int(row[0]): row[1] for row in rows}


def _upheld(session: Session, program: str) -> dict[tuple[int, int], int]:
    """Return (factory, operator) → how many findings against it stand."""
    rows = session.execute(
        sa.select(col(Finding.factory_id), col(Finding.operator_id), sa.func.count())
        .where(
            col(Finding.program) == program,
            col(Finding.status) == FindingStatus.UPHELD,
            col(Finding.factory_id).is_not(None),
        )
        .group_by(col(Finding.factory_id), col(Finding.operator_id))
    )
    return {(int(f), int(o or 0)): int(n) for f, o, n in rows}


def _holds(holding: StoreHolding, day: date) -> bool:
    return holding.from_on <= day and (holding.until_on is None or day < holding.until_on)


def _names(wanted: str, store: Store, factory: Factory, operator: Operator) -> bool:
    told = (store.store_no, store.name, factory.name, operator.name, operator.uscc or "")
    return any(wanted in fold_name(text) for text in told)


def _row(
    store: Store,
    holding: StoreHolding,
    factory: Factory,
    operator: Operator,
    *,
    is_first: bool,
    upheld: int,
) -> OpenerRow:
    return OpenerRow(
        store_id=store.key,
        platform=store.platform,
        store_no=store.store_no,
        store_name=store.name,
        store_status=store.status,
        factory_id=factory.key,
        factory_name=factory.name,
        operator_name=operator.name,
        uscc=operator.uscc,
        district=factory.district,
        from_on=holding.from_on,
        until_on=holding.until_on,
        basis=holding.basis,
        status=holding.status,
        is_first=is_first,
        upheld=upheld,
    )
