"""Tells how the stores of some demo firms were dealt with over the last months, step by step.

Each step runs through the command a person uses, on a clock that stands at its day, so that the
ledger, the statements of reasons and the trail read as months of use would leave them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.assembly import App, bind
from marketplace.base.access import Actor, Role
from marketplace.base.access.actor import SYSTEM
from marketplace.base.access.commands import create_account
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Capacity
from marketplace.base.clock import FixedClock, start_of, today
from marketplace.base.db import write
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Intent, Origin, ViolationKind
from marketplace.features.enforcement.queries import list_courses, list_suspensions
from marketplace.features.progress.queries import time_zero
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import DEMO_PASSWORD, People
from marketplace.upkeep.demo.story import Plot, Story

SEEN = "标题与侧面图形疑似近似受保护品牌“示例标”（虚构）"
HEARD = "厂方说明：外包设计，事先不知情（虚构）"


@dataclass(slots=True)
class Teller:
    """The house at a day of the past, and who acts."""

    app: App
    people: People
    clock: FixedClock
    now: datetime

    def at(self, days_ago: int, hour: int = 10) -> None:
        """Go to an hour of a day before today."""
        day = today(FixedClock(self.now)) - timedelta(days=days_ago)
        self.clock.at = min(start_of(day) + timedelta(hours=hour), self.now)

    def finding(
        self,
        own: FactoryIds,
        number: int,
        *,
        found: int,
        decided: int,
        listings: int,
        course: str | None = None,
        intent: Intent = Intent.UNKNOWING,
        evidence: bool = False,
    ) -> int:
        """Record a finding, hear the owner two days later, uphold it on its day."""
        clock, rules = self.clock, self.app.rulebook()
        self.at(found)
        finding_id = int(
            write(
                self.app.store,
                lambda s: enforcement.record_finding(
                    s,
                    clock=clock,
                    actor=self.people.officer,
                    store_id=own.store_ids[0],
                    origin=Origin.PROACTIVE_MODEL if number % 2 else Origin.RIGHT_HOLDER,
                    listings=listings,
                    found_on=today(clock),
                    statement=SEEN,
                    reference=f"demo:measured:{own.factory_id}:{number}",
                    brand="示例标（虚构）",
                    product_ids=own.product_ids[number : number + 1],
                    category=ViolationKind.LOOK_ALIKE,
                    value_fen=listings * 12_900,
                ),
            )
        )
        if evidence:
            self.keep_evidence(finding_id)
        self.at(max(found - 2, decided))
        write(
            self.app.store,
            lambda s: enforcement.hear_owner(
                s,
                clock=clock,
                actor=self.people.officer,
                finding_id=finding_id,
                statement=HEARD,
            ),
        )
        self.at(decided, 15)
        write(
            self.app.store,
            lambda s: enforcement.decide_finding(
                s,
                rules,
                clock=clock,
                actor=self.people.reviewer,
                finding_id=finding_id,
                uphold=True,
                reason="两人比对实物与图样，均认为近似（虚构）",
                time_zero=time_zero,
                intent=intent,
                course=course,
            ),
        )
        return finding_id

    def keep_evidence(self, finding_id: int) -> None:
        """Keep a picture's digest and pass the sample on."""
        digest = f"{finding_id:064x}"
        evidence_id = write(
            self.app.store,
            lambda s: enforcement.add_evidence(
                s,
                clock=self.clock,
                actor=self.people.officer,
                finding_id=finding_id,
                name="网页取证图与样品一双（虚构）",
                holder="林晓岚（演示）",
                sha256=digest,
            ),
        )
        self.clock.advance(hours=20)
        write(
            self.app.store,
            lambda s: enforcement.hand_over_evidence(
                s,
                clock=self.clock,
                actor=self.people.officer,
                evidence_id=int(str(evidence_id)),
                holder="衡川检测样品室（虚构）",
            ),
        )

    def plan(self, owner: Actor, own: FactoryIds, *, sent: int, answered: int | None) -> None:
        """Hand in the plan of the running suspension; have it accepted, if a day is given."""
        self.at(sent)
        rows = write(
            self.app.store,
            lambda s: list_suspensions(s, owner, factory_id=own.factory_id),
        )
        suspension_id = rows[0].suspension_id
        write(
            self.app.store,
            lambda s: enforcement.submit_plan(
                s,
                clock=self.clock,
                actor=owner,
                suspension_id=suspension_id,
                plan="全部外包图样收回，改用自有楦型与图形；由设计主管逐款复核，三周内完成（虚构）。",
            ),
        )
        if answered is None:
            return
        self.at(answered)
        write(
            self.app.store,
            lambda s: enforcement.answer_plan(
                s,
                clock=self.clock,
                actor=self.people.deputy,
                suspension_id=suspension_id,
                accepted=True,
                answer="方案可行，请按期完成（虚构）",
            ),
        )

    def pass_term(self, days_ago: int) -> None:
        """Let the minute's work end what is over by a day."""
        self.at(days_ago)
        rules = self.app.rulebook()
        write(
            self.app.store,
            lambda s: enforcement.end_due_suspensions(s, rules, clock=self.clock, actor=SYSTEM),
        )

    def take_course(
        self, owner: Actor, own: FactoryIds, *, taken: int, confirmed: bool
    ) -> None:
        """Report the open course of a firm; have it confirmed two days later."""
        self.at(taken)
        rows = write(
            self.app.store, lambda s: list_courses(s, owner, factory_id=own.factory_id)
        )
        course_id = rows[0].course_id
        write(
            self.app.store,
            lambda s: enforcement.report_course_done(
                s,
                clock=self.clock,
                actor=owner,
                course_id=course_id,
                attended="设计主管与车间主任，莆田演示课堂（虚构）",
            ),
        )
        if confirmed:
            self.at(taken - 2)
            write(
                self.app.store,
                lambda s: enforcement.confirm_course(
                    s,
                    clock=self.clock,
                    actor=self.people.officer,
                    course_id=course_id,
                    confirmed=True,
                ),
            )


def firms(told: Sequence[Story], ids: Sequence[FactoryIds]) -> list[FactoryIds]:
    """Return the firms that relapsed, in order; those told here are `TOLD` of them."""
    return [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.RELAPSE]


TOLD = (0, 1, 4)  # which of the firms that relapsed have their story here, not in `present`


def tell(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Tell the stories: closed, open with few points, suspended past its term, suspended first."""
    relapsed = firms(told, ids)
    clock = FixedClock(app.clock.now())
    past = replace(app, house=replace(app.house, clock=clock))
    bind(app.store, past.house)
    try:
        teller = Teller(past, people, clock, app.clock.now())
        with_people = write(app.store, lambda s: _owners(s, past, people, relapsed))
        _closed(teller, with_people[0], relapsed[0])
        _few_points(teller, relapsed[1])
        _past_term(teller, relapsed[4])
        _suspended_first(teller, relapsed[5])
    finally:
        bind(app.store, app.house)


def _owners(
    session: Session, app: App, people: People, relapsed: Sequence[FactoryIds]
) -> tuple[Actor, Actor]:
    """Make two owners: of the firm whose store is closed, and of those still trading."""
    made = []
    for login, name, of in (
        ("owner2", "郑厂长（演示）", (0,)),
        ("owner3", "黄厂长（演示）", (1, 2, 4)),
    ):
        account_id = create_account(
            session, clock=app.clock, actor=people.admin, login=login, name=name,
            role=Role.OWNER, password=DEMO_PASSWORD,
            operators=[(relapsed[n].operator_id, Capacity.HEAD) for n in of],
        )  # fmt: skip
        session.flush()
        actor = actor_of(session, account_id)
        made.append(actor or SYSTEM)
    return made[0], made[1]


def _closed(teller: Teller, owner: Actor, own: FactoryIds) -> None:
    """Four offenses: a warning, 2 points, a suspension with an accepted plan, the closure."""
    teller.finding(own, 0, found=120, decided=116, listings=2)
    teller.finding(own, 1, found=96, decided=91, listings=3, course="trademark_basics")
    teller.take_course(owner, own, taken=80, confirmed=True)
    teller.finding(own, 2, found=66, decided=61, listings=4, evidence=True)
    teller.plan(owner, own, sent=57, answered=54)
    teller.pass_term(39)
    teller.finding(
        own, 3, found=15, decided=9, listings=6, evidence=True, course="own_design",
        intent=Intent.KNOWING,
    )  # fmt: skip
    teller.take_course(owner, own, taken=3, confirmed=False)


def _few_points(teller: Teller, own: FactoryIds) -> None:
    """Two offenses, the second with a course that nobody has taken yet."""
    teller.finding(own, 0, found=75, decided=70, listings=1)
    teller.finding(own, 1, found=40, decided=34, listings=2, evidence=True)


def _past_term(teller: Teller, own: FactoryIds) -> None:
    """Three offenses; the term ended without a plan, so the store stays suspended."""
    teller.finding(own, 0, found=110, decided=104, listings=1)
    teller.finding(own, 1, found=83, decided=78, listings=2)
    teller.finding(own, 2, found=42, decided=36, listings=3)
    teller.pass_term(14)


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
