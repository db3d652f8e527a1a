"""An owner appeals; somebody who had no part decides; an upheld appeal reverses the ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.access.tables import AccountOperator, Capacity
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.base.inbox import list_messages
from marketplace.base.rulebook.enforcement import WhileOpen
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.queries import (
    count_outcomes,
    find_doors,
    get_appeal,
    list_appeals,
)
from marketplace.features.appeals.tables import Appeal
from marketplace.features.enforcement.commands import count_complaint, suspend_pending_decision
from marketplace.features.enforcement.kinds import MeasureEnd, MeasureKind
from marketplace.features.enforcement.queries import list_courses
from marketplace.features.enforcement.tables import MeasurePause
from marketplace.features.registry.kinds import StoreStatus
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import (
    evidence,
    minute,
    offenses,
    overturn,
    papers,
    state,
    status,
    uphold,
)
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people, picture

WHY = "第四次所指的款是我们自有品牌，图形登记在先。"


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def file(
    firm: Scene, *, nth: int = 0, actor=None, text: str = WHY, use_ids=(), rules=None
) -> int:
    """Appeal against the nth statement, newest first."""
    paper = papers(firm)[nth]
    return firm.do(
        lambda s: appeals.file_appeal(
            s,
            rules or firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.owner,
            statement_id=paper.statement_id,
            ground=AppealGround.FACTS,
            text=text,
            use_ids=use_ids,
        )
    )


def decide(
    firm: Scene, appeal_id: int, *, by=None, uphold_it: bool = True, reason=None
) -> None:
    firm.do(
        lambda s: appeals.decide_appeal(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=by or firm.world.deputy,
            appeal_id=appeal_id,
            uphold=uphold_it,
            reason=reason or "登记在先属实，图形并不近似，原认定撤销。",
        )
    )


def third(world, number: int = 77):
    """A reviewer of the city who had no part in anything."""
    return replace(world.reviewer, account_id=number, login="city")


def test_an_owner_of_a_closed_store_appeals_and_another_person_reverses_it(firm, world):
    offenses(firm, 4)
    assert status(firm) is StoreStatus.CLOSED
    appeal = file(firm)
    assert status(firm) is StoreStatus.CLOSED  # kept meanwhile, as the program states
    decide(firm, appeal)
    assert state(firm).balance == 26  # the fourth taken back: 0 + 2 + 24
    assert status(firm) is not StoreStatus.CLOSED
    assert {m.end_reason for m in papers(firm)[0].measures} == {MeasureEnd.REVERSED}
    told = world.see(lambda s: [m.code for m in list_messages(s, firm.owner)])
    assert "appeal_upheld" in told


def test_whoever_had_a_part_never_decides_at_any_instance(firm, world):
    offenses(firm, 1)
    first = file(firm)
    for actor in (world.officer, world.reviewer):  # recorded, decided
        with pytest.raises(Refused, match="had_a_part_before"):
            decide(firm, first, by=actor)
    with pytest.raises(Refused, match="had_a_part_before"):
        decide(firm, first, by=replace(world.deputy, account_id=firm.owner.account_id))
    with pytest.raises(Refused, match="had_a_part_before"):
        decide(firm, first, by=replace(world.deputy, account_id=None))
    with pytest.raises(NotAllowed):
        decide(firm, first, by=firm.owner)
    decide(firm, first, uphold_it=False)
    second = file(firm)
    with pytest.raises(Refused, match="had_a_part_before"):
        decide(firm, second)  # the deputy decided the first instance
    decide(firm, second, by=third(world))
    assert state(firm).offenses == 0


def test_whoever_counted_the_closing_complaint_does_not_decide_the_appeal(firm, world):
    for n, actor in enumerate((world.officer, world.officer, world.reviewer)):
        firm.clock.advance(hours=73)
        firm.do(
            lambda s, n=n, by=actor: count_complaint(
                s, world.rulebook, clock=firm.clock, actor=by, store_id=firm.store_id,
                brand="示例标", complaint_ref=f"c{n}",
            )
        )  # fmt: skip
    assert status(firm) is StoreStatus.CLOSED
    appeal = file(firm)
    with pytest.raises(Refused, match="had_a_part_before"):
        decide(firm, appeal, by=world.reviewer, uphold_it=False)
    decide(firm, appeal)
    assert status(firm) is StoreStatus.OPEN


def test_the_work_list_shows_an_appeal_only_to_who_may_decide_it(firm, world):
    offenses(firm, 1)
    appeal = file(firm)

    def waiting(actor):
        tasks = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=firm.clock))
        return [t.entity_id for t in tasks if t.kind is TaskKind.APPEAL]

    assert waiting(world.officer) == []
    assert waiting(world.reviewer) == []
    assert waiting(world.deputy) == [appeal]
    decide(firm, appeal, uphold_it=False)
    assert waiting(world.deputy) == []


def test_there_is_one_appeal_an_instance_and_two_instances(firm, world):
    offenses(firm, 1)
    first = file(firm)
    with pytest.raises(Refused, match="appeal_open"):
        file(firm)
    decide(firm, first, uphold_it=False)
    second = file(firm)
    decide(firm, second, by=third(world), uphold_it=False)
    with pytest.raises(Refused, match="no_instance_left"):
        file(firm)
    rows = world.see(lambda s: list_appeals(s, firm.owner))
    assert [(r.instance, r.status) for r in rows] == [
        (2, AppealStatus.REJECTED),
        (1, AppealStatus.REJECTED),
    ]
    assert [r.number for r in rows] == ["SS2026-00002", "SS2026-00001"]


def test_an_appeal_after_its_last_day_is_refused_with_the_day(firm):
    offenses(firm, 1)
    until = papers(firm)[0].appeal_until
    firm.clock.advance(days=60)
    with pytest.raises(Refused, match="appeal_too_late") as refused:
        file(firm)
    assert refused.value.facts["until"] == until


def test_only_the_head_of_the_firm_appeals_and_with_a_sentence(firm, world):
    offenses(firm, 1)
    with pytest.raises(Invalid):
        file(firm, text="不服")
    firm.do(lambda s: make_agent(s, firm))
    with pytest.raises(Refused, match="head_needed"):
        file(firm)


def test_an_agent_does_not_give_up_what_the_head_appealed_against(firm):
    """What is taken back is over for good: that is the head's alone."""
    offenses(firm, 1)
    appeal = file(firm)
    firm.do(lambda s: make_agent(s, firm))
    with pytest.raises(Refused, match="head_needed"):
        firm.do(
            lambda s: appeals.withdraw_appeal(
                s, clock=firm.clock, actor=firm.owner, appeal_id=appeal
            )
        )


def make_agent(session, firm: Scene) -> None:
    """Turn the firm's head into an agent of his."""
    tie = session.execute(
        select(AccountOperator).where(AccountOperator.account_id == firm.owner.account_id)
    ).scalar_one()
    tie.capacity = Capacity.AGENT
    audit.record(
        session,
        clock=firm.clock,
        actor=SYSTEM,
        action="access.create_account",
        subject=f"account:{tie.account_id}",
    )


def test_nobody_sees_or_answers_the_appeal_of_another_firm(firm, world):
    offenses(firm, 1)
    appeal = file(firm)
    stranger = world.owner(firm.operator_id + 999)
    assert world.see(lambda s: list_appeals(s, stranger)) == []
    for act in (
        lambda s: get_appeal(s, stranger, appeal_id=appeal),
        lambda s: appeals.withdraw_appeal(
            s, clock=firm.clock, actor=stranger, appeal_id=appeal
        ),
    ):
        with pytest.raises(NotFound):
            firm.do(act)
    with pytest.raises(NotFound):
        file(firm, actor=stranger)


def test_evidence_goes_with_an_appeal_and_nobody_elses(firm, world):
    offenses(firm, 1)
    other = make_firm(world, number=2, products=0)

    def upload(owner, operator_id):
        return firm.do(
            lambda s: receive_file(
                s,
                clock=firm.clock,
                actor=owner,
                content=picture(),
                name="登记证书.png",
                purpose="appeal",
                subject="statement:1",
                program=PROGRAM,
                operator_id=operator_id,
                data_dir=world.app.data_dir,
            )
        )

    mine = upload(firm.owner, firm.operator_id)
    theirs = upload(other.owner, other.operator_id)
    with pytest.raises(NotFound):
        file(firm, use_ids=[theirs])
    appeal = file(firm, use_ids=[mine, mine])
    row = world.see(lambda s: get_appeal(s, world.deputy, appeal_id=appeal))
    assert row.use_ids == (mine,)


def test_a_course_does_not_run_out_while_an_appeal_is_open(firm, world):
    uphold(firm, firm.finding(), course="own_design")

    def course():
        return world.see(lambda s: list_courses(s, firm.owner, factory_id=firm.factory_id))[0]

    due = course().due_on
    appeal = file(firm)
    assert course().paused
    firm.clock.advance(days=4)
    decide(firm, appeal, uphold_it=False)
    assert not course().paused
    assert (course().due_on - due).days == 4


def test_a_program_may_pause_a_suspension_which_then_runs_for_what_was_left(firm, world):
    rules = pausing(world, "suspension")
    offenses(firm, 3)
    until = papers(firm)[0].measures[-1].until_at
    firm.clock.advance(days=2)
    before = firm.clock.now()
    appeal = file(firm, rules=rules)
    assert status(firm) is StoreStatus.OPEN
    firm.clock.advance(days=30)
    during = firm.clock.now()
    assert minute(firm) == 0  # its term stands still
    decide(firm, appeal, uphold_it=False)
    assert status(firm) is StoreStatus.SUSPENDED
    assert (papers(firm)[0].measures[-1].until_at - until).days == 30
    # The past stays told as it was.
    assert state(firm, before).status is StoreStatus.OPEN  # the pause began at that instant
    assert state(firm, during.replace(microsecond=0)).status is StoreStatus.SUSPENDED
    firm.clock.advance(days=18)
    assert minute(firm) == 0  # 21 days have to run: 2 before the pause and 19 after it
    firm.clock.advance(days=1)
    assert minute(firm) == 1


def test_a_withdrawn_appeal_lets_the_measures_run_and_shuts_the_instance(firm, world):
    offenses(firm, 1)
    appeal = file(firm)
    firm.do(
        lambda s: appeals.withdraw_appeal(
            s, clock=firm.clock, actor=firm.owner, appeal_id=appeal
        )
    )
    with pytest.raises(Refused, match="appeal_over"):
        file(firm)
    with pytest.raises(Refused, match="appeal_not_open"):
        decide(firm, appeal)


def test_a_finding_overturned_meanwhile_settles_its_appeal(firm, world):
    (found,) = offenses(firm, 1)
    appeal = file(firm)
    overturn(firm, found)
    row = world.see(lambda s: get_appeal(s, firm.owner, appeal_id=appeal))
    assert row.status is AppealStatus.SETTLED
    doors = world.see(
        lambda s: find_doors(
            s, firm.owner, world.rulebook, clock=firm.clock, factory_id=firm.factory_id
        )
    )
    assert [d.refusal for d in doors.values()] == ["measures_reversed"]


def test_an_automatic_escalation_can_be_appealed_and_lifted(firm, world):
    offenses(firm, 3)
    firm.clock.advance(days=21)
    minute(firm)
    assert status(firm) is StoreStatus.SUSPENDED
    decide(firm, file(firm))
    assert status(firm) is StoreStatus.OPEN
    assert state(firm).balance == 26  # the points stay; only the escalation fell
    ended = [m.end_reason for m in papers(firm)[0].measures]
    assert ended == [MeasureEnd.REVERSED]


def test_outcomes_are_counted_by_instance_with_the_time_they_took(firm, world):
    offenses(firm, 3)
    one, two = file(firm, nth=1), file(firm, nth=2)
    file(firm, nth=0)
    firm.clock.advance(days=3)
    decide(firm, one)
    firm.clock.advance(days=20)
    decide(firm, two, uphold_it=False)
    (first,) = world.see(
        lambda s: count_outcomes(s, world.auditor, clock=firm.clock, program=PROGRAM)
    )
    assert (first.filed, first.upheld, first.rejected, first.open) == (3, 1, 1, 1)
    assert first.waits == ((3, True), (23, False), (23, True))  # the open one waits on
    assert (first.in_time, first.decided, first.overdue) == (1, 2, 1)


def test_the_database_refuses_a_second_appeal_and_a_decision_without_a_person(firm):
    offenses(firm, 1)
    appeal = file(firm)
    with pytest.raises(sa.exc.IntegrityError):
        firm.do(
            lambda s: s.execute(
                sa.update(Appeal)
                .where(Appeal.id == appeal)
                .values(status=AppealStatus.UPHELD, closed_at=firm.clock.now())
            )
        )
    with pytest.raises(sa.exc.IntegrityError):
        firm.do(lambda s: s.execute(_twice(s, appeal)))


def _twice(session, appeal: int):
    kept = session.get(Appeal, appeal)
    values = {c.name: getattr(kept, c.name) for c in Appeal.__table__.columns if c.name != "id"}
    return sa.insert(Appeal).values(**{**values, "number": "SS2026-99999"})


def test_a_measure_that_was_kept_is_never_paused(firm):
    offenses(firm, 3)
    file(firm)
    kinds = {m.kind: m.paused_at for m in papers(firm)[0].measures}
    assert kinds[MeasureKind.SUSPENSION] is None
    assert status(firm) is StoreStatus.SUSPENDED


def pausing(world, measure: str):
    """The program's rules, but that a measure is paused while an appeal is open."""
    enforcement = world.rulebook.enforcement
    stated = WhileOpen(measure=measure, effect="paused", why_zh="例", why_en="e.g.")
    changed = enforcement.appeals.model_copy(update={"while_open": (stated,)})
    return world.rulebook.model_copy(
        update={"enforcement": enforcement.model_copy(update={"appeals": changed})}
    )


def suspended_under_a_pausing_program(firm, world):
    """A store suspended before the decision; return those rules and its finding."""
    found = firm.finding()
    evidence(firm, found)
    rules = pausing(world, "interim_suspension")
    firm.do(
        lambda s: suspend_pending_decision(
            s, rules, clock=firm.clock, actor=third(world, 78), finding_id=found,
            reason="样品已封存，等待认定期间先行暂停",
        )
    )  # fmt: skip
    return rules, found


def test_a_program_may_pause_a_suspension_before_the_decision_too(firm, world):
    rules, _found = suspended_under_a_pausing_program(firm, world)
    assert status(firm) is StoreStatus.SUSPENDED
    until = papers(firm)[0].measures[0].until_at
    firm.clock.advance(days=2)
    appeal = file(firm, rules=rules)
    assert status(firm) is StoreStatus.OPEN
    firm.clock.advance(days=5)
    during = firm.clock.now()
    assert state(firm).status is StoreStatus.OPEN
    firm.clock.advance(days=25)
    assert minute(firm) == 0  # its term stands still
    decide(firm, appeal, by=third(world), uphold_it=False)
    assert status(firm) is StoreStatus.SUSPENDED
    assert (papers(firm)[0].measures[0].until_at - until).days == 30
    assert state(firm).status is StoreStatus.SUSPENDED
    assert state(firm, during.replace(microsecond=0)).status is StoreStatus.OPEN
    firm.clock.advance(days=7)
    assert minute(firm) == 0  # ten days have to run: two before the pause and eight after it
    firm.clock.advance(days=1)
    assert minute(firm) == 1
    assert status(firm) is StoreStatus.OPEN


def test_a_finding_decided_while_its_suspension_is_paused_ends_the_pause_with_it(firm, world):
    rules, found = suspended_under_a_pausing_program(firm, world)
    appeal = file(firm, rules=rules)
    uphold(firm, found)
    assert papers(firm)[-1].measures[0].end_reason is MeasureEnd.LIFTED
    running = world.see(
        lambda s: list(
            s.execute(select(MeasurePause.id).where(MeasurePause.until_at.is_(None))).scalars()
        )
    )
    assert running == []
    decide(firm, appeal, by=third(world), uphold_it=False)
    assert status(firm) is StoreStatus.OPEN


def test_reasons_of_a_word_are_refused_and_the_refusal_says_how_long_they_are(firm):
    offenses(firm, 4)
    with pytest.raises(Refused, match="answer_too_short") as refused:
        decide(firm, file(firm), reason="维持原决定。")  # 6 characters
    assert refused.value.facts == {"least": 10}
