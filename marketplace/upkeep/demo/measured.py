"""Tells how the stores of some demo firms were dealt with over the last months, step by step.

Each step runs through the command a person uses, on a clock that stands at its day, so that the
ledger, the statements of reasons and the trail read as months of use would leave them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import Actor, Role
from marketplace.base.access.actor import SYSTEM
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Capacity
from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.features.appeals import commands as appeals
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Intent, Origin, ViolationKind
from marketplace.upkeep.demo import held
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.hours import gone_back
from marketplace.upkeep.demo.people import People, make_account
from marketplace.upkeep.demo.story import Plot, Story
from marketplace.upkeep.demo.teller import Teller


def firms(told: Sequence[Story], ids: Sequence[FactoryIds]) -> list[FactoryIds]:
    """Return the firms that relapsed, in order; those told here are `TOLD` of them."""
    return [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.RELAPSE]


TOLD = (0, 1, 4)  # which of the firms that relapsed have their story here, not in `present`


def tell(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Tell the stories: closed, open with few points, suspended past its term, suspended first."""
    relapsed = firms(told, ids)
    with gone_back(app) as (past, clock):
        second = write(app.store, lambda s: _second(s, past, people))
        teller = Teller(past, people, clock, app.clock.now(), second)
        owners = write(app.store, lambda s: _owners(s, past, people, relapsed))
        _closed(teller, owners[0], relapsed[0])
        _few_points(teller, owners[1], relapsed[1])
        _past_term(teller, owners[1], relapsed[4])
        _suspended_first(teller, relapsed[5])
        held.play(teller, relapsed[1])


def _second(session: Session, app: App, people: People) -> Actor:
    """Make the city's reviewer, who decides what everybody else had a part in."""
    account_id = make_account(
        session, app.clock, people.admin, login="reviewer2", name="许衡（演示）",
        role=Role.REVIEWER, program=app.rulebook().program.key,
    )  # fmt: skip
    return actor_of(session, account_id) or SYSTEM


def _owners(
    session: Session, app: App, people: People, relapsed: Sequence[FactoryIds]
) -> tuple[Actor, Actor]:
    """Make two owners: of the firm whose store is closed, and of those still trading."""
    made = []
    for login, name, of in (
        ("owner2", "郑厂长（演示）", (0,)),
        ("owner3", "黄厂长（演示）", (1, 2, 4)),
    ):
        account_id = make_account(
            session, app.clock, people.admin, login=login, name=name, role=Role.OWNER,
            operators=[(relapsed[n].operator_id, Capacity.HEAD) for n in of],
        )  # fmt: skip
        actor = actor_of(session, account_id)
        made.append(actor or SYSTEM)
    return made[0], made[1]


def _closed(teller: Teller, owner: Actor, own: FactoryIds) -> None:
    """Four offenses: a warning, 2 points, a suspension with an accepted plan, the closure."""
    teller.finding(own, 0, found=120, decided=116, listings=2)
    teller.finding(own, 1, found=96, decided=91, listings=3, course="trademark_basics")
    teller.take_course(owner, own, taken=80, confirmed=True)
    third = teller.finding(own, 2, found=66, decided=61, listings=4, evidence=True)
    teller.plan(owner, own, sent=57, answered=54)
    first = teller.appeal(
        owner,
        third,
        filed=52,
        text="图样是设计公司提供的，我们事先不知情，也已全部收回（虚构）。",
    )
    teller.answer(
        teller.people.deputy, first, decided=44, uphold=False,
        reason="不知情不影响是否近似；已收回的事实写入整改方案（虚构）",
    )  # fmt: skip
    again = teller.appeal(
        owner,
        third,
        filed=40,
        text="请再审理：图样在收到通知前已停用，有往来邮件为证（虚构）。",
    )
    teller.pass_term(39)
    teller.answer(
        teller.second, again, decided=29, uphold=False,
        reason="邮件日期晚于发现之日，不能证明此前已停用（虚构）",
    )  # fmt: skip
    teller.finding(
        own, 3, found=15, decided=9, listings=6, evidence=True, course="own_design",
        intent=Intent.KNOWING,
    )  # fmt: skip
    teller.take_course(owner, own, taken=3, confirmed=False)


def _few_points(teller: Teller, owner: Actor, own: FactoryIds) -> None:
    """Two offenses; the appeal against the first was upheld, so the second counts as the first."""
    one = teller.finding(own, 0, found=75, decided=70, listings=1)
    teller.finding(own, 1, found=40, decided=34, listings=2, evidence=True)
    upheld = teller.appeal(
        owner, one, filed=60, text="图形是我们登记的作品，登记在先，附登记号（虚构）。"
    )
    teller.answer(
        teller.people.deputy, upheld, decided=30, uphold=True,
        reason="登记在先属实，图形并不近似，原认定撤销（虚构）",
    )  # fmt: skip
    taken_back = teller.finding(own, 2, found=24, decided=20, listings=1, course="own_design")
    withdrawn = teller.appeal(
        owner, taken_back, filed=12, text="想先补充材料再说明情况（虚构）。"
    )
    teller.at(10)
    write(
        teller.app.store,
        lambda s: appeals.withdraw_appeal(
            s, clock=teller.clock, actor=owner, appeal_id=withdrawn
        ),
    )


def _past_term(teller: Teller, owner: Actor, own: FactoryIds) -> None:
    """Three offenses; the term ended without a plan, so the store stays suspended."""
    teller.finding(own, 0, found=110, decided=104, listings=1)
    teller.finding(own, 1, found=83, decided=78, listings=2)
    third = teller.finding(own, 2, found=36, decided=30, listings=3)
    teller.appeal(
        owner, third, filed=10, text="三件中有一件是样品间的旧图，没有上架出售（虚构）。"
    )
    teller.pass_term(8)
    teller.plan(owner, own, sent=1, answered=None)


def _suspended_first(teller: Teller, own: FactoryIds) -> None:
    """A finding that waits for its decision, its store suspended on prima facie evidence."""
    clock, rules = teller.clock, teller.app.rulebook()
    teller.at(2)
    finding_id = int(
        write(
            teller.app.store,
            lambda s: enforcement.record_finding(
                s,
                clock=clock,
                actor=teller.people.officer,
                store_id=own.store_ids[-1],
                origin=Origin.CONSUMER,
                listings=9,
                found_on=today(clock),
                statement="多名消费者上传实物图，疑似整批仿冒（虚构）",
                reference=f"demo:measured:{own.factory_id}:first",
                brand="示例标（虚构）",
                category=ViolationKind.COUNTERFEIT,
                value_fen=486_000,
            ),
        )
    )
    teller.keep_evidence(finding_id)
    write(
        teller.app.store,
        lambda s: enforcement.suspend_pending_decision(
            s,
            rules,
            clock=clock,
            actor=teller.people.deputy,
            finding_id=finding_id,
            reason="在售批次仍在发货，等到决定会继续流入市场（虚构）",
        ),
    )
