"""Reads the compliance score and its disputes; owner and office only, no marketer, no public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.credit.evidence import events_of
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.rules import Score, score
from marketplace.features.credit.tables import CreditDispute
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import Operator


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One dispute of an event of a component."""

    dispute_id: int
    operator_id: int
    operator_name: str
    component: str
    event_ref: str
    statement: str
    filed_by: int | None
    filed_at: datetime
    due_on: date
    status: DisputeStatus
    decided_at: datetime | None
    reason: str | None


def get_score(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, operator_id: int
) -> Score | None:
    """Return an operator's score today; None before enrollment or without rules for it."""
    require(actor, "credit.get_score", scope_of_operator(session, operator_id))
    events = events_of(session, rulebook, operator_id)
    if events is None or not rulebook.conduct.credit.components:
        return None
    return score(rulebook.conduct.credit, events, today(clock))


def list_disputes(
    session: Session,
    actor: Actor,
    *,
    program: str,
    operator_id: int | None = None,
    status: DisputeStatus | None = None,
) -> list[DisputeRow]:
    """Return disputes this actor may see, soonest due first."""
    statement = (
        select(CreditDispute, Operator.name)
        .join(Operator, col(Operator.id) == col(CreditDispute.operator_id))
        .where(
            CreditDispute.program == program,
            *narrow(
                actor,
                "credit.list_disputes",
                program_column=CreditDispute.program,
                district_column=CreditDispute.district,
                operator_column=CreditDispute.operator_id,
            ),
        )
        .order_by(col(CreditDispute.due_on).asc(), col(CreditDispute.id))
    )
    if operator_id is not None:
        statement = statement.where(CreditDispute.operator_id == operator_id)
    if status is not None:
        statement = statement.where(CreditDispute.status == status)
    return [
        DisputeRow(
            dispute_id=d.key,
            operator_id=d.operator_id,
            operator_name=name,
            component=d.component,
            event_ref=d.event_ref,
            statement=d.statement,
            filed_by=d.filed_by,
            filed_at=d.filed_at,
            due_on=d.due_on,
            status=d.status,
            decided_at=d.decided_at,
            reason=d.reason,
        )
        for d, name in session.execute(statement)
    ]
