"""Passes a few demo leads on, so that every state of a lead can be seen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.clock import today
from marketplace.base.db import read, write
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import list_findings
from marketplace.features.referrals import commands as referrals
from marketplace.features.referrals.kinds import OutcomeKind, Redaction
from marketplace.features.referrals.queries import get_package
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

# (agency, title, how far it goes: draft, sent, declined, taken up)
_LEADS = (
    ("market-supervision", "多店重复侵权线索（虚构）", "taken_up"),
    ("quality-inspection", "鞋类质量与标识线索（虚构）", "declined"),
    ("police-economic", "疑似成规模制售线索（虚构）", "sent"),
    ("market-supervision", "关店后仍有发货线索（虚构）", "draft"),
)


def play(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Prepare a lead about each firm that fell back and has a decided finding."""
    relapsed = [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.RELAPSE]
    waiting = list(_LEADS)
    for own in relapsed:
        if not waiting:
            return
        with read(app.store) as session:
            found = list_findings(
                session, people.officer, factory_id=own.factory_id, status=FindingStatus.UPHELD
            )
        if found:
            _pass_on(app, people, own.factory_id, [f.finding_id for f in found], waiting.pop(0))


def _pass_on(
    app: App, people: People, factory_id: int, findings: list[int], lead: tuple[str, str, str]
) -> None:
    agency, title, state = lead
    number = write(
        app.store,
        lambda s: referrals.prepare_referral(
            s,
            app.rulebook(),
            clock=app.clock,
            actor=people.officer,
            factory_id=factory_id,
            agency=agency,
            title=title,
            statement="项目巡查和认定所见如下，供贵单位核查。企业、店铺、人物均为虚构。",
            finding_ids=findings,
            left_out=(Redaction.PHONE,),
        ),
    )
    if state != "draft":
        write(app.store, lambda s: _go_on(s, app, people, number, state))


def _go_on(session: Session, app: App, people: People, number: int, state: str) -> None:
    package = get_package(session, people.reviewer, app.rulebook(), referral_id=number)
    referrals.sign_referral(
        session, app.rulebook(), clock=app.clock, actor=people.reviewer, referral_id=number,
        sha256=package.sha256,
    )  # fmt: skip
    if state == "sent":
        return
    referrals.answer_referral(
        session, clock=app.clock, actor=people.officer, referral_id=number,
        is_accepted=state == "taken_up", answered_on=today(app.clock),
        answer_ref="演示市监收〔2026〕12号（虚构）",
        note="" if state == "taken_up" else "不属本部门职权（虚构）",
    )  # fmt: skip
    if state == "taken_up":
        referrals.record_outcome(
            session, clock=app.clock, actor=people.officer, referral_id=number,
            kind=OutcomeKind.FILED_CASE, count=1, happened_on=today(app.clock),
            source="立案告知书（虚构）",
        )  # fmt: skip
