"""The books of the holds: every account, the proof that they balance, every movement."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.features.holds import rules
from marketplace.features.holds.kinds import Account
from marketplace.features.holds.queries.holds import MovementRow, movements_of
from marketplace.features.holds.settlement import OF_THE_HOUSE, SettlementPort
from marketplace.features.holds.tables import HoldMovement, HoldPosting, PaymentHold
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class Books:
    """The books of a program and what they are proved by, all in fen.

    `total_fen` is the sum of all postings; `lopsided` are movements whose sides do not add up to
    zero; `overdrawn` stores have an account below zero; `still_held_fen` is what the holds say is
    held; `apart` are the stores where the settlement account says otherwise than the books.
    """

    accounts: dict[Account, int]
    movements: int
    total_fen: int
    lopsided: tuple[int, ...]
    overdrawn: tuple[int, ...]
    still_held_fen: int
    apart: tuple[int, ...]

    @property
    def is_proved(self) -> bool:
        """Whether every proof holds."""
        return (
            self.total_fen == 0
            and not self.lopsided
            and not self.overdrawn
            and self.accounts[Account.HELD] == self.still_held_fen
            and not self.apart
        )


def prove_books(session: Session, actor: Actor, *, program: str) -> Books:
    """Return the books of a program with every proof that they balance."""
    require(actor, "holds.prove_books", Scope(program=program))
    stores: dict[int, list[rules.Posting]] = {}
    rows = session.execute(
        sa.select(
            col(HoldPosting.store_id),
            col(HoldPosting.account),
            sa.func.sum(col(HoldPosting.amount_fen)),
        )
        .join(Store, col(Store.id) == col(HoldPosting.store_id))
        .where(col(Store.program) == program)
        .group_by(col(HoldPosting.store_id), col(HoldPosting.account))
    )
    for store_id, account, total in rows:
        stores.setdefault(store_id, []).append(rules.Posting(account, int(total)))
    each = {store_id: rules.balances(found) for store_id, found in stores.items()}
    accounts = rules.balances(entry for found in stores.values() for entry in found)
    return Books(
        accounts=accounts,
        movements=_count(session, program),
        total_fen=sum(accounts.values()),
        lopsided=_lopsided(session, program),
        overdrawn=tuple(s for s, found in each.items() if _is_overdrawn(found)),
        still_held_fen=_still_held(session, program),
        apart=tuple(s for s, found in each.items() if _is_apart(session, s, found)),
    )


def list_movements(
    session: Session,
    actor: Actor,
    *,
    program: str,
    store_id: int | None = None,
    limit: int = 200,
) -> list[MovementRow]:
    """Return the latest movements of a program's books this actor may see, newest first."""
    wanted = (
        sa.select(col(HoldMovement.id))
        .outerjoin(PaymentHold, col(PaymentHold.id) == col(HoldMovement.hold_id))
        .outerjoin(Factory, col(Factory.id) == col(PaymentHold.factory_id))
        .where(
            *narrow(
                actor,
                "holds.list_movements",
                program_column=HoldMovement.program,
                district_column=Factory.district,
                operator_column=PaymentHold.operator_id,
            ),
            col(HoldMovement.program) == program,
        )
        .order_by(col(HoldMovement.id).desc())
        .limit(limit)
    )
    if store_id is not None:
        wanted = wanted.where(col(HoldMovement.store_id) == store_id)
    numbers = list(session.execute(wanted).scalars())
    return movements_of(session, col(HoldMovement.id).in_(numbers))[::-1]


def _count(session: Session, program: str) -> int:
    wanted = sa.select(sa.func.count()).where(col(HoldMovement.program) == program)
    return int(session.execute(wanted).scalar_one())


def _lopsided(session: Session, program: str) -> tuple[int, ...]:
    rows = session.execute(
        sa.select(col(HoldMovement.id))
        .outerjoin(HoldPosting, col(HoldPosting.movement_id) == col(HoldMovement.id))
        .where(col(HoldMovement.program) == program)
        .group_by(col(HoldMovement.id))
        .having(
            sa.or_(
                sa.func.coalesce(sa.func.sum(col(HoldPosting.amount_fen)), 1) != 0,
                sa.func.count(col(HoldPosting.id)) != 2,
            )
        )
    ).scalars()
    return tuple(int(n) for n in rows if n is not None)


def _still_held(session: Session, program: str) -> int:
    wanted = sa.select(sa.func.coalesce(sa.func.sum(col(PaymentHold.remaining_fen)), 0)).where(
        col(PaymentHold.program) == program
    )
    return int(session.execute(wanted).scalar_one())


def _is_overdrawn(found: dict[Account, int]) -> bool:
    return any(n < 0 for account, n in found.items() if account is not Account.SALES)


def _is_apart(
    session: Session,
    store_id: int,
    found: dict[Account, int],
    settlement: SettlementPort = OF_THE_HOUSE,
) -> bool:
    ours = (
        found[Account.SETTLEMENT],
        found[Account.HELD] + found[Account.RELEASED],
        found[Account.PAID_OUT],
    )
    return settlement.standing(session, store_id) != ours
