"""Acts in the demo program at a day of the past, each step through the command a person uses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.access.actor import SYSTEM
from marketplace.base.clock import FixedClock, start_of, today
from marketplace.base.db import write
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Intent, Origin, ViolationKind
from marketplace.features.enforcement.queries import (
    list_courses,
    list_statements,
    list_suspensions,
)
from marketplace.features.progress.queries import time_zero
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People

SEEN = "标题与侧面图形疑似近似受保护品牌“示例标”（虚构）"
HEARD = "厂方说明：外包设计，事先不知情（虚构）"


@dataclass(slots=True)
class Teller:
    """The house at a day of the past, and who acts."""

    app: App
    people: People
    clock: FixedClock
    now: datetime
    second: Actor  # of the city: had no part in any case

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
        digest = hashlib.sha256(f"demo:{finding_id}".encode()).hexdigest()
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
                actor=self.people.officer,
                suspension_id=suspension_id,
                accepted=True,
                answer="方案可行，请按期完成（虚构）",
            ),
        )

    def appeal(self, owner: Actor, finding_id: int, *, filed: int, text: str) -> int:
        """Appeal against the statement of a finding."""
        self.at(filed, 9)
        rules = self.app.rulebook()

        def work(session: Session) -> int:
            paper = list_statements(session, owner, finding_id=finding_id)[-1]
            return appeals.file_appeal(
                session,
                rules,
                clock=self.clock,
                actor=owner,
                statement_id=paper.statement_id,
                ground=AppealGround.FACTS,
                text=text,
            )

        return write(self.app.store, work)

    def answer(
        self, who: Actor, appeal_id: int, *, decided: int, uphold: bool, reason: str
    ) -> None:
        """Decide an appeal by somebody who had no part before."""
        self.at(decided, 16)
        rules = self.app.rulebook()
        write(
            self.app.store,
            lambda s: appeals.decide_appeal(
                s,
                rules,
                clock=self.clock,
                actor=who,
                appeal_id=appeal_id,
                uphold=uphold,
                reason=reason,
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
