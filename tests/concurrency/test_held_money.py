"""Never more is held than is disputed, and no fen moves twice, however many act at one instant."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col, select

from marketplace.features.holds.kinds import Account, HoldEnd, HoldStatus, MovementKind
from marketplace.features.holds.tables import HoldMovement, PaymentHold
from tests.concurrency.conftest import HANDS, together
from tests.features.conftest import World
from tests.features.enforcement.dealing import uphold
from tests.features.holds.holding import (
    books,
    confirm,
    expire,
    file,
    finding,
    place,
    release,
    takings,
)
from tests.features.scene import Scene, make_firm, make_people


def disputed(world: World, fen: int = 400_000) -> tuple[Scene, int]:
    """Return a firm with ¥10,000 to be settled and an upheld finding of a value."""
    make_people(world)
    firm = make_firm(world, products=0)
    takings(firm, 1_000_000)
    found = finding(firm, value_fen=fen)
    uphold(firm, found)
    return firm, found


def running(firm: Scene) -> list[int]:
    """Return what each hold of the firm holds now, in fen."""
    return firm.world.see(
        lambda s: list(
            s.execute(
                select(PaymentHold.remaining_fen)
                .where(PaymentHold.status == HoldStatus.RUNNING)
                .order_by(col(PaymentHold.id))
            ).scalars()
        )
    )


def moved(firm: Scene, kind: MovementKind) -> int:
    """Return the sum of a kind of movement, in fen."""
    return firm.world.see(
        lambda s: s.execute(
            select(sa.func.coalesce(sa.func.sum(HoldMovement.amount_fen), 0)).where(
                HoldMovement.kind == kind
            )
        ).scalar_one()
    )


def test_two_people_who_hold_at_once_never_exceed_the_disputed_amount(world: World) -> None:
    firm, found = disputed(world)
    officer, deputy = firm.world.officer, firm.world.deputy
    answers = together(
        [
            lambda: place(firm, found, 300_000, actor=officer),
            lambda: place(firm, found, 300_000, actor=deputy),
        ]
    )
    # Each alone would fit; together they would be 600,000 of 400,000.
    assert sorted(a.refused or "" for a in answers) == ["", "more_than_disputed"]
    assert running(firm) == [300_000]
    proof = books(firm)
    assert proof.is_proved
    assert proof.accounts[Account.HELD] == 300_000


def test_many_small_holds_at_once_fill_the_disputed_amount_and_stop(world: World) -> None:
    firm, found = disputed(world)
    answers = together([lambda: place(firm, found, 70_000)] * HANDS)
    # 400,000 / 70,000 = 5 and 50,000 over.
    assert [a.refused for a in answers].count(None) == 5
    assert {a.refused for a in answers} == {None, "more_than_disputed"}
    assert running(firm) == [70_000] * 5
    assert books(firm).is_proved
    numbers = firm.world.see(lambda s: list(s.execute(select(PaymentHold.number)).scalars()))
    assert len(set(numbers)) == 5


def test_two_people_who_release_at_once_let_go_of_what_is_held_and_no_more(
    world: World,
) -> None:
    firm, found = disputed(world)
    hold = place(firm, found, 300_000)
    answers = together([lambda: release(firm, hold, 200_000)] * 2)
    assert sorted(a.refused or "" for a in answers) == ["", "more_than_held"]
    assert file(firm, hold).row.remaining_fen == 100_000
    answers = together([lambda: release(firm, hold, 100_000)] * HANDS)
    assert sorted({a.refused or "" for a in answers}) == ["", "hold_not_running"]
    assert [a.refused for a in answers].count(None) == 1
    assert moved(firm, MovementKind.RELEASE) == moved(firm, MovementKind.PAYOUT) == 300_000
    proof = books(firm)
    assert proof.is_proved
    assert proof.accounts == {
        Account.SALES: -1_000_000,
        Account.SETTLEMENT: 700_000,  # 1,000,000 − 300,000; what is let go is paid out
        Account.HELD: 0,
        Account.RELEASED: 0,
        Account.PAID_OUT: 300_000,
    }


def test_a_release_that_meets_the_end_of_the_term_pays_once(world: World) -> None:
    firm, found = disputed(world)
    hold = place(firm, found, 300_000)
    firm.clock.advance(days=18)  # 14 days and 3 of grace are over
    answers = together([lambda: release(firm, hold, 300_000), lambda: expire(firm)])
    row = file(firm, hold).row
    assert row.remaining_fen == 0
    released = answers[0].refused is None
    assert row.end_reason is (HoldEnd.RELEASED if released else HoldEnd.EXPIRED)
    assert answers[1].value == (0 if released else 1)
    assert moved(firm, MovementKind.PAYOUT) == 300_000
    assert books(firm).is_proved


def test_a_large_hold_that_two_people_agree_to_at_once_is_held_once(world: World) -> None:
    firm, found = disputed(world, fen=8_000_000)
    takings(firm, 9_000_000)
    hold = place(firm, found, 5_000_001)
    answers = together(
        [
            lambda: confirm(firm, hold, by=firm.world.reviewer),
            lambda: confirm(firm, hold, by=firm.world.deputy),
        ]
    )
    assert sorted(a.refused or "" for a in answers) == ["", "decided_already"]
    assert moved(firm, MovementKind.HOLD) == 5_000_001
    assert books(firm).accounts[Account.HELD] == 5_000_001
