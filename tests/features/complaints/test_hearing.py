"""The owner is heard before anybody decides: by himself, in person, or his days pass in silence."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.errors import Invalid, NotFound, Refused
from marketplace.base.inbox import list_messages
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.complaints.kinds import CaseStep, HearingWay, Turn
from marketplace.features.complaints.queries import list_cases_against
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.commands import hear_owner
from marketplace.features.enforcement.kinds import Intent, Origin, ViolationKind
from marketplace.features.enforcement.queries import get_detail, get_finding, list_statements
from tests.features.scene import make_firm, picture

SAID = "图案由外包公司提供，我厂事先不知情，已全部下架"


def found(intake, **more) -> int:
    """Open a case of an inspection and record a finding; return the case."""
    case_id = intake.do(
        "open_case", store_id=intake.firm.store_id, origin=Origin.INSPECTION, item="600001",
        statement="巡查时看到鞋侧图形近似",
    )  # fmt: skip
    intake.do(
        "record_case_finding", case_id=case_id, listings=1, found_on=date(2026, 11, 23),
        statement="鞋侧图形近似", **more,
    )  # fmt: skip
    return case_id


def decide(intake, case_id: int) -> None:
    intake.do(
        "decide_in_case", intake.world.reviewer, case_id=case_id, uphold=True, reason="图形相同"
    )


def test_a_recorded_finding_invites_the_owner_and_is_his_turn_until_his_last_day(intake):
    case_id = found(intake)
    line = intake.case(case_id).line
    # Monday 23 November + 5 working days = Monday 30 November.
    assert (line.step, line.turn, line.due_on) == (
        CaseStep.HEAR, Turn.SELLER, date(2026, 11, 30)
    )  # fmt: skip
    told = intake.world.see(lambda s: list_messages(s, intake.firm.owner))
    assert ("hearing_invited", "2026-11-30") in [(m.code, m.facts.get("day")) for m in told]
    with pytest.raises(Refused, match="owner_not_heard"):
        decide(intake, case_id)


def test_the_owner_states_his_side_and_may_add_to_it_until_the_decision(intake):
    case_id = found(intake)
    with pytest.raises(Invalid):
        intake.do("state_side", intake.firm.owner, case_id=case_id, statement="不是我")
    intake.do("state_side", intake.firm.owner, case_id=case_id, statement=SAID)
    intake.do(
        "state_side", intake.firm.owner, case_id=case_id, statement="补充：附设计合同和截图"
    )
    [seen] = intake.world.see(
        lambda s: list_cases_against(s, intake.firm.owner, clock=intake.world.clock)
    )
    assert seen.hearing == f"{SAID} / 补充：附设计合同和截图"
    assert intake.case(case_id).line.turn is Turn.SECOND_PERSON
    decide(intake, case_id)
    with pytest.raises(Refused, match="decided_already"):
        intake.do("state_side", intake.firm.owner, case_id=case_id, statement=SAID)


def test_what_the_owner_said_is_never_written_over_by_anybody(intake):
    """Keep his visit, his own words after it, and what the office adds on the finding's page."""
    case_id = found(intake)
    finding_id = intake.case(case_id).line.finding_id
    visit = "厂长到办公室说明：图案是自己画的"
    intake.do("hear_in_case", case_id=case_id, way=HearingWay.IN_PERSON, statement=visit)
    intake.do("state_side", intake.firm.owner, case_id=case_id, statement=SAID)
    world = intake.world
    for _press in range(2):
        world.do(
            lambda s: hear_owner(
                s, clock=world.clock, actor=world.officer, finding_id=finding_id,
                statement="未作陈述",
            )
        )  # fmt: skip
    kept = world.see(lambda s: get_finding(s, intake.firm.owner, finding_id=finding_id)).hearing
    assert kept == f"{visit} / {SAID} / 未作陈述"


def test_silence_is_noted_only_after_the_last_day_and_a_visit_at_any_time(intake):
    case_id = found(intake)
    silent = {"case_id": case_id, "way": HearingWay.SILENT, "statement": "已电话告知，未作说明"}
    with pytest.raises(Refused, match="hearing_open"):
        intake.do("hear_in_case", **silent)
    with pytest.raises(Refused, match="hearing_not_yours"):
        intake.do("hear_in_case", **{**silent, "way": HearingWay.ONLINE})
    intake.world.clock.advance(days=8)  # 1 December, the day after his last
    assert intake.case(case_id).line.turn is Turn.OFFICE
    intake.do("hear_in_case", **silent)
    with pytest.raises(Refused, match="heard_already"):
        intake.do("hear_in_case", **silent)
    decide(intake, case_id)

    other = intake.do(
        "open_case", store_id=intake.firm.store_id, origin=Origin.APPRAISAL, item="600002",
        statement="鉴定为近似",
    )  # fmt: skip
    intake.do(
        "record_case_finding", case_id=other, listings=1, found_on=date(2026, 11, 24),
        statement="鉴定为近似",
    )  # fmt: skip
    visit = {"way": HearingWay.IN_PERSON, "statement": "厂长到办公室说明"}
    intake.do("hear_in_case", case_id=other, **visit)
    assert intake.case(other).line.heard_how is HearingWay.IN_PERSON


def test_another_firm_neither_speaks_nor_adds_documents_nor_sees_the_case(intake):
    case_id = found(intake)
    stranger = make_firm(intake.world, number=7, products=0).owner
    with pytest.raises(NotFound):
        intake.do("state_side", stranger, case_id=case_id, statement=SAID)
    paper = {"content": picture(), "name": "a.png", "data_dir": intake.world.app.data_dir}
    with pytest.raises(NotFound):
        intake.do("add_case_file", stranger, case_id=case_id, **paper)
    assert intake.world.see(
        lambda s: list_cases_against(s, stranger, clock=intake.world.clock)
    ) == []  # fmt: skip


def test_documents_of_the_owner_reach_the_office_up_to_the_limit_of_the_program(intake):
    case_id = found(intake)
    for n in range(10):
        intake.do(
            "add_case_file", intake.firm.owner, case_id=case_id, content=picture(100 + n),
            name=f"截图{n}.png", data_dir=intake.world.app.data_dir,
        )  # fmt: skip
    assert [name for name, _ in intake.case(case_id).files] == [
        f"截图{n}.png" for n in range(10)
    ]
    with pytest.raises(Refused, match="case_files_full"):
        intake.do(
            "add_case_file", intake.firm.owner, case_id=case_id, content=picture(50),
            name="多一张.png", data_dir=intake.world.app.data_dir,
        )  # fmt: skip


def test_a_heard_case_waits_for_somebody_else_than_who_recorded_it(intake):
    case_id = found(intake)
    intake.do("state_side", intake.firm.owner, case_id=case_id, statement=SAID)
    world = intake.world

    def waits_for(actor) -> bool:
        tasks = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=world.clock))
        kinds = {t.kind for t in tasks if t.entity_id == case_id}
        assert TaskKind.FINDING not in {t.kind for t in tasks}  # one task, not two
        return TaskKind.CASE in kinds

    assert waits_for(world.reviewer)
    assert waits_for(world.deputy)
    assert not waits_for(world.officer)


def test_kind_intent_value_and_course_of_a_case_reach_the_statement(intake):
    case_id = found(
        intake, category=ViolationKind.LOOK_ALIKE, intent=Intent.KNOWING, value_fen=1_234_500
    )
    intake.do("state_side", intake.firm.owner, case_id=case_id, statement=SAID)
    world = intake.world
    finding_id = world.see(lambda s: s.get(InfringementCase, case_id).finding_id)
    detail = world.see(lambda s: get_detail(s, world.reviewer, finding_id=finding_id))
    assert (detail.category, detail.intent, detail.value_fen) == (
        ViolationKind.LOOK_ALIKE, Intent.KNOWING, 1_234_500,
    )  # fmt: skip
    intake.do(
        "decide_in_case", world.reviewer, case_id=case_id, uphold=True, reason="两人复核认定",
        intent=Intent.UNKNOWING, course="own_design",
    )  # fmt: skip
    detail = world.see(lambda s: get_detail(s, world.reviewer, finding_id=finding_id))
    assert detail.decided_intent is Intent.UNKNOWING  # what was suspected stays beside it
    [paper] = world.see(
        lambda s: list_statements(s, intake.firm.owner, factory_id=intake.firm.factory_id)
    )
    told = " ".join(line for _head, lines in paper.sections("zh") for line in lines)
    for word in ("近似", "¥12,345.00", "不知情", "自主设计与留痕"):
        assert word in told
