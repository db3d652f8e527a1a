"""Enrollment, conditions and inspections: the way through, and every door that stays shut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import (
    CertificationStatus,
    EnrollmentStatus,
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.queries import is_enrolled, time_zero
from marketplace.features.progress.rules import may_be_second
from marketplace.features.progress.tables import Certification, Enrollment
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import DAY, Scene, make_firm, make_people, picture


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def evidence(firm: Scene) -> int:
    return firm.do(
        lambda s: receive_file(
            s,
            clock=firm.clock,
            actor=firm.owner,
            content=picture(),
            name="a.png",
            purpose="evidence",
            subject=f"factory:{firm.factory_id}",
            program=PROGRAM,
            operator_id=firm.operator_id,
            data_dir=firm.world.app.data_dir,
        )
    )


def submit(firm: Scene, condition: str, *, actor=None, kinds=("business_license",), facts=None):
    use_id = evidence(firm) if kinds else 0
    return firm.do(
        lambda s: progress.submit_certification(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.owner,
            factory_id=firm.factory_id,
            condition=condition,
            evidence=[(kind, use_id) for kind in kinds],
            facts=facts,
        )
    )


def decide(firm: Scene, number: int, actor, status=CertificationStatus.APPROVED, note="相符"):
    return firm.do(
        lambda s: progress.decide_certification(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor,
            certification_id=number,
            status=status,
            note=note,
        )
    )


def on_site(firm: Scene) -> int:
    """Climb to the on-site condition, where two persons decide."""
    officer = firm.world.officer
    decide(firm, submit(firm, "real_name"), officer)
    attested = {"attested_by": "officer", "attested_on": "2026-11-20", "how": "当面"}
    deputy = firm.world.deputy
    decide(firm, submit(firm, "real_person", actor=officer, kinds=(), facts=attested), deputy)
    return submit(firm, "on_site", kinds=("inspection_report",))


def test_a_condition_is_approved_with_the_term_of_the_program(firm: Scene) -> None:
    number = submit(firm, "real_name")
    assert decide(firm, number, firm.world.officer) is CertificationStatus.APPROVED
    row = firm.world.see(lambda s: s.get(Certification, number))
    assert row.valid_until == today(firm.clock) + 365 * DAY
    assert row.rulebook_sha256 == firm.world.rulebook.sha256


@pytest.mark.parametrize("first", ["officer", "deputy"])
def test_two_persons_are_the_desk_and_the_second_person_the_file_names(
    firm: Scene, first: str
) -> None:
    number = on_site(firm)
    assert decide(firm, number, getattr(firm.world, first)) is CertificationStatus.SUBMITTED
    for same_desk in (firm.world.officer, firm.world.deputy):
        assert waiting(firm, same_desk) == []
        with pytest.raises(Refused, match="second_person_needed"):
            decide(firm, number, same_desk)
    assert waiting(firm, firm.world.reviewer) == [number]
    assert decide(firm, number, firm.world.reviewer) is CertificationStatus.APPROVED


def waiting(firm: Scene, actor) -> list[int]:
    """Return the conditions on somebody's work list."""
    tasks = firm.world.see(lambda s: list_todo(s, actor, firm.world.rulebook, clock=firm.clock))
    return [t.entity_id for t in tasks if t.kind is TaskKind.CERTIFICATION]


def test_the_second_person_may_go_first_and_the_deputy_confirm(firm: Scene) -> None:
    number = on_site(firm)
    assert decide(firm, number, firm.world.reviewer) is CertificationStatus.SUBMITTED
    assert decide(firm, number, firm.world.deputy) is CertificationStatus.APPROVED


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ("officer", "reviewer", True),
        ("deputy", "reviewer", True),
        ("reviewer", "officer", True),
        ("officer", "deputy", False),
        ("deputy", "officer", False),
        ("officer", "officer", False),
        ("zhang", "li", True),  # not named in the file: another person is enough
        ("zhang", "zhang", False),
    ],
)
def test_who_may_be_second(world: World, first: str, second: str, fits: bool) -> None:
    assert may_be_second(world.rulebook, first=first, second=second) is fits


def test_nobody_decides_what_he_handed_in(firm: Scene) -> None:
    number = submit(firm, "real_name", actor=firm.world.officer)
    with pytest.raises(Refused, match="author_never_decides"):
        decide(firm, number, firm.world.officer)


@pytest.mark.parametrize("role", ["owner", "marketer", "auditor"])
def test_others_do_not_decide(firm: Scene, role: str) -> None:
    number = submit(firm, "real_name")
    actor = firm.owner if role == "owner" else getattr(firm.world, role)
    with pytest.raises((NotAllowed, NotFound)):
        decide(firm, number, actor)


def test_a_decision_is_made_once_and_needs_a_reason_to_return(firm: Scene) -> None:
    number = submit(firm, "real_name")
    with pytest.raises(Refused, match="reason_missing"):
        decide(firm, number, firm.world.officer, CertificationStatus.RETURNED, "")
    decide(firm, number, firm.world.officer, CertificationStatus.RETURNED, "照片不清楚")
    with pytest.raises(Refused, match="decided_already"):
        decide(firm, number, firm.world.officer)


def test_missing_evidence_is_named_by_its_place(firm: Scene) -> None:
    with pytest.raises(Invalid) as caught:
        submit(firm, "real_name", kinds=())
    assert [(f.place, f.code) for f in caught.value.faults] == [
        ("business_license", "evidence_missing")
    ]


def test_a_condition_waits_for_what_comes_before_it(firm: Scene) -> None:
    with pytest.raises(Refused, match="condition_needs") as caught:
        submit(firm, "on_site", kinds=("inspection_report",))
    assert caught.value.facts["missing"] == ["real_person"]


def test_an_identity_image_is_never_accepted(firm: Scene) -> None:
    decide(firm, submit(firm, "real_name"), firm.world.officer)
    with pytest.raises(Refused, match="no_identity_images"):
        submit(firm, "real_person", kinds=("id_card",))


def test_another_firms_file_is_no_evidence(firm: Scene) -> None:
    other = make_firm(firm.world, number=2, products=0)
    use_id = evidence(other)
    with pytest.raises(NotFound, match="file_not_found"):
        firm.do(
            lambda s: progress.submit_certification(
                s,
                firm.world.rulebook,
                clock=firm.clock,
                actor=firm.owner,
                factory_id=firm.factory_id,
                condition="real_name",
                evidence=[("business_license", use_id)],
            )
        )


def test_an_ended_condition_is_written_down_once_by_the_minute(firm: Scene) -> None:
    number = submit(firm, "real_name")
    decide(firm, number, firm.world.officer)
    firm.clock.advance(days=365)

    def expire(session):
        return progress.expire_certifications(session, firm.world.rulebook, clock=firm.clock)

    assert (firm.do(expire), firm.do(expire)) == (1, 0)
    row = firm.world.see(lambda s: s.get(Certification, number))
    assert row.status is CertificationStatus.LAPSED


def test_time_zero_is_the_day_of_acceptance_and_never_moves(firm: Scene) -> None:
    zero = firm.world.see(lambda s: time_zero(s, firm.operator_id))
    assert zero == date(2026, 11, 23)
    firm.clock.advance(days=40)
    for status in (EnrollmentStatus.PAUSED, EnrollmentStatus.ENROLLED):
        change(firm, status)
    assert firm.world.see(lambda s: time_zero(s, firm.operator_id)) == zero


def change(firm: Scene, status: EnrollmentStatus, *, actor=None, reason="书面申请"):
    return firm.do(
        lambda s: progress.change_enrollment(
            s,
            clock=firm.clock,
            actor=actor or firm.world.officer,
            enrollment_id=firm.enrollment_id,
            status=status,
            reason=reason,
        )
    )


def test_a_leaver_stays_on_record_and_a_second_enrollment_is_refused(firm: Scene) -> None:
    change(firm, EnrollmentStatus.WITHDRAWN)
    row = firm.world.see(lambda s: s.get(Enrollment, firm.enrollment_id))
    assert (row.exit_on, row.enrolled_on) == (date(2026, 11, 23), date(2026, 11, 23))
    assert not firm.world.see(lambda s: is_enrolled(s, firm.operator_id))
    with pytest.raises(Refused, match="enrollment_move"):
        change(firm, EnrollmentStatus.ENROLLED)
    with pytest.raises(Refused, match="enrollment_there"):
        apply(firm)


def apply(firm: Scene, *, signed_on=None, signed_by="厂长", actor=None):
    return firm.do(
        lambda s: progress.apply_enrollment(
            s,
            clock=firm.clock,
            actor=actor or firm.owner,
            operator_id=firm.operator_id,
            signed_on=signed_on or today(firm.clock),
            signed_by=signed_by,
        )
    )


def test_a_commitment_of_tomorrow_without_a_signer_names_both_places(firm: Scene) -> None:
    with pytest.raises(Invalid) as caught:
        apply(firm, signed_on=today(firm.clock) + DAY, signed_by=" ")
    assert [f.place for f in caught.value.faults] == ["signed_on", "signed_by"]


def test_an_enrollment_is_reversed_by_a_third_person_only_and_may_begin_anew(
    firm: Scene,
) -> None:
    def reverse(actor):
        return firm.do(
            lambda s: progress.reverse_enrollment(
                s,
                clock=firm.clock,
                actor=actor,
                enrollment_id=firm.enrollment_id,
                reason="承诺书不是本人签署",
            )
        )

    accepted_it = replace(firm.world.reviewer, account_id=firm.world.officer.account_id)
    with pytest.raises(Refused, match="author_never_decides"):
        reverse(accepted_it)
    reverse(firm.world.reviewer)
    firm.clock.advance(days=3)
    again = apply(firm)
    with pytest.raises(Refused, match="author_never_decides"):
        accept(firm, again, replace(firm.owner, role=Role.OFFICER))
    assert accept(firm, again, firm.world.officer) == date(2026, 11, 26)


def accept(firm: Scene, number: int, actor):
    return firm.do(
        lambda s: progress.accept_enrollment(
            s, clock=firm.clock, actor=actor, enrollment_id=number
        )
    )


def test_an_inspection_needs_two_inspectors_and_a_day_that_has_been(firm: Scene) -> None:
    def inspect(**more):
        given = {
            "kind": InspectionKind.FIRST,
            "inspected_on": today(firm.clock),
            "inspectors": ["甲", "乙"],
            "result": InspectionResult.PASSED,
        }
        return firm.do(
            lambda s: progress.record_inspection(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                factory_id=firm.factory_id,
                **{**given, **more},
            )
        )

    with pytest.raises(Invalid) as caught:
        inspect(
            inspectors=["甲", " 甲 "],
            inspected_on=today(firm.clock) + DAY,
            result=InspectionResult.CORRECTIVE_ACTION,
        )
    assert [f.place for f in caught.value.faults] == [
        "inspected_on",
        "inspectors",
        "corrective_due_on",
    ]
    assert inspect() > 0


def test_no_submission_is_left_of_a_refused_one(firm: Scene) -> None:
    with pytest.raises(Refused):
        submit(firm, "on_site", kinds=("inspection_report",))
    assert firm.world.see(lambda s: s.execute(select(Certification.id)).first()) is None
