"""Enrollment is no shield: both groups counted apart, by what the firm was when the complaint came."""

from __future__ import annotations

from datetime import timedelta

from marketplace.base.clock import today
from marketplace.desk.intake_figures import intake_figures
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.oversight.queries import compare_enrollment
from marketplace.features.progress.commands import change_enrollment
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import find_enrollment, time_zero
from tests.features.complaints.conftest import intake, outsider

__all__ = ["intake", "outsider"]  # fixtures


def compared(intake, *, days: int = 60):
    world = intake.world
    rules = world.rulebook
    lenient = rules.model_copy(
        update={
            "intake": rules.intake.model_copy(update={"min_answered_for_rate": 2}),
            "methods": rules.methods.model_copy(update={"min_ended_waits": 2}),
        }
    )
    day = today(world.clock)
    return world.see(
        lambda s: compare_enrollment(
            s, world.auditor, lenient, clock=world.clock, since=day - timedelta(days=days),
            until=day,
        )
    )  # fmt: skip


def test_each_group_has_its_own_times_and_its_own_upheld_share(intake, outsider):
    for item in ("600001", "600002"):  # of the enrolled firm: refused on the day
        intake.refuse(intake.filed(item)[1])
    numbers = ("5", "6", "7")
    intake.file(*(intake.line(n, row=i, store=outsider) for i, n in enumerate(numbers, 1)))
    cases = [next(n for n in intake.cases().lines if n.item_no == item) for item in numbers]
    for case in cases:
        intake.do("forward_complaints", case_id=case.case_id)
    intake.world.clock.advance(days=9)
    for case in cases[:2]:  # the third still waits
        intake.uphold(intake.case(case.case_id).complaints[0].complaint_id)
    found = compared(intake)
    one, other = found.enrolled, found.others
    assert (one.received, one.answered, one.upheld) == (2, 2, 0)
    assert (other.received, other.answered, other.upheld) == (3, 2, 2)
    assert (other.waiting.n, other.waiting.ended) == (3, 2), "who waits is counted as waiting"
    assert (one.waiting.median_days, other.waiting.median_days) == (0, 9)
    # exact 95 %: of 0 in 2 up to 1 - 0.025 ** 0.5 = 0.842; of 2 in 2 from 0.025 ** 0.5 = 0.158
    assert [round(n, 3) for n in one.interval] == [0, 0.842]
    assert [round(n, 3) for n in other.interval] == [0.158, 1]


def test_a_complaint_from_before_enrollment_counts_as_not_enrolled(intake):
    intake.refuse(intake.filed("600001")[1])
    world = intake.world
    zero = world.see(lambda s: time_zero(s, intake.firm.operator_id))
    assert zero is not None
    store = intake.firm.store_id
    intake.do(
        "receive_complaint", store_id=store, origin=Origin.CONSUMER, item="600009",
        text="鞋面图形与某品牌相同", brand="云桥", received_on=zero - timedelta(days=1),
    )  # fmt: skip
    found = compared(intake, days=400)
    assert (found.enrolled.received, found.others.received) == (1, 1)


def test_a_complaint_from_after_the_exit_counts_as_not_enrolled(intake):
    world, operator = intake.world, intake.firm.operator_id
    intake.refuse(intake.filed("600001")[1])
    row = world.see(lambda s: find_enrollment(s, world.officer, operator_id=operator))
    world.do(
        lambda s: change_enrollment(
            s, clock=world.clock, actor=world.officer, enrollment_id=row.enrollment_id,
            status=EnrollmentStatus.WITHDRAWN, reason="企业申请退出项目",
        )
    )  # fmt: skip
    left = today(world.clock)
    world.clock.advance(days=1)
    for item, day in (("600008", left), ("600009", left + timedelta(days=1))):
        intake.do(
            "receive_complaint", store_id=intake.firm.store_id, origin=Origin.CONSUMER,
            item=item, text="鞋面图形与某品牌相同", brand="云桥", received_on=day,
        )  # fmt: skip
    found = compared(intake, days=400)
    assert (found.enrolled.received, found.others.received) == (2, 1)  # the day of exit is in
    figures = world.see(
        lambda s: intake_figures(s, world.officer, world.rulebook, clock=world.clock)
    )
    assert [g.times.received for g in figures.by_enrollment] == [2, 1]
