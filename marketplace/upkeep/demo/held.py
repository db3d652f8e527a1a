"""Tells what was held of one demo firm's payments: one ran out, one was let go in part, one runs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from marketplace.base.access import SYSTEM, Actor
from marketplace.base.db import read, write
from marketplace.features.enforcement.tables import Finding
from marketplace.features.holds import commands as holds
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.teller import Teller


def play(teller: Teller, own: FactoryIds) -> None:
    """Place, release and let run out; the findings were decided 34 and 20 days ago."""
    people, rules = teller.people, teller.app.rulebook()
    earlier, later = _finding(teller, own, 1), _finding(teller, own, 2)
    teller.at(40)
    write(
        teller.app.store,
        lambda s: holds.record_takings(
            s, clock=teller.clock, actor=people.officer, store_id=own.store_ids[0],
            amount_fen=1_860_000, source="十月模拟结算单（虚构）",
        ),
    )  # fmt: skip
    teller.at(18)
    _place(
        teller, people.deputy, later, "consumer_refunds", 12_900,
        "买家申请退货退款，退款办完前留足这一笔（虚构）",
    )  # fmt: skip
    teller.at(15)
    part = _place(
        teller, people.officer, earlier, "counterfeit_goods", 20_000,
        "图形近似的两件商品已售出，货款归属有争议（虚构）",
    )  # fmt: skip
    teller.at(7)
    write(
        teller.app.store,
        lambda s: holds.expire_holds(
            s, clock=teller.clock, program=rules.program.key, actor=SYSTEM
        ),
    )
    teller.at(6)
    write(
        teller.app.store,
        lambda s: holds.release_hold(
            s, clock=teller.clock, actor=people.reviewer, hold_id=part, amount_fen=8_000,
            reason="一位买家确认不退货，这部分没有争议了（虚构）",
        ),
    )  # fmt: skip
    teller.at(3)
    _place(
        teller, people.deputy, earlier, "many_complaints", 3_000,
        "又收到两件投诉，按所涉商品留足退款（虚构）",
    )  # fmt: skip


def _finding(teller: Teller, own: FactoryIds, number: int) -> int:
    wanted = sa.select(col(Finding.id)).where(
        col(Finding.reference) == f"demo:measured:{own.factory_id}:{number}"
    )
    with read(teller.app.store) as session:
        return int(session.execute(wanted).scalar_one() or 0)


def _place(
    teller: Teller, who: Actor, finding_id: int, basis: str, amount_fen: int, reason: str
) -> int:
    return write(
        teller.app.store,
        lambda s: holds.place_hold(
            s, teller.app.rulebook(), clock=teller.clock, actor=who, finding_id=finding_id,
            basis=basis, amount_fen=amount_fen, reason=reason,
        ),
    )  # fmt: skip
