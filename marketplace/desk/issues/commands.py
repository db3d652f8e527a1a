"""Freezes a report under the next number; nothing here ever changes an issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.tables import ReportIssue
from marketplace.desk.quarters import Quarter


def issue_friday(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    district: str | None,
    content: Mapping[str, Any],
) -> int:
    """Freeze a Friday page with its number and as-of; return the number.

    Raises:
        Refused: `issued_today` when this program or district has issued one today.
    """
    require(actor, "desk.issue_friday", Scope(program=program, district=district))
    period = today(clock).isoformat()
    earlier = _number_of(session, program, district, IssueKind.FRIDAY, period)
    if earlier is not None:
        raise Refused("issued_today", number=earlier)
    return _freeze(session, clock, actor, program, district, IssueKind.FRIDAY, period, content)


def issue_quarter(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    quarter: Quarter,
    district: str | None,
    content: Mapping[str, Any],
) -> int:
    """Freeze a quarterly report of a finished quarter; return its number.

    Raises:
        Invalid: for a district the program does not have.
        Refused: while the quarter runs, and when it was issued already: what changed since is
            stated beside that issue.
    """
    program = rulebook.program.key
    require(actor, "desk.issue_quarter", Scope(program=program, district=district))
    if district is not None and rulebook.region(district) is None:
        raise Invalid([Fault("district", "district_unknown", {"district": district})])
    if not quarter.is_over(today(clock)):
        raise Refused(
            "quarter_running", quarter=quarter.key, since=quarter.next.start.isoformat()
        )
    earlier = _number_of(session, program, district, IssueKind.QUARTER, quarter.key)
    if earlier is not None:
        raise Refused("quarter_issued", quarter=quarter.key, number=earlier)
    return _freeze(
        session, clock, actor, program, district, IssueKind.QUARTER, quarter.key, content
    )


def _number_of(
    session: Session, program: str, district: str | None, kind: IssueKind, period: str
) -> int | None:
    found = session.execute(
        sa.select(col(ReportIssue.number)).where(
            col(ReportIssue.program) == program,
            col(ReportIssue.district) == (district or ""),
            col(ReportIssue.kind) == kind,
            col(ReportIssue.period) == period,
        )
    ).scalar()
    return None if found is None else int(found)


def _freeze(
    session: Session,
    clock: Clock,
    who: Actor,
    program: str,
    district: str | None,
    kind: IssueKind,
    period: str,
    content: Mapping[str, Any],
) -> int:
    """Write the issue; the trail keeps the digest of what was frozen."""
    place = district or ""
    last = session.execute(
        sa.select(sa.func.max(col(ReportIssue.number))).where(
            col(ReportIssue.program) == program,
            col(ReportIssue.district) == place,
            col(ReportIssue.kind) == kind,
        )
    ).scalar()
    mark = digest(dict(content))
    row = ReportIssue(
        program=program,
        district=place,
        kind=kind,
        period=period,
        number=int(last or 0) + 1,
        issued_on=today(clock),
        as_of=clock.now(),
        content=dict(content),
        content_sha256=mark,
        issued_by=who.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=f"desk.issue_{kind.value}",
        subject=f"report_issue:{row.key}",
        program=program,
        facts={"number": row.number, "district": place, "period": period, "sha256": mark},
    )
    return row.number
