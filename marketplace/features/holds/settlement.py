"""The door to whoever keeps the sellers' money, and a simulated account behind it.

No real money moves: the house has no payment license and no adapter to a bank. What a real one
must do is `SettlementPort`; the commands know nothing else of it. `assembly.bind` puts another one
behind the door; without one it is the simulated account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import Clock, today
from marketplace.base.errors import Conflict, Refused
from marketplace.features.holds.kinds import ReceiptKind
from marketplace.features.holds.tables import SettlementReceipt

# What a receipt does to (what stands to the store's account, what is frozen, what was paid out).
_EFFECTS = {
    ReceiptKind.DEPOSIT: (1, 0, 0),
    ReceiptKind.FREEZE: (-1, 1, 0),
    ReceiptKind.PAY_OUT: (0, -1, 1),
}


class SettlementPort(Protocol):
    """Keeps the money of stores; every call gives a receipt, the same token the same one.

    One that cannot be reached raises an `OSError` (a lost connection or a timeout is one); it must
    then not have moved anything, or give the first receipt when asked by the same token again.
    """

    def standing(self, session: Session, store_id: int) -> tuple[int, int, int]:
        """Return (available, frozen, paid out after a release) of a store, in fen."""

    def deposit(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Take in what a store sold for; return the receipt's number."""

    def freeze(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Freeze an available amount; return the receipt's number."""

    def pay_out(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Pay a frozen amount out to the seller; return the receipt's number."""


class SimulatedSettlement:
    """A settlement account kept in a table of ours; it only knows receipts."""

    def standing(self, session: Session, store_id: int) -> tuple[int, int, int]:
        """Return (available, frozen, paid out after a release) of a store, in fen."""
        rows = session.execute(
            sa.select(
                col(SettlementReceipt.kind), sa.func.sum(col(SettlementReceipt.amount_fen))
            )
            .where(col(SettlementReceipt.store_id) == store_id)
            .group_by(col(SettlementReceipt.kind))
        ).all()
        found = [0, 0, 0]
        for kind, total in rows:
            for place, sign in enumerate(_EFFECTS[kind]):
                found[place] += sign * int(total)
        return found[0], found[1], found[2]

    def deposit(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Take in what a store sold for; return the receipt's number."""
        return self._book(session, clock, ReceiptKind.DEPOSIT, token, store_id, amount_fen)

    def freeze(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Freeze an available amount; return the receipt's number."""
        return self._book(session, clock, ReceiptKind.FREEZE, token, store_id, amount_fen)

    def pay_out(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Pay a frozen amount out to the seller; return the receipt's number."""
        return self._book(session, clock, ReceiptKind.PAY_OUT, token, store_id, amount_fen)

    def _book(
        self,
        session: Session,
        clock: Clock,
        kind: ReceiptKind,
        token: str,
        store_id: int,
        amount_fen: int,
    ) -> str:
        known = session.execute(
            select(SettlementReceipt).where(SettlementReceipt.token == token)
        ).scalar()
        if known is not None:
            if (known.kind, known.store_id, known.amount_fen) != (kind, store_id, amount_fen):
                raise Conflict("token_reused")
            return str(known.number)
        standing = self.standing(session, store_id)
        after = [n + e * amount_fen for n, e in zip(standing, _EFFECTS[kind], strict=True)]
        if amount_fen <= 0 or min(after) < 0:
            raise Refused("settlement_refused")
        row = SettlementReceipt(
            number=_number(session, today(clock).year), token=token, store_id=store_id,
            kind=kind, amount_fen=amount_fen, at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.number


PORT = "settlement"


class HouseSettlement:
    """Whatever the composition root put behind the door; when that fails, a refusal in words.

    The unit of work is rolled back by the refusal: nothing is half written, and the deed can be
    asked for again.
    """

    def standing(self, session: Session, store_id: int) -> tuple[int, int, int]:
        """Return (available, frozen, paid out after a release) of a store, in fen."""
        with _in_words():
            return _behind(session).standing(session, store_id)

    def deposit(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Take in what a store sold for; return the receipt's number."""
        with _in_words():
            return _behind(session).deposit(
                session, clock=clock, token=token, store_id=store_id, amount_fen=amount_fen
            )

    def freeze(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Freeze an available amount; return the receipt's number."""
        with _in_words():
            return _behind(session).freeze(
                session, clock=clock, token=token, store_id=store_id, amount_fen=amount_fen
            )

    def pay_out(
        self, session: Session, *, clock: Clock, token: str, store_id: int, amount_fen: int
    ) -> str:
        """Pay a frozen amount out to the seller; return the receipt's number."""
        with _in_words():
            return _behind(session).pay_out(
                session, clock=clock, token=token, store_id=store_id, amount_fen=amount_fen
            )


OF_THE_HOUSE: SettlementPort = HouseSettlement()
_SIMULATED: SettlementPort = SimulatedSettlement()


def _behind(session: Session) -> SettlementPort:
    port: SettlementPort = session.info["ports"].get(PORT, _SIMULATED)
    return port


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused("settlement_unavailable") from error


def _number(session: Session, year: int) -> str:
    """Number receipts through a year; writers queue, so no two are alike."""
    prefix = f"MN{year}-"
    count = session.execute(
        sa.select(sa.func.count())
        .select_from(SettlementReceipt)
        .where(col(SettlementReceipt.number).startswith(prefix))
    ).scalar_one()
    return f"{prefix}{int(count) + 1:06d}"
