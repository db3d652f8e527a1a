"""Whatever people do with held money in whatever order: the books are what a small sum says."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from marketplace.base.errors import MarketplaceError
from marketplace.features.holds.kinds import Account
from tests.features.enforcement.dealing import overturn, uphold
from tests.features.holds.holding import (
    books,
    confirm,
    expire,
    extend,
    file,
    finding,
    place,
    release,
    takings,
)
from tests.features.scene import Scene, make_firm, make_people

STEPS = 30
DISPUTED, LARGE = 400_000, 6_000_000  # fen; the second takes two people from 50,000 yuan on


class Deeds:
    """Draws what is done next; keeps by itself what should be taken in, held and let go."""

    def __init__(self, firm: Scene, seed: int) -> None:
        self.firm, self.rng = firm, random.Random(seed)
        self.taken = self.held = self.let_go = 0
        self.findings: list[int] = []
        self.holds: dict[int, int] = {}  # hold → still held
        self.of: dict[int, int] = {}  # hold → its finding
        self.waiting: dict[int, int] = {}  # hold → asked for, until a second person agrees
        self.done: Counter[str] = Counter()

    def step(self, n: int, deed: str = "") -> None:
        deed = deed or self.rng.choice(
            ("take", "find", "find", "place", "place", "place", "agree", "let", "extend",
             "wait", "wait", "overturn")
        )  # fmt: skip
        try:
            getattr(self, f"_{deed}")(n)
        except MarketplaceError as error:
            deed = f"refused {error.code}"
        self.done[deed] += 1

    def _take(self, n: int) -> None:
        amount = self.rng.choice((1, 250_000, 7_000_000)) if n < STEPS else 7_000_000
        takings(self.firm, amount)
        self.taken += amount

    def _find(self, n: int) -> None:
        found = finding(self.firm, value_fen=self.rng.choice((DISPUTED, LARGE)), number=n)
        uphold(self.firm, found)
        self.findings.append(found)

    def _end(self, n: int) -> None:
        """Hold a little of two new findings, let a fen of it go; one falls, the other runs out."""
        for number in (n, n + 1):
            found = finding(self.firm, value_fen=DISPUTED, number=number)
            uphold(self.firm, found)
            hold = place(self.firm, found, 1_000)
            self.of[hold] = found
            self._hold(hold, 1_000)
            release(self.firm, hold, 1)
            self._go(hold, 1)
        self._fall(found)

    def _place(self, n: int) -> None:
        found = self.rng.choice(self.findings or [0])
        amount = self.rng.choice((1, 99_999, DISPUTED, 5_500_000))
        hold = place(self.firm, found, amount)
        self.of[hold] = found
        if file(self.firm, hold, actor=self.firm.world.auditor).row.remaining_fen:
            self._hold(hold, amount)
        else:
            self.waiting[hold] = amount

    def _agree(self, n: int) -> None:
        hold = self.rng.choice(list(self.waiting) or [0])
        confirm(self.firm, hold, by=self.firm.world.reviewer)
        self._hold(hold, self.waiting.pop(hold))

    def _let(self, n: int) -> None:
        hold = self.rng.choice(list(self.holds) or [0])
        part = self.rng.choice((1, self.holds.get(hold, 1), 60_000))
        release(self.firm, hold, part)
        self._go(hold, part)

    def _extend(self, n: int) -> None:
        extend(self.firm, self.rng.choice(list(self.holds) or [0]), by=self.firm.world.reviewer)

    def _wait(self, n: int) -> None:
        self.firm.clock.advance(days=self.rng.choice((1, 9, 18)) if n < STEPS else 9)
        expire(self.firm)
        for hold, left in list(self.holds.items()):
            row = file(self.firm, hold, actor=self.firm.world.auditor).row
            assert row.remaining_fen in {0, left}, "time lets all go or nothing"
            if not row.remaining_fen:
                self._go(hold, left)
                self.done["expired"] += 1

    def _overturn(self, n: int) -> None:
        if self.rng.random() < 0.5:
            return
        found = (
            self.findings.pop(self.rng.randrange(len(self.findings))) if self.findings else 0
        )
        self._fall(found)

    def _fall(self, found: int) -> None:
        overturn(self.firm, found)
        for hold in [h for h in self.holds if self.of[h] == found]:
            self._go(hold, self.holds[hold])
            self.done["let go by the overturning"] += 1

    def _hold(self, hold: int, amount: int) -> None:
        self.holds[hold] = amount
        self.held += amount

    def _go(self, hold: int, amount: int) -> None:
        self.holds[hold] -= amount
        self.held -= amount
        self.let_go += amount
        if not self.holds[hold]:
            del self.holds[hold]


@pytest.mark.parametrize("seed", [1, 2])
def test_after_every_deed_the_books_balance_and_say_what_was_done(world, seed):
    make_people(world)
    firm = make_firm(world, number=1)
    deeds = Deeds(firm, seed)
    for n, deed in enumerate([*[""] * STEPS, "take", "end", "wait", "wait", "wait"]):
        deeds.step(n, deed)
        found = books(firm)
        assert found.is_proved, deeds.done
        assert found.accounts == {
            Account.SALES: -deeds.taken,
            Account.SETTLEMENT: deeds.taken - deeds.held - deeds.let_go,
            Account.HELD: deeds.held,
            Account.RELEASED: 0,
            Account.PAID_OUT: deeds.let_go,
        }, deeds.done
    assert {"end", "expired", "let go by the overturning"} <= set(deeds.done), deeds.done
    assert sum(count for deed, count in deeds.done.items() if deed.startswith("refused")) > 2
