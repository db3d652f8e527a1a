"""What the office reads before it decides, and an appeal where it is listed; as the demo fills it."""

from __future__ import annotations

from sqlmodel import select

from marketplace.base.access import Actor, Role
from marketplace.base.db import read, write
from marketplace.base.words import say
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.enforcement.commands import hear_owner
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus
from marketplace.features.enforcement.tables import Finding
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures


def opened(visit, view: str, role=Role.OFFICER, **query: str) -> str:
    at = visit(role, "zh").run()
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(f"views/{view}.py").run()
    assert not at.exception, at.exception
    return "\n".join(shown(at))


def test_a_heard_finding_tells_what_upholding_it_brings(demo, visit):
    with read(demo.store) as session:
        heard = session.execute(
            select(Finding.id).where(
                Finding.status == FindingStatus.SUSPECTED,
                Finding.basis == FindingBasis.CASE,
                ~Finding.reference.startswith("case:"),
            )
        ).scalars().first()  # fmt: skip
    officer = Actor(2, "officer", "officer", Role.OFFICER, frozenset({"putian-footwear"}))
    write(
        demo.store,
        lambda s: hear_owner(
            s, clock=demo.clock, actor=officer, finding_id=heard, statement="厂方没有意见"
        ),
    )
    told = opened(visit, "decide", Role.REVIEWER, kind="finding", id=str(heard))
    assert say("complaints.if_upheld", "zh") in told
    assert "次违规，扣" in told


def test_a_decided_appeal_is_read_with_its_answer_and_offers_no_decision(demo, visit):
    with read(demo.store) as session:
        appeal = session.execute(
            select(Appeal).where(Appeal.status == AppealStatus.REJECTED)
        ).scalars().first()  # fmt: skip
    told = opened(visit, "appeals", Role.AUDITOR, appeal=str(appeal.id))
    assert appeal.text in told
    assert appeal.decision in told
    assert say("appeals.to_decide", "zh") not in told
    assert "没有" in opened(visit, "appeals", Role.AUDITOR, appeal="999999")
