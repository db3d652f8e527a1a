"""Hands for tests of payment holds: takings, a finding with a value, placing, reading."""

from __future__ import annotations

from marketplace.base.access import SYSTEM, Actor
from marketplace.base.clock import today
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.holds import commands as holds
from marketplace.features.holds.queries import Books, HoldFile, get_hold, prove_books
from tests.features.conftest import PROGRAM
from tests.features.scene import Scene

WHY = "同款商品多次被投诉为假货，需要留足退款"
BASIS = "counterfeit_goods"


def takings(firm: Scene, fen: int = 1_000_000, *, token: str | None = None) -> str:
    """Record what waits to be settled for the firm's store."""
    return firm.do(
        lambda s: holds.record_takings(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            amount_fen=fen, source="模拟结算单", token=token,
        )
    )  # fmt: skip


def finding(firm: Scene, *, value_fen: int | None = 400_000, number: int = 1) -> int:
    """Record a finding that names the value of its goods."""
    return firm.do(
        lambda s: enforcement.record_finding(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            origin=Origin.CONSUMER, listings=2, found_on=today(firm.clock),
            statement="图形近似", reference=f"h{number}", value_fen=value_fen,
        )
    )  # fmt: skip


def place(firm: Scene, finding_id: int, fen: int = 300_000, **more) -> int:
    """Hold an amount by the officer."""
    given = {"actor": firm.world.officer, "basis": BASIS, "reason": WHY, **more}
    return firm.do(
        lambda s: holds.place_hold(
            s, firm.world.rulebook, clock=firm.clock, finding_id=finding_id, amount_fen=fen,
            **given,
        )
    )  # fmt: skip


def confirm(firm: Scene, hold_id: int, *, by: Actor, accept: bool = True) -> None:
    """Agree or not, as second person."""
    firm.do(
        lambda s: holds.confirm_hold(
            s, firm.world.rulebook, clock=firm.clock, actor=by, hold_id=hold_id,
            accept=accept, reason="核对了证据和金额，意见如上",
        )
    )  # fmt: skip


def release(firm: Scene, hold_id: int, fen: int, **more) -> str:
    """Let a part go by the reviewer."""
    return firm.do(
        lambda s: holds.release_hold(
            s, clock=firm.clock, actor=firm.world.reviewer, hold_id=hold_id, amount_fen=fen,
            reason="部分买家已收到退款，不再有争议", **more,
        )
    )  # fmt: skip


def extend(firm: Scene, hold_id: int, *, by: Actor) -> None:
    """Extend at the review."""
    firm.do(
        lambda s: holds.extend_hold(
            s, firm.world.rulebook, clock=firm.clock, actor=by, hold_id=hold_id,
            reason="退款还没有办完，争议仍在",
        )
    )  # fmt: skip


def expire(firm: Scene) -> int:
    """Let the minute's work end what is over."""
    return firm.do(
        lambda s: holds.expire_holds(s, clock=firm.clock, program=PROGRAM, actor=SYSTEM)
    )


def file(firm: Scene, hold_id: int, *, actor: Actor | None = None) -> HoldFile:
    """Return a hold with its receipts, as its owner sees it."""
    return firm.world.see(
        lambda s: get_hold(s, actor or firm.owner, clock=firm.clock, hold_id=hold_id)
    )


def books(firm: Scene) -> Books:
    """Return the books, as the auditor proves them."""
    return firm.world.see(lambda s: prove_books(s, firm.world.auditor, program=PROGRAM))
