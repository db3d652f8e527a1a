"""No measure without its reasons; what lifts, escalates and ends by itself; who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base.access import SYSTEM
from marketplace.base.errors import Invalid, NotFound, Refused
from marketplace.base.files import open_file, receive_file
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import (
    CourseState,
    MeasureEnd,
    MeasureKind,
    PlanState,
    StatementBasis,
)
from marketplace.features.enforcement.queries import (
    get_statement,
    list_courses,
    list_evidence,
    list_suspensions,
)
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.registry.kinds import StoreStatus
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import (
    DIGEST,
    evidence,
    minute,
    offenses,
    overturn,
    papers,
    state,
    status,
    suspension,
    uphold,
)
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people, picture

KINDS = [
    [MeasureKind.TAKEDOWN, MeasureKind.WARNING],
    [MeasureKind.TAKEDOWN, MeasureKind.POINTS],
    [MeasureKind.TAKEDOWN, MeasureKind.POINTS, MeasureKind.SUSPENSION],
    [MeasureKind.TAKEDOWN, MeasureKind.POINTS, MeasureKind.CLOSURE],
]


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def submit(firm: Scene, text: str = "全部外包图样收回，改用自有楦型，三周内完成。") -> None:
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=suspension(firm), plan=text
        )
    )


def answer(firm: Scene, *, accepted: bool) -> None:
    firm.do(
        lambda s: enforcement.answer_plan(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            suspension_id=suspension(firm),
            accepted=accepted,
            answer="请写明时间" if not accepted else "方案可行",
        )
    )


def suspend_first(
    firm: Scene, finding_id: int, *, actor=None, reason="在售批次仍在发货，等不到决定"
):
    return firm.do(
        lambda s: enforcement.suspend_pending_decision(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.world.deputy,
            finding_id=finding_id,
            reason=reason,
        )
    )


def test_every_step_to_the_closure_has_its_statement(firm):
    offenses(firm, 4)
    found = list(reversed(papers(firm)))
    assert [[m.kind for m in p.measures] for p in found] == KINDS
    assert [p.number for p in found] == [f"CL2026-0000{n}" for n in (1, 2, 3, 4)]
    assert all(p.is_intact and not p.automated for p in found)
    assert status(firm) is StoreStatus.CLOSED


def test_a_points_entry_or_a_closure_without_reasons_is_refused_by_the_database(firm):
    finding = firm.finding()
    at = firm.clock.now()

    def forged(session):
        session.add(
            PointsEntry(
                store_id=firm.store_id,
                finding_id=finding,
                kind="score",
                offense=1,
                points=24,
                measure="points",
                at=at,
                rulebook_sha256="0" * 64,
            )
        )
        session.flush()

    with pytest.raises(sa.exc.DBAPIError, match="needs a statement of reasons"):
        firm.do(forged)


def test_what_was_written_into_the_ledger_or_a_statement_cannot_be_changed(firm):
    offenses(firm, 1)
    for table, change in (
        ("points_entry", "points = 5"),
        ("statement_of_reasons", "number = 'X'"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only grows"):
            firm.do(lambda s, t=table, c=change: s.execute(sa.text(f"UPDATE {t} SET {c}")))


def test_a_dismissed_finding_and_a_suspicion_have_no_measure(firm):
    firm.finding(number=1)
    assert papers(firm) == []
    assert state(firm).steps == ()
    assert status(firm) is StoreStatus.OPEN


def test_the_owner_reads_his_statements_and_no_other_owner_does(firm, world):
    offenses(firm, 1)
    number = papers(firm)[0].statement_id
    stranger = world.owner(firm.operator_id + 1000)
    assert papers(firm, stranger) == []
    with pytest.raises(NotFound):
        world.see(lambda s: get_statement(s, stranger, statement_id=number))
    assert papers(firm, world.auditor)[0].statement_id == number


def test_the_state_of_any_past_day_and_why(firm):
    before = firm.clock.now()
    offenses(firm, 2)
    two = firm.clock.now()
    firm.clock.advance(days=30)
    found = offenses(firm, 2, first=2)
    assert (state(firm, before).balance, state(firm, before).offenses) == (0, 0)
    assert (state(firm, two).balance, state(firm, two).status) == (2, StoreStatus.OPEN)
    now = state(firm)
    assert (now.balance, now.status) == (50, StoreStatus.CLOSED)  # 0 + 2 + 24 + 24
    assert now.closed_by is not None
    assert now.closed_by.offense == 4
    assert [s.statement_number for s in now.steps] == [p.number for p in reversed(papers(firm))]
    closed_at = firm.clock.now()
    firm.clock.advance(days=1)
    overturn(firm, found[0])
    # Today it is open again; of the day before yesterday the answer stays what it was.
    assert state(firm).status is not StoreStatus.CLOSED
    assert state(firm, closed_at).status is StoreStatus.CLOSED
    assert state(firm).balance == 26  # 0 + 2 + 24


def test_a_reversal_ends_the_measures_of_that_finding_alone(firm):
    found = offenses(firm, 2)
    overturn(firm, found[0])
    second, first = papers(firm)
    assert {m.end_reason for m in first.measures} == {MeasureEnd.REVERSED}
    assert {m.end_reason for m in second.measures} == {None}
    assert state(firm).steps[0].now is None  # taken back
    assert state(firm).steps[1].now.offense == 1  # numbered anew


def test_three_upheld_complaints_of_one_brand_close_with_one_statement(firm, world):
    for n in range(3):
        firm.clock.advance(hours=73)
        firm.do(
            lambda s, n=n: enforcement.count_complaint(
                s,
                world.rulebook,
                clock=firm.clock,
                actor=world.reviewer,
                store_id=firm.store_id,
                brand="示例标",
                complaint_ref=f"c{n}",
            )
        )
    (paper,) = papers(firm)
    assert paper.basis is StatementBasis.COMPLAINTS
    assert [m.kind for m in paper.measures] == [MeasureKind.CLOSURE]
    assert state(firm).closed_by.reason == "complaints_close"
    with pytest.raises(Refused, match="author_never_decides"):
        take_complaint_back(firm, world.reviewer)
    take_complaint_back(firm, world.deputy)
    assert status(firm) is StoreStatus.OPEN
    assert papers(firm)[0].measures[0].end_reason is MeasureEnd.REVERSED


def take_complaint_back(firm, actor):
    firm.do(
        lambda s: enforcement.reverse_complaint(
            s, firm.world.rulebook, clock=firm.clock, actor=actor, complaint_ref="c1"
        )
    )


def test_nobody_overturns_what_he_recorded_or_decided_and_no_machine_does(firm, world):
    (found,) = offenses(firm, 1)
    for actor in (world.officer, world.reviewer):
        with pytest.raises(Refused, match="author_never_decides"):
            overturn(firm, found, by=actor)
    overturn(firm, found)
    assert state(firm).balance == 0


def test_an_accepted_plan_opens_the_store_at_the_end_of_the_term(firm):
    offenses(firm, 3)
    assert status(firm) is StoreStatus.SUSPENDED
    submit(firm)
    with pytest.raises(Refused, match="reason_missing"):
        firm.do(
            lambda s: enforcement.answer_plan(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                suspension_id=suspension(firm),
                accepted=True,
                answer="",
            )
        )
    answer(firm, accepted=True)
    assert minute(firm) == 0  # the term still runs
    firm.clock.advance(days=21)
    assert minute(firm) == 1
    assert status(firm) is StoreStatus.OPEN
    assert minute(firm) == 0  # once
    term = papers(firm)[0].measures[-1]
    assert (term.kind, term.end_reason) == (MeasureKind.SUSPENSION, MeasureEnd.LIFTED)


def test_a_term_without_an_accepted_plan_escalates_with_a_statement_of_its_own(firm):
    offenses(firm, 3)
    submit(firm)
    answer(firm, accepted=False)
    firm.clock.advance(days=21)
    assert minute(firm) == 1
    assert minute(firm) == 0
    paper = papers(firm)[0]
    assert (paper.basis, paper.automated) == (StatementBasis.PLAN_MISSING, True)
    assert status(firm) is StoreStatus.SUSPENDED
    assert state(firm).status is StoreStatus.SUSPENDED
    submit(firm)
    answer(firm, accepted=True)  # late, but it opens at once
    assert status(firm) is StoreStatus.OPEN
    assert papers(firm)[0].measures[0].end_reason is MeasureEnd.LIFTED


def test_a_plan_is_a_sentence_and_an_accepted_one_stands(firm, world):
    offenses(firm, 3)
    with pytest.raises(Invalid):
        submit(firm, "马上改")
    submit(firm)
    rows = world.see(lambda s: list_suspensions(s, firm.owner, factory_id=firm.factory_id))
    assert [r.state for r in rows] == [PlanState.SUBMITTED]
    answer(firm, accepted=True)
    with pytest.raises(Refused, match="plan_accepted"):
        submit(firm)


def test_a_store_is_suspended_first_only_by_a_person_with_reasons_on_evidence(firm, world):
    finding = firm.finding()
    with pytest.raises(Refused, match="prima_facie_missing"):
        suspend_first(firm, finding)
    evidence(firm, finding)
    with pytest.raises(Refused, match="reason_too_short"):
        suspend_first(firm, finding, reason="急")
    with pytest.raises(Refused, match="person_decides"):
        suspend_first(firm, finding, actor=replace(world.deputy, account_id=None))
    suspend_first(firm, finding)
    assert status(firm) is StoreStatus.SUSPENDED
    (paper,) = papers(firm)
    assert paper.basis is StatementBasis.PRIMA_FACIE
    assert state(firm).balance == 0  # it costs no points
    uphold(firm, finding)
    assert status(firm) is StoreStatus.OPEN  # the first offense is a warning
    assert papers(firm)[-1].measures[0].end_reason is MeasureEnd.LIFTED


def test_a_suspension_before_the_decision_ends_by_itself(firm):
    finding = firm.finding()
    evidence(firm, finding)
    suspend_first(firm, finding)
    with pytest.raises(Refused, match="store_not_open"):
        suspend_first(firm, finding)
    firm.clock.advance(days=firm.world.rulebook.enforcement.measures.interim_days)
    assert minute(firm) == 1
    assert status(firm) is StoreStatus.OPEN
    assert papers(firm)[0].measures[0].end_reason is MeasureEnd.EXPIRED


def test_a_file_of_evidence_is_opened_where_its_finding_belongs_and_nowhere_else(firm, world):
    finding = firm.finding()

    def kept(**place) -> int:
        return firm.do(
            lambda s: receive_file(
                s, clock=world.clock, actor=world.officer, content=picture(), name="取证.png",
                purpose="evidence", subject=f"finding:{finding}", program=PROGRAM,
                data_dir=world.app.data_dir, **place,
            )
        )  # fmt: skip

    def add(use_id: int) -> int:
        return firm.do(
            lambda s: enforcement.add_evidence(
                s, clock=world.clock, actor=world.officer, finding_id=finding, name="取证图",
                holder="林晓岚", use_id=use_id,
            )
        )  # fmt: skip

    with pytest.raises(NotFound, match="file_not_found"):
        add(kept())  # every officer of the program would open it by its number
    use_id = kept(district="350304")
    assert add(use_id)
    away = replace(world.officer, limits=frozenset({(PROGRAM, "350303")}))
    with pytest.raises(NotFound):
        world.see(lambda s: open_file(s, away, use_id=use_id, data_dir=world.app.data_dir))


def test_evidence_is_kept_once_by_its_digest_and_has_one_holder_at_a_time(firm, world):
    finding = firm.finding()
    first = evidence(firm, finding)
    assert evidence(firm, finding) == first
    with pytest.raises(Invalid):
        evidence(firm, finding, digest="nonsense")
    with pytest.raises(Invalid) as nothing:  # neither a file nor a digest: what to give is said
        evidence(firm, finding, digest="")
    assert [(f.place, f.code) for f in nothing.value.faults] == [("sha256", "digest_or_file")]
    since = firm.clock.now()
    firm.clock.advance(hours=5)
    firm.do(
        lambda s: enforcement.hand_over_evidence(
            s,
            clock=firm.clock,
            actor=world.deputy,
            evidence_id=first,
            holder="检测样品室",
        )
    )
    (piece,) = world.see(lambda s: list_evidence(s, firm.owner, finding_id=finding))
    five = since + timedelta(hours=5)
    assert piece.sha256 == DIGEST
    assert piece.custody == (("林晓岚", since, five), ("检测样品室", five, None))
    uphold(firm, finding)
    assert any(
        DIGEST in line for _head, lines in papers(firm)[0].sections("zh") for line in lines
    )


def test_a_mandatory_course_is_reported_by_the_owner_and_confirmed_by_the_office(firm, world):
    finding = firm.finding()
    with pytest.raises(Invalid):
        uphold(firm, finding, course="no_such_course")
    firm.do(
        lambda s: enforcement.decide_finding(
            s,
            world.rulebook,
            clock=firm.clock,
            actor=world.reviewer,
            finding_id=finding,
            uphold=True,
            reason="两人复核认定",
            time_zero=lambda _s, _o: None,
            course="own_design",
        )
    )
    assert [m.kind for m in papers(firm)[0].measures] == [
        MeasureKind.TAKEDOWN,
        MeasureKind.COURSE,
    ]
    (course,) = courses(firm)
    with pytest.raises(Refused, match="course_not_reported"):
        confirm(firm, course.course_id, confirmed=True)
    report(firm, course.course_id)
    confirm(firm, course.course_id, confirmed=False)
    assert courses(firm)[0].state is CourseState.ASSIGNED
    report(firm, course.course_id)
    confirm(firm, course.course_id, confirmed=True)
    assert courses(firm) == []
    assert papers(firm)[0].measures[1].end_reason is MeasureEnd.SERVED


def courses(firm: Scene):
    return firm.world.see(lambda s: list_courses(s, firm.owner, factory_id=firm.factory_id))


def report(firm: Scene, course_id: int) -> None:
    firm.do(
        lambda s: enforcement.report_course_done(
            s, clock=firm.clock, actor=firm.owner, course_id=course_id, attended="设计主管"
        )
    )


def confirm(firm: Scene, course_id: int, *, confirmed: bool) -> None:
    firm.do(
        lambda s: enforcement.confirm_course(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            course_id=course_id,
            confirmed=confirmed,
            reason="请写明日期",
        )
    )


def test_the_words_of_a_statement_come_from_the_case(firm):
    finding = firm.finding()
    uphold(firm, finding)
    (paper,) = papers(firm)
    assert paper.title("zh") == "处理说明 CL2026-00001（第1店）"
    assert [head for head, _ in paper.sections("zh")] == [
        "一、事实", "二、陈述申辩", "三、证据", "四、规则依据", "五、处理措施", "六、由谁作出",
        "七、如何申诉",
    ]  # fmt: skip
    told = dict(paper.sections("zh"))
    assert told["二、陈述申辩"] == ("您的陈述申辩：厂方说明情况",)
    assert told["五、处理措施"] == (
        "下架：本案所涉商品 1 件，立即生效。",
        "警告：扣 0 分。",
        "第 1 次违规，累计扣分 0 分。",
    )
    assert told["四、规则依据"][2] == "适用规则：莆田鞋业品牌转正项目第 1 版。"
    assert "不是自动作出" in told["六、由谁作出"][0]
    english = dict(paper.sections("en"))
    assert english["5. Measures"][1] == "Warning: 0 points."
    assert "You can appeal until the end of" in english["7. How to appeal"][0]


def test_the_ledger_has_one_entry_a_finding_and_the_machine_never_scores_alone(firm):
    offenses(firm, 2)
    rows = firm.world.see(lambda s: list(s.execute(select(PointsEntry.decided_by)).scalars()))
    assert rows == [firm.world.reviewer.account_id] * 2
    assert SYSTEM.account_id not in rows
