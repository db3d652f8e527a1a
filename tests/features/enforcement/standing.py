"""Rows of one measured case, written straight: for tests that need the things, not the story."""

from __future__ import annotations

from datetime import timedelta

from marketplace.base import audit
from marketplace.base.clock import today
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.enforcement.kinds import EntryKind, MeasureKind, StatementBasis
from marketplace.features.enforcement.tables import (
    CourseAssignment,
    FindingEvidence,
    MeasureTaken,
    PointsEntry,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.tables import PaymentHold
from tests.features.conftest import PROGRAM
from tests.features.scene import Scene


def measured_things(scene: Scene, finding_id: int) -> dict[str, object]:
    """Write a statement with a suspension, a course, evidence, a complaint and an open appeal."""
    now = scene.clock.now()

    def work(session) -> dict[str, object]:
        statement = StatementOfReasons(
            program=PROGRAM, number=f"CL-{scene.number}", basis=StatementBasis.FINDING,
            store_id=scene.store_id, factory_id=scene.factory_id,
            operator_id=scene.operator_id, finding_id=finding_id, facts={},
            text_zh=[["题", []]], text_en=[["T", []]], sha256="0" * 64,
            rulebook_sha256="0" * 64, decided_role="reviewer", at=now,
            appeal_until=today(scene.clock) + timedelta(days=9),
        )  # fmt: skip
        session.add(statement)
        session.flush()
        session.add(
            MeasureTaken(
                statement_id=statement.key, kind=MeasureKind.SUSPENSION,
                store_id=scene.store_id, finding_id=finding_id, from_at=now,
            )
        )  # fmt: skip
        session.flush()
        suspension = StoreSuspension(
            store_id=scene.store_id, finding_id=finding_id, from_at=now,
            until_at=now + timedelta(days=21),
        )  # fmt: skip
        course = CourseAssignment(
            statement_id=statement.key, store_id=scene.store_id, finding_id=finding_id,
            course="own_design", due_on=today(scene.clock) + timedelta(days=30),
        )  # fmt: skip
        evidence = FindingEvidence(
            finding_id=finding_id, name="图", sha256=f"{scene.number:064x}", added_at=now
        )
        complaint = PointsEntry(
            store_id=scene.store_id, complaint_ref=f"c-{scene.number}", brand="示例标",
            kind=EntryKind.COMPLAINT, points=0, at=now, rulebook_sha256="0" * 64,
        )  # fmt: skip
        appeal = Appeal(
            program=PROGRAM, number=f"SS-{scene.number}", statement_id=statement.key,
            store_id=scene.store_id, factory_id=scene.factory_id,
            operator_id=scene.operator_id, instance=1, ground=AppealGround.FACTS,
            text="图形登记在先，请复核。", filed_by=scene.owner.account_id, filed_at=now,
            due_on=today(scene.clock) + timedelta(days=9), status=AppealStatus.FILED,
            rulebook_sha256="0" * 64,
        )  # fmt: skip
        hold = PaymentHold(
            program=PROGRAM, number=f"ZH-{scene.number}", finding_id=finding_id,
            store_id=scene.store_id, factory_id=scene.factory_id,
            operator_id=scene.operator_id, basis="counterfeit_goods", disputed_fen=200,
            amount_fen=100, remaining_fen=100, reason="买家退款未办完，留足争议金额",
            status=HoldStatus.RUNNING, statement_id=statement.key, placed_by=1, placed_at=now,
            review_on=today(scene.clock), until_on=today(scene.clock) + timedelta(days=4),
            longest_until_on=today(scene.clock) + timedelta(days=60),
            rulebook_sha256="0" * 64,
        )  # fmt: skip
        session.add_all([suspension, course, evidence, complaint, appeal, hold])
        session.flush()
        audit.record(
            session, clock=scene.clock, actor=scene.world.officer, action="enforcement.test",
            subject=f"statement:{statement.key}", program=PROGRAM,
        )  # fmt: skip
        return {
            "statement_id": statement.key,
            "suspension_id": suspension.key,
            "course_id": course.key,
            "evidence_id": evidence.key,
            "complaint_ref": complaint.complaint_ref,
            "appeal_id": appeal.key,
            "hold_id": hold.key,
        }

    return scene.do(work)
