"""A complaint from the public form: a receipt code, an officer who takes it up or says why not."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.base.access import PUBLIC
from marketplace.base.audit import list_entries
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.features.complaints.kinds import PublicState, PublicStep, SellerAnswer
from marketplace.features.complaints.queries import get_public_answer, list_public_complaints
from marketplace.features.enforcement.kinds import Origin
from tests.features.complaints.conftest import LONG

TEXT = "收到的鞋鞋标与页面上的完全不同"


def send(intake, **more) -> str:
    facts = {"shop": "平台甲 第1店", "item": "600001", "text": TEXT}
    return intake.do("send_public_complaint", PUBLIC, **{**facts, **more})


def rows(intake, state=PublicState.NEW):
    world = intake.world
    return world.see(
        lambda s: list_public_complaints(s, world.officer, world.rulebook, state=state)
    )


def answer(intake, code: str):
    world = intake.world
    return world.see(lambda s: get_public_answer(s, PUBLIC, world.rulebook, code=code))


def test_every_fault_of_the_form_is_said_at_once(intake):
    with pytest.raises(Invalid) as caught:
        send(intake, shop="", item=" ", text="假的")
    assert {f.place for f in caught.value.faults} == {"store", "item", "text"}


def test_the_form_opens_no_case_and_its_code_tells_each_step_to_its_author(intake):
    code = send(intake)
    assert intake.cases().total == 0
    assert answer(intake, code).step is PublicStep.RECEIVED
    [row] = rows(intake)
    intake.world.clock.advance(days=2)
    taken = {"public_id": row.public_id, "store_id": intake.firm.store_id, "item": "600001"}
    case_id = intake.do("take_public_complaint", **taken)
    assert intake.do("take_public_complaint", **taken) == case_id  # twice is once
    [complaint] = intake.case(case_id).complaints
    # Received Monday 23 November: the clock did not start with the officer.
    assert (complaint.origin, complaint.due_on) == (Origin.CONSUMER, date(2026, 11, 30))
    assert answer(intake, code).step is PublicStep.IN_CASE
    intake.answered(case_id, SellerAnswer.STATEMENT)
    assert answer(intake, code).step is PublicStep.SELLER_ASKED
    intake.refuse(complaint.complaint_id)
    told = answer(intake, code)
    assert (told.step, told.reason, told.next_step) == (
        PublicStep.REFUSED,
        LONG,
        "补正样图",
    )


def test_what_belongs_elsewhere_is_declined_with_a_reason_and_a_next_step(intake):
    code = send(intake)
    [row] = rows(intake)
    with pytest.raises(Invalid) as caught:
        intake.do(
            "decline_public_complaint", public_id=row.public_id, reason="不管", next_step=""
        )
    assert {f.place for f in caught.value.faults} == {"refusal_reason", "next_step"}
    facts = {"public_id": row.public_id, "reason": LONG, "next_step": "请向平台投诉"}
    intake.do("decline_public_complaint", **facts)
    told = answer(intake, code)
    assert (told.step, told.next_step) == (PublicStep.DECLINED, "请向平台投诉")
    with pytest.raises(Refused, match="decided_already"):
        intake.do(
            "take_public_complaint", public_id=row.public_id,
            store_id=intake.firm.store_id, item="1",
        )  # fmt: skip
    assert rows(intake) == []


def test_a_code_is_read_however_it_was_typed_and_no_other_leads_anywhere(intake):
    code = send(intake)
    assert answer(intake, f" {code.lower().replace('-', ' ')} ").code == code
    with pytest.raises(NotFound, match="receipt_unknown"):
        answer(intake, "AAAA-BBBB-CCCC")


def test_only_an_officer_takes_complaints_of_the_public_up(intake):
    send(intake)
    [row] = rows(intake)
    for actor in (intake.holder, intake.firm.owner, intake.world.marketer, PUBLIC):
        with pytest.raises(NotAllowed):
            intake.do(
                "take_public_complaint", actor, public_id=row.public_id,
                store_id=intake.firm.store_id, item="1",
            )  # fmt: skip


def test_how_the_author_is_reached_is_shown_in_full_to_the_office_that_says_why(intake):
    send(intake, contact="wx-lin@example.com")
    [row] = rows(intake)
    assert row.contact_masked == "w****"
    asked = {"public_id": row.public_id, "reason": "核对货号"}
    for actor in (
        intake.holder,
        intake.firm.owner,
        intake.world.marketer,
        intake.world.auditor,
    ):
        with pytest.raises(NotAllowed):
            intake.do("unmask_contact", actor, **asked)
    with pytest.raises(Refused, match="reason_missing"):
        intake.do("unmask_contact", intake.world.officer, **{**asked, "reason": " "})
    assert intake.do("unmask_contact", intake.world.officer, **asked) == "wx-lin@example.com"
    [entry] = intake.world.see(lambda s: list_entries(s, action="complaints.unmask_contact"))
    assert (entry.actor_login, entry.reason, entry.subject) == (
        "officer", "核对货号", f"public_complaint:{row.public_id}",
    )  # fmt: skip
