"""Words of payment holds: where one stands, how it ended, the accounts and their movements."""

from __future__ import annotations

from enum import StrEnum


class HoldStatus(StrEnum):
    """Pending waits for a second person and holds nothing yet."""

    PENDING = "pending"
    RUNNING = "running"
    ENDED = "ended"


class HoldEnd(StrEnum):
    """Why a hold ended."""

    RELEASED = "released"  # a person let the whole go
    EXPIRED = "expired"  # nobody extended it in time
    REVERSED = "reversed"  # its finding or its statement fell
    DECLINED = "declined"  # the second person did not agree; nothing was ever held


class Account(StrEnum):
    """The accounts of a store's books; `sales` is where the money came from."""

    SALES = "sales"
    SETTLEMENT = "settlement"
    HELD = "held"
    RELEASED = "released"
    PAID_OUT = "paid_out"


class MovementKind(StrEnum):
    """What moves money from one account to another."""

    TAKINGS = "takings"
    HOLD = "hold"
    RELEASE = "release"
    EXPIRY = "expiry"
    REVERSAL = "reversal"
    PAYOUT = "payout"


class ReceiptKind(StrEnum):
    """What the settlement account gave a receipt for."""

    DEPOSIT = "deposit"
    FREEZE = "freeze"
    PAY_OUT = "pay_out"
