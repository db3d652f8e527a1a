"""Why an issued quarter would read differently now, and what a later edition of it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, require_place
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import start_of
from marketplace.base.rulebook import Rulebook
from marketplace.desk.issues import Number, corrected
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.desk.quarter.content import from_json
from marketplace.desk.quarters import Quarter
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.complaints.kinds import CaseEvent
from marketplace.features.complaints.tables import CaseEntry, Complaint
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus, StatementBasis
from marketplace.features.enforcement.tables import Finding, StatementOfReasons
from marketplace.features.registry.tables import Factory, StoreHolding


@dataclass(frozen=True, slots=True)
class Causes:
    """What became known after an instant about months up to the end of a quarter.

    `reported` counts store-months whose checks were reported late or corrected; `overturned` and
    `upheld` count findings so decided, `appealed` those of the overturned that an upheld appeal
    overturned. Of the complaints received in the quarter, `filed_late` were recorded, `withdrawn`
    taken back and `reversed` had their upheld answer taken back since. What was filed and decided
    of appeals is counted by the instant of the deed and does not change afterwards.
    """

    reported: int
    overturned: int
    upheld: int
    appealed: int = 0
    filed_late: int = 0
    withdrawn: int = 0
    reversed: int = 0


def list_causes(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    quarter: Quarter,
    district: str | None,
    since: datetime,
) -> Causes:
    """Count what became known since a quarter was issued that its rates rest on."""
    program = rulebook.program.key
    require_place(actor, "desk.list_causes", program=program, district=district)
    here = () if district is None else (col(Finding.store_id).in_(_stores(program, district)),)
    complained = _complaints(program, quarter, district)
    finding = (col(Finding.program) == program, col(Finding.found_month) <= quarter.last, *here)
    return Causes(
        reported=_count(
            session,
            col(Exposure.program) == program,
            col(Exposure.kind) == ExposureKind.CHECKED,
            col(Exposure.current),
            col(Exposure.month) <= quarter.last,
            col(Exposure.recorded_at) > since,
            *(
                ()
                if district is None
                else (col(Exposure.store_id).in_(_stores(program, district)),)
            ),
        ),
        overturned=_count(
            session,
            *finding,
            col(Finding.status) == FindingStatus.OVERTURNED,
            sa.literal("finding:").concat(sa.cast(col(Finding.id), sa.String)).in_(
                sa.select(col(AuditEntry.subject)).where(
                    col(AuditEntry.action) == "enforcement.overturn_finding",
                    col(AuditEntry.at) > since,
                )
            ),
        ),
        appealed=_count(
            session,
            *finding,
            col(Finding.status) == FindingStatus.OVERTURNED,
            col(Finding.id).in_(_appealed(since)),
        ),
        upheld=_count(
            session,
            *finding,
            col(Finding.status) == FindingStatus.UPHELD,
            col(Finding.decided_at) > since,
        ),
        filed_late=_entries(session, complained, CaseEvent.COMPLAINT, since),
        withdrawn=_entries(session, complained, CaseEvent.WITHDRAWN, since),
        reversed=_entries(session, complained, CaseEvent.REVERSED, since),
    )  # fmt: skip


def against_earlier(
    session: Session, who: Actor, issue: Issue, *, program: str
) -> list[tuple[Number, Number]]:
    """Return (before, after) of what an edition changed against the one before; empty for the first."""
    if issue.edition == 1:
        return []
    before = get_issue(
        session, who, program=program, kind=IssueKind.QUARTER, number=issue.number,
        district=issue.district or None, edition=issue.edition - 1,
    )  # fmt: skip
    return corrected(from_json(before.content).numbers, from_json(issue.content).numbers)


def _complaints(program: str, quarter: Quarter, district: str | None) -> tuple[Any, ...]:
    """Return the conditions that a complaint was received in a quarter, by a program or district."""
    return (
        col(Complaint.program) == program,
        col(Complaint.received_at) >= start_of(quarter.start),
        col(Complaint.received_at) < start_of(quarter.end + timedelta(days=1)),
        *(
            ()
            if district is None
            else (
                col(Complaint.operator_id).in_(
                    sa.select(col(Factory.operator_id)).where(
                        col(Factory.program) == program, col(Factory.district) == district
                    )
                ),
            )
        ),
    )


def _entries(
    session: Session, complained: tuple[Any, ...], kind: CaseEvent, since: datetime
) -> int:
    """Count the complaints to which something happened since, as the timelines of their cases say."""
    return _count(
        session,
        *complained,
        col(Complaint.id).in_(
            sa.select(col(CaseEntry.complaint_id)).where(
                col(CaseEntry.kind) == kind, col(CaseEntry.at) > since
            )
        ),
    )


def _appealed(since: datetime) -> Any:
    """Return the findings that an appeal upheld since has overturned."""
    return (
        sa.select(col(StatementOfReasons.finding_id))
        .join(Appeal, col(Appeal.statement_id) == col(StatementOfReasons.id))
        .where(
            col(StatementOfReasons.finding_id).is_not(None),
            col(StatementOfReasons.basis).not_in(_NOT_THE_FINDING),
            col(Appeal.status) == AppealStatus.UPHELD,
            col(Appeal.closed_at) > since,
        )
    )


# An appeal against these ends a measure and leaves the finding as it is.
_NOT_THE_FINDING = (
    StatementBasis.PRIMA_FACIE,
    StatementBasis.PLAN_MISSING,
    StatementBasis.PAYMENT_HOLD,
    StatementBasis.COMPLAINTS,
)


def _stores(program: str, district: str) -> Any:
    return (
        sa.select(col(StoreHolding.store_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(col(Factory.program) == program, col(Factory.district) == district)
    )


def _count(session: Session, *conditions: Any) -> int:
    return int(session.execute(sa.select(sa.func.count()).where(*conditions)).scalar_one())
