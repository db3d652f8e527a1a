"""A complaint from the public form: a receipt code, an officer who takes it up or says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marketplace.base.access import PUBLIC
from marketplace.base.audit import list_entries
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.features.complaints.kinds import PublicState, PublicStep, SellerAnswer
from marketplace.features.complaints.queries import (
    Contact,
    get_public_answer,
    list_public_complaints,
    list_read,
)
from marketplace.features.enforcement.commands import mark_report_seen, report_product
from marketplace.features.enforcement.kinds import Origin, ReportTopic
from marketplace.features.registry import commands as registry
from tests.features.complaints.conftest import LONG
from tests.features.conftest import PROGRAM

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


def test_the_author_of_a_complaint_taken_up_is_reached_from_its_case_by_who_may_read_it(intake):
    world = intake.world
    send(intake, contact="wx-lin@example.com")
    [row] = rows(intake)
    case_id = intake.do(
        "take_public_complaint", public_id=row.public_id, store_id=intake.firm.store_id,
        item="600001",
    )  # fmt: skip
    file = intake.case(case_id)
    [contact] = file.contacts.values()
    assert file.contacts.keys() == {file.complaints[0].complaint_id}
    assert (contact.masked, contact.public_id) == ("w****", row.public_id)
    asked = {"public_id": row.public_id, "reason": "核对货号"}
    world.do(
        lambda s: registry.edit_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            factory_id=intake.firm.factory_id, values={"district": "350302"}, reason="补录区县",
        )
    )  # fmt: skip
    away, here = (
        replace(world.officer, limits=frozenset({(PROGRAM, district)}))
        for district in ("350303", "350302")
    )
    with pytest.raises(NotFound, match="not_found_here"):
        intake.do("unmask_contact", away, **asked)
    assert intake.do("unmask_contact", here, **asked) == "wx-lin@example.com"


def test_what_was_read_or_declined_and_became_no_case_is_found_again_by_its_number(intake):
    world = intake.world

    def report(contact):
        return world.do(
            lambda s: report_product(
                s, clock=world.clock, actor=PUBLIC, program=PROGRAM, text=TEXT,
                topic=ReportTopic.LOOKS_FAKE, contact=contact,
            )
        )  # fmt: skip

    def read():
        return world.see(lambda s: list_read(s, world.officer, program=PROGRAM))

    first, second, _waiting = report("13800138000"), report(None), report("13900139000")
    assert read() == []
    for number in (1, 2):
        world.do(
            lambda s, n=number: mark_report_seen(
                s, clock=world.clock, actor=world.officer, report_id=n
            )
        )
    code = send(intake, contact="wx-lin@example.com")
    intake.do(
        "decline_public_complaint", public_id=1, reason="本项目没有登记这家店铺，" + LONG,
        next_step="请向其所在平台投诉。",
    )  # fmt: skip
    told = {row.number: row for row in read()}
    assert told.keys() == {first, second, code}
    assert told[first].text == TEXT
    assert told[first].contact == Contact("138****8000", report_id=1)
    assert told[second].contact is None
    assert told[code].contact == Contact("w****", public_id=1)
    intake.do("take_report", report_id=1, store_id=intake.firm.store_id, item="600001")
    assert {row.number for row in read()} == {second, code}
    [case] = intake.cases().lines
    assert [c.report_id for c in intake.case(case.case_id).contacts.values()] == [1]
