"""Closes the cases whose finding was decided elsewhere."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.features.complaints.keeping import settle
from marketplace.features.complaints.kinds import CaseStatus
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding


def settle_cases(session: Session, *, clock: Clock, program: str, actor: Actor = SYSTEM) -> int:
    """Close the open cases whose finding was decided elsewhere; return how many."""
    require(actor, "complaints.settle_cases", Scope(program=program))
    rows = session.execute(
        select(InfringementCase)
        .join(Finding, col(Finding.id) == col(InfringementCase.finding_id))
        .where(
            InfringementCase.program == program,
            InfringementCase.status == CaseStatus.OPEN,
            Finding.status != FindingStatus.SUSPECTED,
        )
        .order_by(col(InfringementCase.id))
    ).scalars()
    return sum(1 for case in list(rows) if settle(session, clock, actor, case))
