"""Gathers what the commands judge by, and whose a hold is; never shown."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.access.actor import Role
from marketplace.base.errors import NotFound
from marketplace.features.enforcement.tables import Finding, FindingDetail
from marketplace.features.holds import rules
from marketplace.features.holds.kinds import Account, HoldEnd
from marketplace.features.holds.settlement import OF_THE_HOUSE, SettlementPort
from marketplace.features.holds.tables import HoldExtension, HoldPosting, PaymentHold
from marketplace.features.registry.tables import Factory


def load_hold(session: Session, who: Actor, hold_id: int, action: str) -> PaymentHold:
    """Return a hold this actor may do this to; an owner knows of none before it took effect."""
    row = session.get(PaymentHold, hold_id)
    if row is None:
        raise NotFound("hold_not_found", hold_id=hold_id)
    district = None
    if row.factory_id is not None:
        district = session.execute(
            select(Factory.district).where(Factory.id == row.factory_id)
        ).scalar()
    require(who, action, Scope(row.program, district, row.operator_id))
    if who.role is Role.OWNER and row.statement_id is None:
        raise NotFound("hold_not_found", hold_id=hold_id)
    return row


def books_of(session: Session, store_id: int) -> dict[Account, int]:
    """Return the balances of a store's accounts in fen."""
    rows = session.execute(
        sa.select(col(HoldPosting.account), sa.func.sum(col(HoldPosting.amount_fen)))
        .where(col(HoldPosting.store_id) == store_id)
        .group_by(col(HoldPosting.account))
    ).all()
    return rules.balances(rules.Posting(account, int(total)) for account, total in rows)


def room_of(
    session: Session,
    finding: Finding,
    *,
    stated_fen: int | None = None,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> rules.Room:
    """Return what can be held of a finding: the value it names, else what a person stated.

    What was held once counts for good, however it ended: an amount that was let go, expired or
    reversed is not held again, and what was stated at first stays the disputed amount.
    """
    value_fen = session.execute(
        select(FindingDetail.value_fen).where(FindingDetail.finding_id == finding.key)
    ).scalar()
    earlier, held = session.execute(
        sa.select(
            sa.func.min(col(PaymentHold.disputed_fen)),
            sa.func.coalesce(sa.func.sum(col(PaymentHold.amount_fen)), 0),
        ).where(
            col(PaymentHold.finding_id) == finding.key,
            sa.or_(
                col(PaymentHold.end_reason).is_(None),
                col(PaymentHold.end_reason) != HoldEnd.DECLINED,
            ),
        )
    ).one()
    known = next((n for n in (value_fen, earlier, stated_fen) if n is not None), None)
    available = settlement.standing(session, finding.store_id)[0]
    return rules.Room(known, int(held), available)


def hold_of_statement(session: Session, statement_id: int) -> PaymentHold | None:
    """Return the hold a statement of reasons was given for, when it was placed or extended."""
    extended = sa.select(col(HoldExtension.hold_id)).where(
        col(HoldExtension.statement_id) == statement_id
    )
    return session.execute(
        select(PaymentHold).where(
            sa.or_(
                col(PaymentHold.statement_id) == statement_id, col(PaymentHold.id).in_(extended)
            )
        )
    ).scalar()


def parts_in(session: Session, statement_id: int) -> set[int | None]:
    """Return who placed, agreed to or extended the hold of a statement."""
    row = hold_of_statement(session, statement_id)
    if row is None:
        return set()
    found: set[int | None] = {row.placed_by, row.confirmed_by}
    found.update(
        session.execute(
            sa.select(col(HoldExtension.extended_by)).where(
                col(HoldExtension.hold_id) == row.key
            )
        ).scalars()
    )
    return found
