"""Tells people of measures, plans, holds and appeals: facts first, words when they are read."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from marketplace.base.access.actor import Role
from marketplace.base.access.queries import accounts_of_operator, accounts_with_role
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.features.enforcement.events import (
    PlanAnswered,
    PlanSubmitted,
    StoreSuspendedPending,
    SuspensionEnded,
)
from marketplace.features.registry.tables import Store


def tell_suspended_pending(
    session: Session, house: House, event: StoreSuspendedPending
) -> None:
    """A suspension before the decision reaches the owner, with its reasons."""
    _tell(session, house, "suspended_pending", event.store_id, event.program,
          owners(session, event.operator_id))  # fmt: skip


def tell_plan_submitted(session: Session, house: House, event: PlanSubmitted) -> None:
    """A plan reaches the office."""
    _tell(session, house, "plan_submitted", event.store_id, event.program,
          office(session, event.program))  # fmt: skip


def tell_plan_answered(session: Session, house: House, event: PlanAnswered) -> None:
    """The answer to a plan reaches the owner."""
    code = "plan_accepted" if event.accepted else "plan_returned"
    _tell(session, house, code, event.store_id, event.program,
          owners(session, event.operator_id))  # fmt: skip


def tell_suspension_ended(session: Session, house: House, event: SuspensionEnded) -> None:
    """The end of a suspension reaches the owner; one without a plan the office too."""
    code = "suspension_lifted" if event.lifted else "suspension_escalated"
    to = owners(session, event.operator_id)
    if not event.lifted:
        to = [*to, *office(session, event.program)]
    _tell(session, house, code, event.store_id, event.program, to)


def owners(session: Session, operator_id: int | None) -> list[int]:
    """Return the accounts of an operator; none for nobody."""
    return [] if operator_id is None else accounts_of_operator(session, operator_id)


def office(session: Session, program: str) -> list[int]:
    """Return officers and reviewers of a program."""
    return [
        *accounts_with_role(session, program, Role.OFFICER),
        *accounts_with_role(session, program, Role.REVIEWER),
    ]


def _tell(
    session: Session, house: House, code: str, store_id: int, program: str, to: Iterable[int]
) -> None:
    store = session.get(Store, store_id)
    notify(
        session, clock=house.clock, account_ids=to, code=code,
        facts={"store": store.name if store else ""}, subject=f"store:{store_id}", program=program,
    )  # fmt: skip
