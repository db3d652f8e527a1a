"""Freezes a report under the next number; nothing here ever changes an issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, require_place
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.desk.issues.content import Number, corrected
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.tables import ReportIssue
from marketplace.desk.quarters import Quarter

LEAST_REASON = 4  # characters


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
    require_place(actor, "desk.issue_friday", program=program, district=district)
    period = today(clock).isoformat()
    earlier = _number_of(session, program, district, IssueKind.FRIDAY, period)
    if earlier is not None:
        raise Refused("issued_today", number=earlier)
    place = _Place(program, district, IssueKind.FRIDAY, period)
    return _freeze(session, clock, actor, place, content).number


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
    require_place(actor, "desk.issue_quarter", program=program, district=district)
    if district is not None and rulebook.region(district) is None:
        raise Invalid([Fault("district", "district_unknown", {"district": district})])
    if not quarter.is_over(today(clock)):
        raise Refused(
            "quarter_running", quarter=quarter.key, since=quarter.next.start.isoformat()
        )
    earlier = _number_of(session, program, district, IssueKind.QUARTER, quarter.key)
    if earlier is not None:
        raise Refused("quarter_issued", quarter=quarter.key, number=earlier)
    place = _Place(program, district, IssueKind.QUARTER, quarter.key)
    return _freeze(session, clock, actor, place, content).number


def reissue_quarter(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    quarter: Quarter,
    district: str | None,
    content: Mapping[str, Any],
    reason: str,
) -> int:
    """Freeze a corrected edition of an issued quarter beside the earlier ones; return its edition.

    Raises:
        Refused: when the quarter was never issued, without a reason, and when every number that
            can be counted again is what the latest edition says.
    """
    program = rulebook.program.key
    require_place(actor, "desk.reissue_quarter", program=program, district=district)
    place = _Place(program, district, IssueKind.QUARTER, quarter.key)
    latest = session.execute(
        sa.select(ReportIssue)
        .where(*place.rows, col(ReportIssue.period) == quarter.key)
        .order_by(col(ReportIssue.edition).desc())
        .limit(1)
    ).scalar()
    if latest is None:
        raise Refused("quarter_not_issued", quarter=quarter.key)
    why = normalize_prose(reason)
    if len(why) < LEAST_REASON:
        raise Refused("reason_missing")
    if not corrected(_numbers(latest.content), _numbers(content)):
        raise Refused("edition_unchanged", quarter=quarter.key, edition=latest.edition)
    return _freeze(session, clock, actor, place, content, after=latest, reason=why).edition


def _numbers(content: Mapping[str, Any]) -> tuple[Number, ...]:
    return tuple(Number(**number) for number in content["numbers"])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an issue stands: whose, of which kind, for which period."""

    program: str
    district: str | None
    kind: IssueKind
    period: str

    @property
    def rows(self) -> tuple[Any, ...]:
        """The condition for every issue that shares its run of numbers."""
        return (
            col(ReportIssue.program) == self.program,
            col(ReportIssue.district) == (self.district or ""),
            col(ReportIssue.kind) == self.kind,
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
    place: _Place,
    content: Mapping[str, Any],
    *,
    after: ReportIssue | None = None,
    reason: str = "",
) -> ReportIssue:
    """Write the issue; the trail keeps the digest of what was frozen.

    It gets the next number, or the number of the edition it comes `after`.
    """
    last = session.execute(
        sa.select(sa.func.max(col(ReportIssue.number))).where(*place.rows)
    ).scalar()
    mark = digest(dict(content))
    row = ReportIssue(
        program=place.program,
        district=place.district or "",
        kind=place.kind,
        period=place.period,
        number=int(last or 0) + 1 if after is None else after.number,
        edition=1 if after is None else after.edition + 1,
        reason=reason,
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
        action=f"desk.issue_{place.kind.value}" if after is None else "desk.reissue_quarter",
        subject=f"report_issue:{row.key}",
        program=place.program,
        reason=reason or None,
        facts={
            "number": row.number,
            "district": row.district,
            "period": place.period,
            "sha256": mark,
            **({} if after is None else {"edition": row.edition}),
        },
    )
    return row
