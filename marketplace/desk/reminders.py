"""Reminds firms of their next step; at most one reminder a firm and day, so that it stays heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.access.queries import accounts_of_operator
from marketplace.base.clock import Clock, start_of, today
from marketplace.base.inbox import notify
from marketplace.base.inbox.tables import Message
from marketplace.features.registry.queries import scope_of_factory


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many firms were reminded, have nobody to remind, or were reminded today already."""

    sent: int
    without_account: int
    today_already: int


def remind_factories(
    session: Session, *, clock: Clock, actor: Actor, factory_ids: Sequence[int]
) -> Reminded:
    """Send the owners of some factories a message that their next step waits."""
    sent = without = already = 0
    for factory_id in dict.fromkeys(factory_ids):
        scope = scope_of_factory(session, factory_id)
        require(actor, "desk.remind_factories", scope)
        people = accounts_of_operator(session, scope.operator_id or 0)
        subject = f"factory:{factory_id}"
        if not people:
            without += 1
            continue
        if _reminded_today(session, clock, subject):
            already += 1
            continue
        notify(
            session, clock=clock, account_ids=people, code="reminder", facts={},
            subject=subject, program=scope.program,
        )  # fmt: skip
        audit.record(
            session, clock=clock, actor=actor, action="desk.remind_factories", subject=subject,
            program=scope.program, operator_id=scope.operator_id,
            facts={"accounts": len(people)},
        )  # fmt: skip
        sent += 1
    return Reminded(sent, without, already)


def _reminded_today(session: Session, clock: Clock, subject: str) -> bool:
    found = session.execute(
        select(sa.func.count())
        .select_from(Message)
        .where(
            Message.code == "reminder",
            Message.subject == subject,
            col(Message.at) >= start_of(today(clock)),
        )
    ).scalar_one()
    return int(found) > 0
