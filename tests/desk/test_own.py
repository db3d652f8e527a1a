"""What waits for an owner, what he may take back, whose word counts, and what a reload keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.access import Actor, Role
from marketplace.base.access.commands import create_account
from marketplace.base.access.sessions import find_actor
from marketplace.base.access.tables import Capacity
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write
from marketplace.base.db.idempotency import once
from marketplace.base.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.base.inbox import chat_text, list_messages
from marketplace.desk.deeds import list_own_deeds
from marketplace.desk.drafts import drop_draft, find_draft, forget_old_drafts, keep_draft
from marketplace.desk.own import OwnKind, Undoable, list_own_tasks, list_undoable
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import get_finding, preview_overturn
from marketplace.features.history import commands as history
from marketplace.features.history.kinds import EarlierKind, QuantityBand, Reliability
from marketplace.features.history.queries import list_earlier_records
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import CertificationStatus, EnrollmentStatus
from marketplace.features.progress.queries import find_enrollment, get_standing, time_zero
from marketplace.features.progress.rules import StepState
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import DAY, Scene, account, make_firm, make_people, picture


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def tasks(firm: Scene):
    return firm.world.see(
        lambda s: list_own_tasks(
            s, firm.owner, firm.world.rulebook, clock=firm.clock, factory_id=firm.factory_id
        )
    )


def hand_in(firm: Scene, condition: str, kind: str) -> int:
    def work(s):
        use = receive_file(
            s, clock=firm.clock, actor=firm.owner, content=picture(), name="a.png",
            purpose=kind, subject=f"factory:{firm.factory_id}", program=PROGRAM,
            operator_id=firm.operator_id, data_dir=firm.world.app.data_dir,
        )  # fmt: skip
        return progress.submit_certification(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.owner,
            factory_id=firm.factory_id, condition=condition, evidence=[(kind, use)],
        )  # fmt: skip

    return firm.do(work)


def decide(firm: Scene, number: int, status: CertificationStatus, note: str = "材料相符"):
    firm.do(
        lambda s: progress.decide_certification(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
            certification_id=number, status=status, note=note,
        )
    )  # fmt: skip


def step(firm: Scene, key: str):
    standing = firm.world.see(
        lambda s: get_standing(
            s, firm.owner, firm.world.rulebook, clock=firm.clock, factory_id=firm.factory_id
        )
    )
    return next(one for one in standing.steps if one.key == key)


def agent_of(firm: Scene):
    return replace(firm.owner, agent_of=frozenset({firm.operator_id}))


def test_a_suspicion_to_answer_comes_first_and_a_returned_milestone_after_conditions(
    firm: Scene,
) -> None:
    assert tasks(firm)[0].kind is OwnKind.CONDITION
    decide(
        firm,
        hand_in(firm, "brand_book", "brand_book"),
        CertificationStatus.RETURNED,
        "还差标志用法",
    )
    finding = firm.finding()
    found = tasks(firm)
    assert (found[0].kind, found[0].entity_id) == (OwnKind.STATEMENT, finding)
    # Monday 2026-11-23 and five working days: the next Monday
    assert found[0].due_on == today(firm.clock) + 7 * DAY
    returned = next(t for t in found if t.kind is OwnKind.RETURNED)
    assert (returned.key, returned.note) == ("brand_book", "还差标志用法")
    last_condition = max(i for i, t in enumerate(found) if t.kind is OwnKind.CONDITION)
    assert found.index(returned) > last_condition


def test_the_owner_is_told_and_heard_before_a_finding_is_decided(firm: Scene) -> None:
    finding = firm.finding()
    told = firm.world.see(lambda s: list_messages(s, firm.owner))
    assert told[0].code == "finding_recorded"
    firm.do(
        lambda s: enforcement.hear_owner(
            s,
            clock=firm.clock,
            actor=firm.owner,
            finding_id=finding,
            statement="图案为自有设计",
        )
    )
    assert OwnKind.STATEMENT not in {t.kind for t in tasks(firm)}
    heard = firm.world.see(lambda s: get_finding(s, firm.world.officer, finding_id=finding))
    assert heard.hearing == "图案为自有设计"
    other = make_firm(firm.world, number=2, products=0)
    with pytest.raises(NotFound):
        other.do(
            lambda s: enforcement.hear_owner(
                s, clock=firm.clock, actor=other.owner, finding_id=finding, statement="别家的事"
            )
        )


def test_a_suspicion_that_does_not_stand_is_told_to_the_owner_too(firm: Scene) -> None:
    finding = firm.finding()
    firm.do(
        lambda s: enforcement.hear_owner(
            s, clock=firm.clock, actor=firm.owner, finding_id=finding, statement="自有设计"
        )
    )
    firm.do(
        lambda s: enforcement.decide_finding(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=firm.world.reviewer,
            finding_id=finding,
            uphold=False,
            reason="图形不近似",
            time_zero=time_zero,
        )
    )
    told = firm.world.see(lambda s: list_messages(s, firm.owner))
    assert [m.code for m in told].count("finding_dismissed") == 1
    assert told[0].subject == f"finding:{finding}"


def test_a_chat_text_names_no_store_and_no_decision(firm: Scene) -> None:
    firm.finding()
    message = firm.world.see(lambda s: list_messages(s, firm.owner))[0]
    text = chat_text(message, "zh", program="莆田原创", link="https://x.example/my_messages")
    assert text == (
        "莆田原创：您有一条关于店铺的消息，请登录查看。https://x.example/my_messages"
    )
    assert message.facts["store"] not in text


def test_an_approval_is_renewed_before_it_ends_without_a_break(firm: Scene) -> None:
    decide(firm, hand_in(firm, "real_name", "business_license"), CertificationStatus.APPROVED)
    assert step(firm, "real_name").renewal is None
    firm.clock.advance(days=335)  # 365 valid, 30 left: the window of the program file opens
    found = step(firm, "real_name")
    assert (found.state, found.renewal) == (StepState.DONE, StepState.OPEN)
    task = next(t for t in tasks(firm) if t.key == "real_name")
    # the end is exclusive, so the last day in time is the one before it
    assert (task.kind, task.due_on) == (OwnKind.RENEWAL, found.valid_until - DAY)
    number = hand_in(firm, "real_name", "business_license")
    found = step(firm, "real_name")
    assert (found.state, found.renewal, found.holder) == (
        StepState.DONE,
        StepState.REVIEW,
        "officer",
    )
    assert "real_name" not in {t.key for t in tasks(firm)}
    decide(firm, number, CertificationStatus.APPROVED)
    assert step(firm, "real_name").valid_until == today(firm.clock) + 365 * DAY


def test_what_nobody_decided_yet_can_be_taken_back_and_then_is_gone(firm: Scene) -> None:
    number = hand_in(firm, "real_name", "business_license")
    rows = firm.world.see(
        lambda s: list_undoable(s, firm.owner, firm.world.rulebook, factory_id=firm.factory_id)
    )
    assert [(r.kind, r.entity_id) for r in rows] == [(Undoable.CERTIFICATION, number)]
    firm.do(
        lambda s: progress.withdraw_certification(
            s, clock=firm.clock, actor=firm.owner, certification_id=number
        )
    )
    rows = firm.world.see(
        lambda s: list_undoable(s, firm.owner, firm.world.rulebook, factory_id=firm.factory_id)
    )
    assert rows == []


def test_a_double_tap_acts_once_and_gives_the_same_answer(firm: Scene) -> None:
    def tap(body: str) -> int:
        return firm.do(
            lambda s: once(
                s, clock=firm.clock, token="t1", scope="leave:1", body={"text": body},
                work=lambda: {"result": firm_work(s)},
            )
        )["result"]  # fmt: skip

    def firm_work(s) -> int:
        return enforcement.record_finding(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            origin="right_holder", listings=1, found_on=today(firm.clock), statement="一",
            reference=f"tap-{len(firm.world.see(lambda r: list_messages(r, firm.owner)))}",
        )  # fmt: skip

    first = tap("一")
    assert tap("一") == first
    assert len(firm.world.see(lambda s: list_messages(s, firm.owner))) == 1 + _before(firm)
    with pytest.raises(Conflict, match="token_reused"):
        tap("二")


def _before(firm: Scene) -> int:
    """How many messages there were besides the one about the finding."""
    told = firm.world.see(lambda s: list_messages(s, firm.owner))
    return sum(m.code != "finding_recorded" for m in told)


def test_a_draft_outlives_the_session_and_is_its_writers_alone(firm: Scene) -> None:
    world = firm.world
    with housekeeping_write(world.app.store) as session:
        keep_draft(
            session, clock=world.clock, actor=firm.owner, form="f", values={"a": "一", "n": 3}
        )
        keep_draft(session, clock=world.clock, actor=firm.owner, form="f", values={"a": "二"})
    assert world.see(lambda s: find_draft(s, firm.owner, form="f")) == {"a": "二", "n": 3}
    assert world.see(lambda s: find_draft(s, world.officer, form="f")) == {}
    with (
        pytest.raises(Refused, match="draft_too_long"),
        housekeeping_write(world.app.store) as session,
    ):
        keep_draft(
            session, clock=world.clock, actor=firm.owner, form="f", values={"a": "长" * 200_001}
        )
    with housekeeping_write(world.app.store) as session:
        drop_draft(session, actor=world.officer, form="f")
    assert world.see(lambda s: find_draft(s, firm.owner, form="f")) == {"a": "二", "n": 3}
    with housekeeping_write(world.app.store) as session:
        drop_draft(session, actor=firm.owner, form="f")
    assert world.see(lambda s: find_draft(s, firm.owner, form="f")) == {}


def test_a_draft_nobody_touches_is_forgotten_after_two_months(firm: Scene) -> None:
    def keep(form: str) -> None:
        with housekeeping_write(firm.world.app.store) as session:
            keep_draft(
                session, clock=firm.clock, actor=firm.owner, form=form, values={"phone": "138"}
            )

    def forget() -> int:
        with housekeeping_write(firm.world.app.store) as session:
            return forget_old_drafts(session, clock=firm.clock)

    keep("old")
    firm.clock.advance(days=1)
    keep("young")
    firm.clock.advance(days=59)
    assert forget() == 0  # the old one is 60 days old, not more
    firm.clock.advance(seconds=1)
    assert forget() == 1
    left = firm.world.see(lambda s: find_draft(s, firm.owner, form="young"))
    assert left == {"phone": "138"}
    assert firm.world.see(lambda s: find_draft(s, firm.owner, form="old")) == {}


def test_an_agent_does_the_daily_things_but_not_the_heads(firm: Scene) -> None:
    agent = agent_of(firm)
    world = firm.world

    def disclose(actor):
        return firm.do(
            lambda s: history.disclose(
                s, clock=firm.clock, actor=actor, operator_id=firm.operator_id,
                quantity_band=QuantityBand.PREFER_NOT, year_band="prefer_not",
                notice_sha256="a" * 64,
            )
        )  # fmt: skip

    def leave(actor):
        firm.do(
            lambda s: progress.leave_program(
                s, clock=firm.clock, actor=actor, enrollment_id=firm.enrollment_id,
                reason="转做其他行业",
            )
        )  # fmt: skip

    for forbidden in (disclose, leave):
        with pytest.raises(NotAllowed, match="head_only"):
            forbidden(agent)
    assert world.see(
        lambda s: list_own_tasks(
            s, agent, world.rulebook, clock=firm.clock, factory_id=firm.factory_id
        )
    )
    disclose(firm.owner)
    with pytest.raises(NotAllowed, match="head_only"):
        firm.do(
            lambda s: history.withdraw_disclosure(
                s, clock=firm.clock, actor=agent, operator_id=firm.operator_id
            )
        )
    leave(firm.owner)
    row = world.see(lambda s: find_enrollment(s, world.officer, operator_id=firm.operator_id))
    assert (row.status, row.exit_on) == (EnrollmentStatus.WITHDRAWN, today(firm.clock))


def test_the_account_says_who_is_head_and_who_is_agent(firm: Scene) -> None:
    world = firm.world
    chief = account(world, Actor(0, "chief", "主任", Role.ADMIN))
    for login, capacity in (("boss", Capacity.HEAD), ("helper", Capacity.AGENT)):
        world.do(
            lambda s, login=login, capacity=capacity: create_account(
                s, clock=world.clock, actor=chief, login=login, name=login, role=Role.OWNER,
                programs=[(PROGRAM, None)], operators=[(firm.operator_id, capacity)],
            )
        )  # fmt: skip
    boss, helper = (world.see(lambda s, x=x: find_actor(s, x)) for x in ("boss", "helper"))
    assert (boss.head_of, helper.head_of) == ({firm.operator_id}, frozenset())
    assert helper.operator_ids == {firm.operator_id}


def test_an_application_goes_back_with_its_reason_and_may_come_again(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    firm.do(
        lambda s: progress.reverse_enrollment(
            s, clock=firm.clock, actor=world.reviewer, enrollment_id=firm.enrollment_id,
            reason="登记有误，重新申请",
        )
    )  # fmt: skip

    def apply() -> int:
        return firm.do(
            lambda s: progress.apply_enrollment(
                s, clock=firm.clock, actor=firm.owner, operator_id=firm.operator_id,
                signed_on=today(firm.clock), signed_by="厂长",
            )
        )  # fmt: skip

    def give_back(number: int, reason: str) -> None:
        firm.do(
            lambda s: progress.return_application(
                s, clock=firm.clock, actor=world.officer, enrollment_id=number, reason=reason
            )
        )

    first = apply()
    # Monday 2026-11-23 and five working days
    assert step(firm, "enrolled").due_on == today(firm.clock) + 7 * DAY
    with pytest.raises(Refused, match="reason_missing"):
        give_back(first, " ")
    give_back(first, "签字处没有盖章")
    found = step(firm, "enrolled")
    assert (found.state, found.note) == (StepState.RETURNED, "签字处没有盖章")
    with pytest.raises(Refused, match="decided_already"):
        give_back(first, "再退一次")
    assert apply() != first
    assert step(firm, "enrolled").state is StepState.REVIEW


def test_a_finding_of_another_firm_never_stands_as_what_led_here(firm: Scene) -> None:
    other = make_firm(firm.world, number=2, products=0)
    foreign = other.finding(number=7)
    firm.do(
        lambda s: progress.reverse_enrollment(
            s, clock=firm.clock, actor=firm.world.reviewer, enrollment_id=firm.enrollment_id,
            reason="登记有误，重新申请",
        )
    )  # fmt: skip
    number = firm.do(
        lambda s: progress.apply_enrollment(
            s, clock=firm.clock, actor=firm.owner, operator_id=firm.operator_id,
            signed_on=today(firm.clock), signed_by="厂长",
        )
    )  # fmt: skip
    own = firm.finding(number=8)

    def accept(finding_id: int):
        return firm.do(
            lambda s: progress.accept_enrollment(
                s, clock=firm.clock, actor=firm.world.officer, enrollment_id=number,
                trigger_finding_id=finding_id,
            )
        )  # fmt: skip

    with pytest.raises(NotFound, match="finding_not_found"):
        accept(foreign)
    accept(own)
    row = firm.world.see(
        lambda s: find_enrollment(s, firm.world.officer, operator_id=firm.operator_id)
    )
    assert row.trigger_finding_id == own


def test_an_earlier_record_of_a_store_is_the_factorys_to_read_and_scores_nothing(
    firm: Scene,
) -> None:
    firm.do(
        lambda s: history.record_earlier_record(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            kind=EarlierKind.LISTINGS, source="平台下架清单（虚构）",
            reliability=Reliability.PLATFORM, unit="listings", quantity=7,
        )
    )  # fmt: skip
    (row,) = firm.world.see(
        lambda s: list_earlier_records(s, firm.owner, factory_id=firm.factory_id)
    )
    assert (row.store_name, row.quantity, row.unit) == ("第1店", 7, "listings")
    with pytest.raises(NotFound):
        firm.do(
            lambda s: history.record_earlier_record(
                s, clock=firm.clock, actor=firm.world.officer, store_id=9999,
                kind=EarlierKind.LISTINGS, source="x", reliability=Reliability.PRESS,
                unit="listings",
            )
        )  # fmt: skip


def test_the_preview_of_an_overturning_is_what_then_happens(firm: Scene) -> None:
    for number in (1, 2, 3):
        firm.uphold(firm.finding(number=number))
    # 0 + 2 + 24 = 26; without the first two offenses are left: 0 + 2 = 2, so -24
    told = firm.world.see(
        lambda s: preview_overturn(
            s, firm.world.reviewer, firm.world.rulebook, clock=firm.clock, finding_id=1
        )
    )
    assert (told.points, told.balance, told.reopens) == (-24, 2, False)


def test_the_to_do_of_each_role_holds_only_what_it_may_decide(firm: Scene) -> None:
    world = firm.world
    decide(firm, hand_in(firm, "real_name", "business_license"), CertificationStatus.APPROVED)
    hand_in(firm, "design_basis", "design_documents")  # the reviewer's by the program file
    hand_in(firm, "brand_book", "brand_book")

    def waiting(actor) -> list[str]:
        rows = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=firm.clock))
        return sorted(t.title for t in rows if t.kind is TaskKind.CERTIFICATION)

    assert waiting(world.officer) == waiting(world.deputy) == ["brand_book"]
    assert waiting(world.reviewer) == ["brand_book", "design_basis"]
    for actor in (world.marketer, world.auditor, firm.owner):
        with pytest.raises((NotAllowed, NotFound)):
            waiting(actor)


def test_a_disagreement_of_sources_grows_old_like_anything_else(firm: Scene) -> None:
    from marketplace.features.registry.commands import record_factory
    from tests.features.scene import uscc

    world = firm.world
    for source, staff in (("甲", 10), ("乙", 20)):
        world.do(
            lambda s, source=source, staff=staff: record_factory(
                s, world.rulebook, clock=world.clock, actor=world.officer,
                values={"name": "（虚构）莆田市第1鞋业有限公司", "uscc": uscc(1), "staff": staff},
                source=source,
            )
        )  # fmt: skip
    first = today(firm.clock)
    firm.clock.advance(days=20)
    (task,) = [
        t
        for t in world.see(
            lambda s: list_todo(s, world.officer, world.rulebook, clock=firm.clock)
        )
        if t.kind is TaskKind.CONFLICT
    ]
    assert task.due_on == first + 7 * DAY  # five working days after the disagreement began


def test_own_deeds_are_ones_own(firm: Scene) -> None:
    world = firm.world
    firm.finding()
    mine = world.see(lambda s: list_own_deeds(s, world.officer, clock=firm.clock))
    assert mine.latest[0].action == "enforcement.record_finding"
    theirs = world.see(lambda s: list_own_deeds(s, world.marketer, clock=firm.clock))
    assert (theirs.latest, theirs.total) == ((), 0)


def test_own_deeds_tell_how_many_there_are_beyond_those_shown(firm: Scene) -> None:
    world = firm.world
    for _ in range(3):
        firm.finding()
    every = world.see(lambda s: list_own_deeds(s, world.officer, clock=firm.clock))
    some = world.see(lambda s: list_own_deeds(s, world.officer, clock=firm.clock, limit=2))
    assert every.total == len(every.latest) > 2
    assert (some.latest, some.total) == (every.latest[:2], every.total)
