"""Why an issued quarter would read differently now, and what a later edition of it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.rulebook import Rulebook
from marketplace.desk.issues import Number, corrected
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.desk.quarter.content import from_json
from marketplace.desk.quarters import Quarter
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.tables import Factory, StoreHolding


@dataclass(frozen=True, slots=True)
class Causes:
    """What became known after an instant about months up to the end of a quarter.

    `reported` counts store-months whose checks were reported late or corrected; `overturned` and
    `upheld` count findings so decided.
    """

    reported: int
    overturned: int
    upheld: int


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
    require(actor, "desk.list_causes", Scope(program=program, district=district))
    here = () if district is None else (col(Finding.store_id).in_(_stores(program, district)),)
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
        upheld=_count(
            session,
            *finding,
            col(Finding.status) == FindingStatus.UPHELD,
            col(Finding.decided_at) > since,
        ),
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


def _stores(program: str, district: str) -> Any:
    return (
        sa.select(col(StoreHolding.store_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(col(Factory.program) == program, col(Factory.district) == district)
    )


def _count(session: Session, *conditions: Any) -> int:
    return int(session.execute(sa.select(sa.func.count()).where(*conditions)).scalar_one())
