"""Tells sellers, complainants and officers what happened to a complaint; never who complained."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from marketplace.base.access.actor import Role
from marketplace.base.access.queries import (
    accounts_of_operator,
    accounts_with_role,
    officers_of,
)
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.complaints.events import (
    ComplaintAnswered,
    CounterNoticePassedOn,
    HearingInvited,
    NoticeForwarded,
    NoticeMarked,
    OwnerHeard,
    RightDecided,
    SellerAnswered,
    WaitEnded,
)
from marketplace.features.registry.tables import Store


def tell_forwarded(session: Session, house: House, event: NoticeForwarded) -> None:
    """A forwarded complaint reaches the owner of the store."""
    store = session.get(Store, event.store_id)
    facts = {"number": event.number, "store": store.name if store else ""}
    to = _owners(session, event.operator_id)
    notify(
        session, clock=house.clock, account_ids=to, code="complaint_forwarded", facts=facts,
        subject=f"case:{event.case_id}", program=event.program,
    )  # fmt: skip


def tell_seller_answered(session: Session, house: House, event: SellerAnswered) -> None:
    """The seller's answer reaches the officers of the place."""
    notify(
        session, clock=house.clock,
        account_ids=officers_of(session, event.program, event.district),
        code="counter_notice_received" if event.counter_notice else "seller_answered",
        facts={"number": event.number}, subject=f"case:{event.case_id}", program=event.program,
    )  # fmt: skip


def tell_hearing(session: Session, house: House, event: HearingInvited) -> None:
    """The owner learns that he can state his side, and until when."""
    notify(
        session, clock=house.clock, account_ids=_owners(session, event.operator_id),
        code="hearing_invited", facts={"number": event.number, "day": event.last_day},
        subject=f"case:{event.case_id}", program=event.program,
    )  # fmt: skip


def tell_heard(session: Session, house: House, event: OwnerHeard) -> None:
    """The owner's statement reaches the officers of the place."""
    notify(
        session, clock=house.clock,
        account_ids=officers_of(session, event.program, event.district),
        code="owner_heard", facts={"number": event.number}, subject=f"case:{event.case_id}",
        program=event.program,
    )  # fmt: skip


def tell_passed_on(session: Session, house: House, event: CounterNoticePassedOn) -> None:
    """A counter-notice reaches the complainant with the last day of his wait."""
    facts = {"number": event.complaint_number, "day": event.last_day}
    notify(
        session, clock=house.clock, account_ids=_one(event.account_id),
        code="counter_notice_passed_on", facts=facts, subject=f"case:{event.case_id}",
        program=event.program,
    )  # fmt: skip


def tell_wait_ended(session: Session, house: House, event: WaitEnded) -> None:
    """The end of a wait reaches seller, complainant and officers."""
    word = "restored" if event.restored else "maintained"
    subject = f"case:{event.case_id}"
    facts = {"number": event.number}
    for to, code, told in (
        (_owners(session, event.operator_id), f"wait_{word}_seller", facts),
        (
            _one(event.account_id),
            f"wait_{word}_complainant",
            {"number": event.complaint_number},
        ),
        (
            officers_of(session, event.program, event.district),
            f"wait_{word}_office",
            facts,
        ),
    ):
        notify(
            session, clock=house.clock, account_ids=to, code=code, facts=told, subject=subject,
            program=event.program,
        )  # fmt: skip


def tell_answered(session: Session, house: House, event: ComplaintAnswered) -> None:
    """An answer reaches the complainant; what stands or falls reaches the owner too."""
    subject = f"case:{event.case_id}"
    notify(
        session, clock=house.clock, account_ids=_one(event.account_id),
        code=f"complaint_{event.outcome}", facts={"number": event.complaint_number},
        subject=subject, program=event.program,
    )  # fmt: skip
    notify(
        session, clock=house.clock, account_ids=_owners(session, event.operator_id),
        code=f"complaint_{event.outcome}_seller", facts={"number": event.number},
        subject=subject, program=event.program,
    )  # fmt: skip


def tell_right_decided(session: Session, house: House, event: RightDecided) -> None:
    """A checked right reaches its holder."""
    notify(
        session, clock=house.clock, account_ids=_one(event.account_id),
        code="right_verified" if event.verified else "right_returned",
        facts={"mark": event.mark}, subject=f"right:{event.right_id}", program=event.program,
    )  # fmt: skip


def tell_marked(session: Session, house: House, event: NoticeMarked) -> None:
    """A mark of bad faith, and its end, reaches the complainant and the auditors."""
    to = [
        *_one(event.account_id),
        *accounts_with_role(session, event.program, Role.AUDITOR),
    ]
    notify(
        session, clock=house.clock, account_ids=to,
        code="complaint_marked" if event.malicious else "complaint_mark_lifted",
        facts={"number": event.complaint_number}, subject=event.complaint_number,
        program=event.program,
    )  # fmt: skip


def _owners(session: Session, operator_id: int | None) -> Iterable[int]:
    return accounts_of_operator(session, operator_id) if operator_id is not None else ()


def _one(account_id: int | None) -> tuple[int, ...]:
    return () if account_id is None else (account_id,)
