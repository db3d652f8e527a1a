"""What waits for an owner, the most pressing first, and what he handed in and may take back.

The owner's counterpart of `todo`: a count shown anywhere is the length of one of these lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, add_working_days, civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import (
    list_brand_changes,
    list_decisions,
    list_products,
)
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import list_findings, list_suspensions
from marketplace.features.enforcement.rules import plan_due_on
from marketplace.features.progress.kinds import CertificationStatus, EnrollmentStatus
from marketplace.features.progress.queries import get_standing
from marketplace.features.progress.rules import StepState, next_steps
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import list_change_requests, scope_of_factory


class OwnKind(StrEnum):
    """What kind of thing waits for an owner."""

    STATEMENT = "statement"  # a finding he may answer before it is decided
    PLAN = "plan"  # a rectification plan of a suspended store
    RETURNED = "returned"  # a condition or milestone that came back with a reason
    RENEWAL = "renewal"  # an approval that ends soon
    CONDITION = "condition"
    PRODUCT = "product"  # a product that came back with a reason
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class OwnTask:
    """One thing an owner can do now; `due_on` is None where nothing ends.

    `key` names a condition, or is the thing's own name; `note` is the office's reason.
    """

    kind: OwnKind
    entity_id: int | None
    key: str
    due_on: date | None
    note: str | None


class Undoable(StrEnum):
    """What an owner handed in and may take back while nobody has decided it."""

    CERTIFICATION = "certification"
    CHANGE_REQUEST = "change_request"
    APPLICATION = "application"
    BRAND_CHANGE = "brand_change"


@dataclass(frozen=True, slots=True)
class UndoableDeed:
    """A thing handed in that waits for an answer; `key` names a condition where it is one."""

    kind: Undoable
    entity_id: int
    key: str
    at: datetime
    due_on: date | None


def list_own_tasks(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> list[OwnTask]:
    """Return what waits for the owner of a factory; the first is the one next step."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "desk.list_own_tasks", scope)
    tasks = _statements(session, actor, rulebook, factory_id)
    tasks += _plans(session, actor, rulebook, factory_id)
    steps = _steps(session, actor, rulebook, clock, factory_id)
    tasks += [t for t in steps if not _is_milestone(rulebook, t)]
    tasks += _products(session, actor, clock, scope.operator_id or 0)
    return tasks + [t for t in steps if _is_milestone(rulebook, t)]


def list_undoable(
    session: Session, actor: Actor, rulebook: Rulebook, *, factory_id: int
) -> list[UndoableDeed]:
    """Return what this firm handed in and nobody has decided yet, the latest first."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "desk.list_undoable", scope)
    rule = next((c for c in rulebook.conditions if c.source == "progress.enrolled"), None)
    submitted = session.execute(
        select(Certification).where(
            Certification.factory_id == factory_id,
            Certification.status == CertificationStatus.SUBMITTED,
            Certification.submitted_by == actor.account_id,
        )
    ).scalars()
    found = [
        UndoableDeed(Undoable.CERTIFICATION, c.key, c.condition, c.submitted_at, c.due_on)
        for c in submitted
    ]
    applied = session.execute(
        select(Enrollment).where(
            Enrollment.operator_id == scope.operator_id,
            Enrollment.status == EnrollmentStatus.APPLIED,
            Enrollment.applied_by == actor.account_id,
            col(Enrollment.reversed_at).is_(None),
        )
    ).scalars()
    found += [
        UndoableDeed(
            Undoable.APPLICATION,
            e.key,
            rule.key if rule else "",
            e.applied_at,
            add_working_days(
                civil_day(e.applied_at),
                rule.due_working_days if rule else 1,
                rulebook.calendar,
            ),
        )
        for e in applied
    ]
    found += [
        UndoableDeed(Undoable.CHANGE_REQUEST, r.request_id, "", r.submitted_at, r.due_on)
        for r in list_change_requests(
            session, actor, factory_id=factory_id, status=ChangeStatus.SUBMITTED
        )
    ]
    found += [
        UndoableDeed(Undoable.BRAND_CHANGE, b.change_id, b.brand_name, b.submitted_at, b.due_on)
        for b in list_brand_changes(
            session, actor, operator_id=scope.operator_id, status=ChangeStatus.SUBMITTED
        )
    ]
    return sorted(found, key=lambda d: d.at, reverse=True)


def _statements(
    session: Session, actor: Actor, rulebook: Rulebook, factory_id: int
) -> list[OwnTask]:
    days = rulebook.tracking.statement_working_days
    rows = list_findings(session, actor, factory_id=factory_id, status=FindingStatus.SUSPECTED)
    found = [
        OwnTask(
            OwnKind.STATEMENT,
            f.finding_id,
            f.store_name,
            add_working_days(civil_day(f.recorded_at), days, rulebook.calendar),
            None,
        )
        for f in rows
        if f.heard_at is None
    ]
    return sorted(found, key=lambda t: (t.due_on or date.max, t.entity_id or 0))


def _plans(
    session: Session, actor: Actor, rulebook: Rulebook, factory_id: int
) -> list[OwnTask]:
    return [
        OwnTask(
            OwnKind.PLAN,
            s.suspension_id,
            s.store_name,
            plan_due_on(rulebook, s.from_at),
            s.answer,
        )
        for s in list_suspensions(session, actor, factory_id=factory_id)
        if s.wants_plan
    ]


def _steps(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock, factory_id: int
) -> list[OwnTask]:
    standing = get_standing(session, actor, rulebook, clock=clock, factory_id=factory_id)
    found = []
    for step in next_steps(standing.steps):
        if StepState.RETURNED in {step.state, step.renewal}:
            kind = OwnKind.RETURNED
        elif step.renewal is not None:
            kind = OwnKind.RENEWAL
        else:
            kind = OwnKind.MILESTONE if step.milestone else OwnKind.CONDITION
        # The end is exclusive: the last day on which a renewal is in time is the one before.
        last = (
            step.valid_until - timedelta(days=1) if step.renewal and step.valid_until else None
        )
        found.append(OwnTask(kind, step.certification_id, step.key, last, step.note))
    return found


def _is_milestone(rulebook: Rulebook, task: OwnTask) -> bool:
    rule = rulebook.condition(task.key)
    return rule is not None and rule.kind.value == "milestone"


def _products(session: Session, actor: Actor, clock: Clock, operator_id: int) -> list[OwnTask]:
    rows = list_products(
        session,
        actor,
        clock=clock,
        operator_id=operator_id,
        status=Moderation.CHANGES_REQUESTED,
        limit=200,
    )
    found = []
    for p in rows:
        latest = next(iter(list_decisions(session, actor, product_id=p.product_id)), None)
        found.append(
            OwnTask(
                OwnKind.PRODUCT,
                p.product_id,
                f"{p.brand_name} {p.name_zh}",
                None,
                latest.note if latest else None,
            )
        )
    return found
