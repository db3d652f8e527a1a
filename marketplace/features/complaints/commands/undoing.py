"""Takes back what an import filed: a complaint nobody worked on yet, the case it opened.

Nothing is erased: numbers stay used, the timeline and the trail say that it was taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.db.watching import changed_since
from marketplace.base.errors import Refused
from marketplace.features.complaints.events import ComplaintTakenBack
from marketplace.features.complaints.keeping import note, reason_of, trail
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    NoticeState,
)
from marketplace.features.complaints.queries.facts import load_case, load_complaint
from marketplace.features.complaints.tables import Complaint


def take_back_complaint(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    complaint_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Withdraw a complaint an import filed; its source number can be filed again.

    Raises:
        Refused: `undo_changed` when it was forwarded, answered or moved since.
    """
    complaint, case, scope = load_complaint(session, complaint_id)
    require(actor, "complaints.take_back_complaint", scope)
    differing = changed_since(complaint, after)
    if differing or before is not None:
        raise Refused("undo_changed", field=differing[0] if differing else "status")
    told = reason_of(reason)
    complaint.status = ComplaintStatus.WITHDRAWN
    complaint.state = NoticeState.WITHDRAWN
    complaint.source_ref = None
    complaint.reason = told
    complaint.ended_at = clock.now()
    note(session, clock, actor, case, CaseEvent.WITHDRAWN, complaint, told)
    announce(
        session, ComplaintTakenBack(complaint.store_id, case.program, complaint.operator_id)
    )
    trail(
        session, clock, actor, "complaints.take_back_complaint", case, complaint=complaint,
        reason=told,
    )  # fmt: skip


def take_back_case(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Close a case an import opened, where nobody took it up and no complaint stands in it.

    Raises:
        Refused: `undo_changed` when it was assigned, decided or closed since;
            `undo_has_complaints` when complaints stand in it.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.take_back_case", scope)
    differing = changed_since(case, after)
    if differing or before is not None:
        raise Refused("undo_changed", field=differing[0] if differing else "status")
    session.flush()
    standing = session.execute(
        sa.select(sa.func.count())
        .select_from(Complaint)
        .where(
            col(Complaint.case_id) == case_id,
            col(Complaint.status) != ComplaintStatus.WITHDRAWN,
        )
    ).scalar_one()
    if standing:
        raise Refused("undo_has_complaints", count=int(standing))
    told = reason_of(reason)
    case.status = CaseStatus.NOT_FOUND
    case.closed_at = clock.now()
    case.closed_by = actor.account_id
    case.reason = told
    note(session, clock, actor, case, CaseEvent.TAKEN_BACK, text=told)
    trail(session, clock, actor, "complaints.take_back_case", case, reason=told)
