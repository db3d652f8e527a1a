"""Reads holds: what is held, why, until when, and each receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.access.actor import Role
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.queries.facts import load_finding
from marketplace.features.holds.kinds import HoldEnd, HoldStatus, MovementKind
from marketplace.features.holds.queries.facts import load_hold, room_of
from marketplace.features.holds.rules import Room
from marketplace.features.holds.tables import HoldExtension, HoldMovement, PaymentHold
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold: whose, how much, why, until when (`until_on` is exclusive), how it ended.

    `is_review_due` from the review day on, while it runs.
    """

    hold_id: int
    number: str
    program: str
    district: str | None
    finding_id: int
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    basis: str
    disputed_fen: int
    amount_fen: int
    remaining_fen: int
    reason: str
    status: HoldStatus
    statement_id: int | None
    placed_by: int
    placed_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    review_on: date
    until_on: date
    longest_until_on: date
    ended_at: datetime | None
    ended_by: int | None
    end_reason: HoldEnd | None
    end_note: str | None
    is_review_due: bool


@dataclass(frozen=True, slots=True)
class MovementRow:
    """Money that moved, against a receipt."""

    movement_id: int
    hold_id: int | None
    store_id: int
    store_name: str
    kind: MovementKind
    amount_fen: int
    receipt: str
    reason: str
    moved_by: int | None
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A review that let a hold go on."""

    statement_id: int
    review_on: date
    until_on: date
    reason: str
    extended_by: int
    extended_at: datetime


@dataclass(frozen=True, slots=True)
class HoldFile:
    """A hold with its receipts and extensions, the first one first."""

    row: HoldRow
    movements: tuple[MovementRow, ...]
    extensions: tuple[ExtensionRow, ...]


def list_holds(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str | None = None,
    factory_id: int | None = None,
    finding_id: int | None = None,
    statuses: Sequence[HoldStatus] = (),
    basis: str | None = None,
    limit: int = 500,
) -> list[HoldRow]:
    """Return holds this actor may see, newest first; an owner those that took effect."""
    wanted = (
        _rows()
        .where(
            *narrow(
                actor,
                "holds.list_holds",
                program_column=PaymentHold.program,
                district_column=Factory.district,
                operator_column=PaymentHold.operator_id,
            )
        )
        .order_by(col(PaymentHold.id).desc())
        .limit(limit)
    )
    if actor.role is Role.OWNER:
        wanted = wanted.where(col(PaymentHold.statement_id).is_not(None))
    if statuses:
        wanted = wanted.where(col(PaymentHold.status).in_(list(statuses)))
    for column, value in (
        (PaymentHold.program, program),
        (PaymentHold.factory_id, factory_id),
        (PaymentHold.finding_id, finding_id),
        (PaymentHold.basis, basis),
    ):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    day = today(clock)
    return [_row(r[0], r[1], r[2], r[3], day) for r in session.execute(wanted)]


def get_hold(session: Session, actor: Actor, *, clock: Clock, hold_id: int) -> HoldFile:
    """Return one hold with every receipt.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    hold = load_hold(session, actor, hold_id, "holds.get_hold")
    found = session.execute(_rows().where(col(PaymentHold.id) == hold.key)).one()
    extensions = session.execute(
        select(HoldExtension)
        .where(HoldExtension.hold_id == hold_id)
        .order_by(col(HoldExtension.id))
    ).scalars()
    return HoldFile(
        row=_row(found[0], found[1], found[2], found[3], today(clock)),
        movements=tuple(movements_of(session, col(HoldMovement.hold_id) == hold_id)),
        extensions=tuple(
            ExtensionRow(
                e.statement_id, e.review_on, e.until_on, e.reason, e.extended_by, e.extended_at
            )
            for e in extensions
        ),
    )


def preview_hold(
    session: Session,
    actor: Actor,
    *,
    finding_id: int,
) -> Room:
    """Return what could be held of a finding now, before anything is."""
    finding, scope = load_finding(session, finding_id)
    require(actor, "holds.preview_hold", scope)
    return room_of(session, finding)


def basis_name(rulebook: Rulebook, key: str, *, zh: bool) -> tuple[str, str]:
    """Return the name of a basis and where it stands; the key where the file left it out."""
    found = rulebook.holds.basis(key)
    if found is None:
        return key, ""
    return (found.name_zh, found.law_zh) if zh else (found.name_en, found.law_en)


def movements_of(session: Session, where: sa.ColumnElement[bool]) -> list[MovementRow]:
    """Return movements of a condition, oldest first; for queries that asked who may."""
    rows = session.execute(
        sa.select(HoldMovement, col(Store.name))
        .join(Store, col(Store.id) == col(HoldMovement.store_id))
        .where(where)
        .order_by(col(HoldMovement.id))
    )
    return [
        MovementRow(
            m.key, m.hold_id, m.store_id, store, m.kind, m.amount_fen, m.receipt, m.reason,
            m.moved_by, m.moved_at,
        )
        for m, store in rows
    ]  # fmt: skip


def _rows() -> sa.Select[PaymentHold, str, str, str | None]:
    return (
        sa.select(PaymentHold, col(Store.name), col(Factory.name), col(Factory.district))
        .join(Store, col(Store.id) == col(PaymentHold.store_id))
        .outerjoin(Factory, col(Factory.id) == col(PaymentHold.factory_id))
    )


def _row(
    h: PaymentHold, store: str, factory: str | None, district: str | None, day: date
) -> HoldRow:
    return HoldRow(
        h.key, h.number, h.program, district, h.finding_id, h.store_id, store, h.factory_id,
        factory, h.basis, h.disputed_fen, h.amount_fen, h.remaining_fen, h.reason, h.status,
        h.statement_id, h.placed_by, h.placed_at, h.confirmed_by, h.confirmed_at, h.review_on,
        h.until_on, h.longest_until_on, h.ended_at, h.ended_by, h.end_reason, h.end_note,
        h.status is HoldStatus.RUNNING and h.review_on <= day,
    )  # fmt: skip
