"""Tells owners that a rectification plan is due, and owners and office that it is late; once each."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.inbox import notify
from marketplace.base.inbox.tables import Message
from marketplace.base.rulebook import Rulebook
from marketplace.desk.measures import office, owners
from marketplace.features.enforcement.queries import SuspensionRow, list_suspensions
from marketplace.features.enforcement.rules import plan_due_on
from marketplace.features.registry.queries import scope_of_factory

DAYS_AHEAD = 2  # an owner needs a day to write it and one to ask; an assumption


def remind_of_plans(session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor) -> int:
    """Send what is due about plans that are missing or were given back; return how many."""
    program = rulebook.program.key
    require(actor, "desk.remind_of_plans", Scope(program=program))
    return sum(
        _remind(session, rulebook, clock, actor, row)
        for row in list_suspensions(session, actor, program=program)
        if row.wants_plan
    )


def _remind(
    session: Session, rulebook: Rulebook, clock: Clock, who: Actor, row: SuspensionRow
) -> int:
    due = plan_due_on(rulebook, row.from_at)
    code = _code(due, today(clock))
    if code is None or row.factory_id is None or _is_told(session, code, row):
        return 0
    scope = scope_of_factory(session, row.factory_id)
    program = rulebook.program.key
    to = owners(session, scope.operator_id)
    if code == "plan_late":
        to = [*to, *office(session, program)]
    if not to:
        return 0  # nobody has an account: the office's list shows it
    notify(
        session, clock=clock, account_ids=to, code=code,
        facts={"store": row.store_name, "day": due.isoformat()},
        subject=f"store:{row.store_id}", program=program,
    )  # fmt: skip
    audit.record(
        session, clock=clock, actor=who, action="desk.remind_of_plans",
        subject=f"suspension:{row.suspension_id}", program=program,
        operator_id=scope.operator_id, facts={"code": code, "accounts": len(to)},
    )  # fmt: skip
    return 1


def _code(due: date, day: date) -> str | None:
    if day > due:
        return "plan_late"
    return "plan_due" if day >= due - timedelta(days=DAYS_AHEAD) else None


def _is_told(session: Session, code: str, row: SuspensionRow) -> bool:
    found = session.execute(
        select(Message.id).where(
            Message.code == code,
            Message.subject == f"store:{row.store_id}",
            col(Message.at) >= row.from_at,
        )
    )
    return found.first() is not None
