"""A lead is prepared by one, signed by another, answered in time, its outcomes counted apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.base.canonical import canonical_json
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.base.keys.signing import is_signed
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.referrals import commands as referrals
from marketplace.features.referrals.kinds import OutcomeKind, Redaction, ReferralStatus
from marketplace.features.referrals.queries import (
    count_outcomes,
    get_package,
    get_referral,
    list_openers,
    list_referrals,
)
from marketplace.features.referrals.tables import Referral
from marketplace.features.registry import commands as registry
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import DIGEST, evidence
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people, picture

AGENCY = "market-supervision"


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    scene = make_firm(world, number=1)
    scene.lead_finding = scene.finding()
    scene.uphold(scene.lead_finding)
    return scene


def prepare(firm, **changes) -> int:
    given = {
        "factory_id": firm.factory_id,
        "agency": AGENCY,
        "title": "多店重复侵权",
        "statement": "巡查所见如下",
        "finding_ids": [firm.lead_finding],
        "left_out": (Redaction.PHONE,),
        **changes,
    }
    return firm.do(
        lambda s: referrals.prepare_referral(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer, **given
        )
    )


def package(firm, number: int):
    return firm.world.see(
        lambda s: get_package(s, firm.world.reviewer, firm.world.rulebook, referral_id=number)
    )


def sign(firm, number: int, *, actor=None, sha256: str | None = None) -> None:
    digest = sha256 or package(firm, number).sha256
    firm.do(
        lambda s: referrals.sign_referral(
            s, firm.world.rulebook, clock=firm.clock, actor=actor or firm.world.reviewer,
            referral_id=number, sha256=digest,
        )
    )  # fmt: skip


def answer(firm, number: int, *, accepted: bool = True, on=None) -> None:
    firm.do(
        lambda s: referrals.answer_referral(
            s, clock=firm.clock, actor=firm.world.officer, referral_id=number,
            is_accepted=accepted, answered_on=on or today(firm.clock), answer_ref="收〔2026〕1号",
        )
    )  # fmt: skip


def outcome(firm, number: int, kind: OutcomeKind, count: int, *, on=None) -> int:
    return firm.do(
        lambda s: referrals.record_outcome(
            s, clock=firm.clock, actor=firm.world.officer, referral_id=number, kind=kind,
            count=count, happened_on=on or today(firm.clock), source="立案告知书",
        )
    )  # fmt: skip


def row(firm, number: int):
    return firm.world.see(
        lambda s: get_referral(s, firm.world.officer, clock=firm.clock, referral_id=number)
    )[0]


def late_leads(firm, actor=None) -> list[int]:
    world = firm.world
    tasks = world.see(
        lambda s: list_todo(s, actor or world.officer, world.rulebook, clock=world.clock)
    )
    return [t.entity_id for t in tasks if t.kind is TaskKind.REFERRAL_LATE]


def test_a_lead_not_acknowledged_in_time_waits_on_the_officers_list(firm):
    number = prepare(firm)
    sign(firm, number)
    due = row(firm, number).ack_due_on
    firm.clock.advance(days=(due - today(firm.clock)).days)
    assert late_leads(firm) == []  # the last day itself is in time
    firm.clock.advance(days=1)
    assert late_leads(firm) == [number]
    answer(firm, number)
    assert late_leads(firm) == []


def counts(firm):
    return firm.world.see(
        lambda s: count_outcomes(s, firm.world.officer, clock=firm.clock, program=PROGRAM)
    )


def test_whoever_prepared_a_lead_does_not_sign_it(firm):
    number = prepare(firm)
    own = replace(firm.world.reviewer, account_id=firm.world.officer.account_id)
    with pytest.raises(Refused, match="author_never_decides"):
        sign(firm, number, actor=own)
    with pytest.raises(NotAllowed):
        sign(firm, number, actor=firm.world.officer)


def test_a_signed_lead_can_be_checked_with_the_public_key_alone(firm):
    number = prepare(firm)
    sign(firm, number)
    told = package(firm, number)
    assert told.is_signed is True
    assert is_signed(told.public_key, told.signature, canonical_json(told.content))
    changed = {**told.content, "title": "别的"}
    assert not is_signed(told.public_key, told.signature, canonical_json(changed))


def test_a_package_changed_in_the_database_is_seen(firm):
    number = prepare(firm)
    sign(firm, number)

    changed = {**package(firm, number).content, "title": "别的"}
    with firm.world.app.store.housekeeping.begin() as connection:
        connection.execute(sa.update(Referral).values(package=changed))
    assert package(firm, number).is_signed is False


def test_what_is_signed_is_what_was_read(firm):
    number = prepare(firm)
    read = package(firm, number).sha256
    firm.do(
        lambda s: receive_file(
            s, clock=firm.clock, actor=firm.world.officer, content=picture(), name="现场.png",
            purpose="referral_evidence", subject=f"referral:{number}", program=PROGRAM,
            data_dir=firm.world.app.data_dir,
        )
    )  # fmt: skip
    with pytest.raises(Refused, match="referral_changed"):
        sign(firm, number, sha256=read)
    assert [e["name"] for e in package(firm, number).content["evidence"]] == ["现场.png"]
    sign(firm, number)
    assert row(firm, number).status is ReferralStatus.SENT


def test_evidence_known_by_its_digest_alone_is_told_too(firm):
    """What is kept elsewhere stands behind the finding as a file here does."""
    evidence(firm, firm.lead_finding)
    told = package(firm, prepare(firm)).content["evidence"]
    assert [(e["name"], e["sha256"]) for e in told] == [("网页取证图", DIGEST)]


def test_a_finding_overturned_meanwhile_leaves_nothing_to_pass_on(firm):
    number = prepare(firm)
    other = replace(firm.world.reviewer, account_id=77, login="other")
    firm.do(
        lambda s: enforcement.overturn_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=other,
            finding_id=firm.lead_finding, reason="复核认定有误",
        )
    )  # fmt: skip
    with pytest.raises(Refused, match="referral_without_finding"):
        sign(firm, number)


def test_a_lead_needs_a_decided_finding_and_every_fault_is_named(firm):
    suspected = firm.finding(number=2)
    with pytest.raises(Invalid) as refused:
        prepare(firm, finding_ids=[suspected], agency="nobody", title=" ")
    assert {f.code for f in refused.value.faults} == {
        "finding_not_decided",
        "agency_unknown",
        "field_missing",
    }


def test_the_agencys_clock_starts_with_the_signature(firm):
    number = prepare(firm)
    sign(firm, number)
    # Monday 23 November + 7 working days: 24, 25, 26, 27, 30, 1, 2 December
    assert row(firm, number).ack_due_on.isoformat() == "2026-12-02"
    assert row(firm, number).is_overdue is False
    firm.clock.advance(days=10)
    assert row(firm, number).is_overdue is True
    answer(firm, number)
    assert (row(firm, number).status, row(firm, number).is_overdue) == (
        ReferralStatus.ACKNOWLEDGED,
        False,
    )


def test_outcomes_are_different_counts_and_a_mistake_is_taken_back(firm):
    number = prepare(firm)
    sign(firm, number)
    with pytest.raises(Refused, match="referral_not_acknowledged"):
        outcome(firm, number, OutcomeKind.FILED_CASE, 1)
    answer(firm, number)
    outcome(firm, number, OutcomeKind.FILED_CASE, 1)
    wrong = outcome(firm, number, OutcomeKind.ARRESTED, 40)
    outcome(firm, number, OutcomeKind.ARRESTED, 4)

    def undo(session):
        referrals.reverse_outcome(
            session,
            clock=firm.clock,
            actor=firm.world.officer,
            outcome_id=wrong,
            reason="多写了零",
        )

    firm.do(undo)
    with pytest.raises(Refused, match="decided_already"):
        firm.do(undo)
    cohort = counts(firm)[0]
    assert (cohort.quarter, cohort.leads, cohort.acknowledged) == ("2026-Q4", 1, 1)
    assert dict(cohort.counts) == {
        OutcomeKind.FILED_CASE: 1,
        OutcomeKind.DETAINED: 0,
        OutcomeKind.ARRESTED: 4,
        OutcomeKind.PROSECUTED: 0,
    }


def test_nothing_happens_before_the_lead_or_after_today(firm):
    number = prepare(firm)
    sign(firm, number)
    for days in (-1, 1):
        with pytest.raises(Invalid) as refused:
            answer(firm, number, on=today(firm.clock) + timedelta(days=days))
        assert [f.code for f in refused.value.faults] == ["day_outside_lead"]


def test_a_declined_lead_takes_no_outcome_and_the_preparer_learns_of_it(firm):
    from marketplace.base.inbox.tables import Message

    number = prepare(firm)
    sign(firm, number)
    answer(firm, number, accepted=False)
    with pytest.raises(Refused, match="referral_not_acknowledged"):
        outcome(firm, number, OutcomeKind.FILED_CASE, 1)
    codes = firm.world.see(lambda s: [m.code for m in s.execute(select(Message)).scalars()])
    assert "referral_declined" in codes


def test_a_dropped_draft_stays_listed_and_is_not_counted(firm):
    number = prepare(firm)
    firm.do(
        lambda s: referrals.drop_referral(
            s, clock=firm.clock, actor=firm.world.officer, referral_id=number, reason="证据不足"
        )
    )
    rows = firm.world.see(
        lambda s: list_referrals(s, firm.world.officer, clock=firm.clock, program=PROGRAM)
    )
    assert [r.status for r in rows] == [ReferralStatus.DROPPED]
    assert counts(firm) == []


def test_owner_and_marketer_learn_of_no_lead(firm):
    number = prepare(firm)
    for actor in (firm.owner, firm.world.marketer):
        with pytest.raises((NotAllowed, NotFound)):
            firm.world.see(
                lambda s, a=actor: get_referral(s, a, clock=firm.clock, referral_id=number)
            )


def openers(firm, **asked):
    return firm.world.see(
        lambda s: list_openers(s, firm.world.officer, program=PROGRAM, **asked)
    )


def test_which_factory_opened_which_store_is_answered_for_any_day(firm):
    world = firm.world
    other = make_firm(world, number=2)
    day = today(world.clock)
    holding = openers(firm, query="T1")[0]
    assert (holding.factory_id, holding.is_first) == (firm.factory_id, True)
    world.do(
        lambda s: registry.end_holding(
            s, clock=world.clock, actor=world.officer, holding_id=_holding(s, firm.store_id),
            until_on=day, reason="店铺转让",
        )
    )  # fmt: skip
    world.do(
        lambda s: registry.declare_store(
            s, clock=world.clock, actor=world.officer, factory_id=other.factory_id,
            platform=holding.platform, store_no=holding.store_no, name=holding.store_name,
            from_on=day, basis="转让",
        )
    )  # fmt: skip
    both = openers(firm, query="T1")
    assert [(r.factory_id, r.is_first) for r in both] == [
        (firm.factory_id, True),
        (other.factory_id, False),
    ]
    assert [r.factory_id for r in openers(firm, query="T1", on=day)] == [other.factory_id]
    before = day - timedelta(days=1)
    assert [r.factory_id for r in openers(firm, query="T1", on=before)] == [firm.factory_id]


def test_a_lead_is_offered_only_about_a_firm_with_a_standing_finding(firm):
    suspected = make_firm(firm.world, number=2)
    suspected.finding(number=2)
    told = {r.factory_id: (r.upheld, r.may_be_led) for r in openers(firm, query="")}
    assert told == {firm.factory_id: (1, True), suspected.factory_id: (0, False)}
    firm.do(
        lambda s: enforcement.overturn_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=replace(firm.world.reviewer, account_id=77, login="other"),
            finding_id=firm.lead_finding, reason="申诉成立，原认定撤销",
        )
    )  # fmt: skip
    assert not any(r.may_be_led for r in openers(firm, query=""))


def _holding(session, store_id: int) -> int:
    from marketplace.features.registry.tables import StoreHolding

    return session.execute(
        select(StoreHolding.id).where(StoreHolding.store_id == store_id)
    ).scalar_one()


def letter(firm, number: int, actor) -> str:
    from marketplace.faces.web.paper_referral import print_referral
    from marketplace.faces.web.printing import Reader

    reader = Reader(actor, "zh", "http://127.0.0.1")
    return firm.do(lambda s: print_referral(s, firm.world.app, reader, referral_id=number))


def test_the_letter_holds_what_was_signed_and_a_draft_has_none(firm):
    number = prepare(firm)
    with pytest.raises(NotFound):
        letter(firm, number, firm.world.officer)
    sign(firm, number)
    told = letter(firm, number, firm.world.officer)
    signed = package(firm, number)
    assert signed.signature in told
    assert signed.sha256 in told
    assert "多店重复侵权" in told
    with pytest.raises(NotAllowed):
        letter(firm, number, firm.owner)


@pytest.mark.parametrize("answered", [None, True, False])
def test_who_sent_a_lead_learns_that_a_finding_of_it_fell(firm, answered):
    """What the agency was told is no longer so; only one that declined need not be told again."""
    from marketplace.base.inbox.tables import Message

    number = prepare(firm)
    sign(firm, number)
    if answered is not None:
        answer(firm, number, accepted=answered)
    draft = prepare(firm)  # not sent: nobody was told anything
    other = replace(firm.world.reviewer, account_id=77, login="other")
    firm.do(
        lambda s: enforcement.overturn_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=other,
            finding_id=firm.lead_finding, reason="复核认定有误",
        )
    )  # fmt: skip
    told = firm.world.see(
        lambda s: [
            (m.subject, m.account_id)
            for m in s.execute(
                select(Message).where(Message.code == "referral_finding_fell")
            ).scalars()
        ]
    )
    sent = {
        (f"referral:{number}", firm.world.officer.account_id),
        (f"referral:{number}", firm.world.reviewer.account_id),
    }
    assert set(told) == (set() if answered is False else sent)
    assert f"referral:{draft}" not in {subject for subject, _ in told}
