"""Decides what can be held, until when, and which postings a movement of money makes.

Pure. Money is a whole number of fen. Every movement takes from one account what it gives to
another, so that the books of a store, of a program and of the house add up to zero at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.base.errors import Refused
from marketplace.base.money import format_amount
from marketplace.base.rulebook.holds import HoldBasis, HoldRules
from marketplace.features.holds.kinds import Account, MovementKind

# What a movement takes from and gives to. Released money is paid out at once: it is the
# seller's, and nothing may be held of it again.
FLOWS: Mapping[MovementKind, tuple[Account, Account]] = {
    MovementKind.TAKINGS: (Account.SALES, Account.SETTLEMENT),
    MovementKind.HOLD: (Account.SETTLEMENT, Account.HELD),
    MovementKind.RELEASE: (Account.HELD, Account.RELEASED),
    MovementKind.EXPIRY: (Account.HELD, Account.RELEASED),
    MovementKind.REVERSAL: (Account.HELD, Account.RELEASED),
    MovementKind.PAYOUT: (Account.RELEASED, Account.PAID_OUT),
}


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a movement; negative where the account gives."""

    account: Account
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Room:
    """What could be held of a finding: its disputed amount, what is held of it, what is there.

    `disputed_fen` is None where nobody said it yet.
    """

    disputed_fen: int | None
    held_fen: int
    available_fen: int

    @property
    def largest_fen(self) -> int:
        """The most that can be held now; what is not disputed never is."""
        left = (
            self.available_fen if self.disputed_fen is None else self._left(self.disputed_fen)
        )
        return max(0, min(left, self.available_fen))

    def _left(self, disputed_fen: int) -> int:
        return disputed_fen - self.held_fen


@dataclass(frozen=True, slots=True)
class Term:
    """When a hold is looked at again, and the first day on which nothing is held any more."""

    review_on: date
    until_on: date


def postings(kind: MovementKind, amount_fen: int) -> tuple[Posting, Posting]:
    """Return the two sides of a movement; they add up to zero.

    Raises:
        Refused: the amount is not above zero.
    """
    if amount_fen <= 0:
        raise Refused("amount_not_positive")
    giving, taking = FLOWS[kind]
    return Posting(giving, -amount_fen), Posting(taking, amount_fen)


def balances(entries: Iterable[Posting]) -> dict[Account, int]:
    """Return the balance of every account in fen."""
    found = dict.fromkeys(Account, 0)
    for entry in entries:
        found[entry.account] += entry.amount_fen
    return found


def check_movement(held: Mapping[Account, int], kind: MovementKind, amount_fen: int) -> None:
    """Let a movement pass that leaves no account of the store below zero.

    Raises:
        Refused: not above zero, or more than the account has.
    """
    giving = postings(kind, amount_fen)[0].account
    if giving is not Account.SALES and held[giving] < amount_fen:
        raise Refused("account_too_low", available=format_amount(held[giving]))


def check_hold(room: Room, amount_fen: int) -> None:
    """Let an amount pass that is disputed, not held already, and there to be held.

    Raises:
        Refused: nobody said what is disputed, more than that, or more than there is.
    """
    if amount_fen <= 0:
        raise Refused("amount_not_positive")
    if room.disputed_fen is None or room.disputed_fen <= 0:
        raise Refused("disputed_amount_missing")
    left = room.disputed_fen - room.held_fen
    if amount_fen > left:
        raise Refused("more_than_disputed", left=format_amount(max(0, left)))
    if amount_fen > room.available_fen:
        raise Refused("more_than_available", available=format_amount(room.available_fen))


def first_term(rules: HoldRules, basis: HoldBasis, placed_on: date) -> Term:
    """Return the review day and the end of a hold placed on a day."""
    return _term(rules, basis, placed_on, placed_on + timedelta(days=basis.max_days))


def next_term(rules: HoldRules, basis: HoldBasis, *, now: Term, day: date, last: date) -> Term:
    """Return the term of a hold extended on a day; `last` is the end nobody goes beyond.

    Raises:
        Refused: before the review day, or at its longest already.
    """
    if day < now.review_on:
        raise Refused("review_not_due", day=now.review_on.isoformat())
    found = _term(rules, basis, day, last)
    if found.until_on <= now.until_on:
        raise Refused("hold_at_longest", day=last.isoformat())
    return found


def needs_second(rules: HoldRules, room: Room, amount_fen: int) -> bool:
    """Tell whether an amount is held only once a second person agreed.

    What is held of the finding already counts with it: parts are no way around the threshold.
    """
    return room.held_fen + amount_fen > rules.second_person_fen


def _term(rules: HoldRules, basis: HoldBasis, start: date, last: date) -> Term:
    review_on = start + timedelta(days=basis.review_days)
    until_on = min(review_on + timedelta(days=rules.grace_days + 1), last)
    return Term(min(review_on, until_on), until_on)
