"""待我处理: everything that waits for somebody, with its due day. Counts are the lists' lengths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from marketplace.base.access import Actor, Role, Scope, require
from marketplace.base.access.tables import Account
from marketplace.base.clock import Clock, add_working_days, civil_day, today
from marketplace.base.rulebook import Rulebook
from marketplace.desk.goods_tasks import brand_tasks, product_tasks
from marketplace.desk.hold_tasks import hold_tasks
from marketplace.desk.intake_tasks import intake_tasks
from marketplace.desk.mark_tasks import mark_tasks
from marketplace.desk.measure_tasks import measure_tasks
from marketplace.desk.sample_tasks import sample_tasks
from marketplace.desk.store_tasks import store_tasks
from marketplace.desk.tasks import ANYBODY, Task, TaskKind, first_factories
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.queries import list_disputes
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import list_findings, list_reports
from marketplace.features.links.queries import list_reviews
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import (
    list_enrollments,
    list_expiring,
    list_submitted_certifications,
)
from marketplace.features.progress.rules import may_be_second
from marketplace.features.promotion.queries import list_objections
from marketplace.features.referrals.kinds import ReferralStatus
from marketplace.features.referrals.queries import list_referrals
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import list_change_requests, list_conflicts

__all__ = ["Expiring", "Task", "TaskKind", "list_ending", "list_office_todo", "list_todo"]


@dataclass(frozen=True, slots=True)
class Expiring:
    """Something approved that ends soon."""

    factory_id: int
    factory_name: str
    condition: str
    valid_until: date


def list_todo(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[Task]:
    """Return what waits for this actor, soonest due first."""
    program = rulebook.program.key
    require(actor, "desk.list_todo", Scope(program=program))
    tasks: list[Task] = []
    if actor.role in {Role.OFFICER, Role.REVIEWER}:
        tasks += _certifications(session, actor, rulebook, clock)
        tasks += _findings(session, actor, program, rulebook)
        tasks += _objections(session, actor, program, rulebook)
        tasks += intake_tasks(session, actor, rulebook, clock)
        tasks += _link_reviews(session, actor, program)
        tasks += _credit_disputes(session, actor, program)
        tasks += measure_tasks(session, actor, rulebook, clock)
        tasks += hold_tasks(session, actor, rulebook, clock=clock)
    if actor.role is Role.REVIEWER:
        tasks += product_tasks(session, actor, program, clock)
        tasks += brand_tasks(session, actor, program)
        tasks += _referrals(session, actor, rulebook, clock)
    if actor.role is Role.OFFICER:
        tasks += _enrollments(session, actor, program, rulebook)
        tasks += _changes(session, actor, program)
        tasks += mark_tasks(session, actor, rulebook)
        tasks += store_tasks(session, actor, rulebook, clock=clock)
        tasks += _conflicts(session, actor, program, rulebook)
        tasks += _reports(session, actor, program, rulebook)
        tasks += _late_referrals(session, actor, program, clock)
        tasks += sample_tasks(session, actor, program)
    return sorted(tasks, key=_turn)


def list_office_todo(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[Task]:
    """Return what waits for anybody of the office in this actor's districts, soonest due first.

    It is the same for whoever asks: what one may not do, having done the first half, another may.
    """
    require(actor, "desk.list_office_todo", Scope(program=rulebook.program.key))
    anybody = [
        replace(actor, account_id=ANYBODY, login="", role=role)
        for role in (Role.OFFICER, Role.REVIEWER)
    ]
    tasks = {
        (task.kind, task.entity_id): task
        for one in anybody
        for task in list_todo(session, one, rulebook, clock=clock)
    }
    return sorted(tasks.values(), key=_turn)


def _turn(task: Task) -> tuple[date, str, int]:
    return task.due_on, task.kind.value, task.entity_id


def list_ending(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, within_days: int = 30
) -> list[Expiring]:
    """Return what ends within some days, soonest first."""
    require(actor, "desk.list_ending", Scope(program=rulebook.program.key))
    rows = list_expiring(
        session, actor, clock=clock, program=rulebook.program.key, within_days=within_days
    )
    return [
        Expiring(r.factory_id, r.factory_name, r.condition, r.valid_until)
        for r in rows
        if r.valid_until is not None
    ]


def _certifications(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock
) -> list[Task]:
    rows = list_submitted_certifications(session, actor, program=rulebook.program.key)
    return [
        Task(
            TaskKind.CERTIFICATION,
            r.certification_id,
            r.condition,
            r.factory_name,
            r.factory_id,
            r.due_on or today(clock),
            {"condition": r.condition, "second": int(r.first_by is not None)},
        )
        for r in rows
        if actor.account_id not in (r.submitted_by, r.first_by)
        and _may_decide(rulebook, r.condition, actor)
        and (r.first_by is None or _may_confirm(session, rulebook, r.first_by, actor))
    ]


def _may_decide(rulebook: Rulebook, condition: str, actor: Actor) -> bool:
    """A list shows what its reader may decide, not what would only be refused."""
    rule = rulebook.condition(condition)
    return rule is None or rule.decided_by != "reviewer" or actor.role is Role.REVIEWER


def _answer_due(rulebook: Rulebook, at: datetime) -> date:
    days = rulebook.tracking.answer_working_days
    return add_working_days(civil_day(at), days, rulebook.calendar)


def _enrollment_due(rulebook: Rulebook, at: datetime) -> date:
    rule = next((c for c in rulebook.conditions if c.source == "progress.enrolled"), None)
    if rule is None:
        return _answer_due(rulebook, at)
    return add_working_days(civil_day(at), rule.due_working_days, rulebook.calendar)


def _may_confirm(session: Session, rulebook: Rulebook, first_by: int, actor: Actor) -> bool:
    if actor.account_id == ANYBODY:
        return True
    first = session.get(Account, first_by)
    return may_be_second(rulebook, first=first.login if first else None, second=actor.login)


def _enrollments(
    session: Session, actor: Actor, program: str, rulebook: Rulebook
) -> list[Task]:
    rows = list_enrollments(session, actor, program=program, status=EnrollmentStatus.APPLIED)
    first = first_factories(session, {r.operator_id for r in rows})
    return [
        Task(
            TaskKind.ENROLLMENT,
            r.enrollment_id,
            r.operator_name,
            r.operator_name,
            None,
            _enrollment_due(rulebook, r.applied_at),
            {
                "operator_id": r.operator_id,
                "signed_on": r.signed_on.isoformat(),
                "dossier": first.get(r.operator_id, 0),
            },
        )
        for r in rows
        if r.applied_by != actor.account_id
    ]


def _changes(session: Session, actor: Actor, program: str) -> list[Task]:
    rows = list_change_requests(session, actor, program=program, status=ChangeStatus.SUBMITTED)
    return [
        Task(
            TaskKind.CHANGE_REQUEST,
            r.request_id,
            r.factory_name,
            r.factory_name,
            r.factory_id,
            r.due_on,
            {"fields": len(r.changes)},
        )
        for r in rows
    ]


def _findings(session: Session, actor: Actor, program: str, rulebook: Rulebook) -> list[Task]:
    rows = list_findings(
        session, actor, program=program, status=FindingStatus.SUSPECTED, limit=1000
    )
    return [
        Task(
            TaskKind.FINDING,
            f.finding_id,
            f.store_name,
            f.factory_name or f.store_name,
            f.factory_id,
            _answer_due(rulebook, f.heard_at or f.recorded_at),
            {"listings": f.listings, "heard": int(f.heard_at is not None)},
        )
        for f in rows
        if not f.reference.startswith("case:")  # worked on its case, with its own task
        and (f.recorded_by != actor.account_id or f.heard_at is None)
    ]


def _conflicts(session: Session, actor: Actor, program: str, rulebook: Rulebook) -> list[Task]:
    return [
        Task(
            TaskKind.CONFLICT,
            c.value_id,
            c.factory_name,
            c.factory_name,
            c.factory_id,
            _answer_due(rulebook, c.recorded_at),
            {"field": c.field},
        )
        for c in list_conflicts(session, actor, program=program)
    ]


def _reports(session: Session, actor: Actor, program: str, rulebook: Rulebook) -> list[Task]:
    return [
        Task(
            TaskKind.REPORT,
            r.report_id,
            r.number,
            r.product_code or "",
            None,
            _answer_due(rulebook, r.at),
            {"number": r.number},
        )
        for r in list_reports(session, actor, program=program)
    ]


def _objections(session: Session, actor: Actor, program: str, rulebook: Rulebook) -> list[Task]:
    return [
        Task(
            TaskKind.OBJECTION,
            o.product_id,
            f"{o.brand_name} {o.name_zh}",
            o.factory_name,
            o.factory_id,
            add_working_days(
                civil_day(o.objected_at) if o.objected_at else o.ends_on,
                rulebook.tracking.answer_working_days,
                rulebook.calendar,
            ),
            {"code": o.code},
        )
        for o in list_objections(session, actor, program=program)
        if o.objected_by is None or o.objected_by != actor.account_id
    ]


def _link_reviews(session: Session, actor: Actor, program: str) -> list[Task]:
    return [
        Task(
            TaskKind.LINK_REVIEW,
            r.review_id,
            r.subject.name,
            r.because.name,
            r.subject.factory_id,
            r.due_on,
            {"trigger": r.trigger.value},
        )
        for r in list_reviews(session, actor, program=program)
    ]


def _referrals(session: Session, actor: Actor, rulebook: Rulebook, clock: Clock) -> list[Task]:
    """Return the leads that wait for this reviewer's signature; one's own waits for another."""
    days = rulebook.conduct.referrals.sign_working_days
    return [
        Task(
            TaskKind.REFERRAL,
            r.referral_id,
            r.title,
            r.factory_name,
            r.factory_id,
            add_working_days(civil_day(r.prepared_at), days, rulebook.calendar),
            {"number": r.number},
        )
        for r in list_referrals(
            session,
            actor,
            clock=clock,
            program=rulebook.program.key,
            statuses=(ReferralStatus.DRAFT,),
        )
        if r.prepared_by != actor.account_id
    ]


def _late_referrals(session: Session, actor: Actor, program: str, clock: Clock) -> list[Task]:
    """Return the leads an agency has not acknowledged in time: somebody asks there."""
    return [
        Task(
            TaskKind.REFERRAL_LATE,
            r.referral_id,
            r.title,
            r.factory_name,
            r.factory_id,
            r.ack_due_on or today(clock),
            {"number": r.number},
        )
        for r in list_referrals(
            session, actor, clock=clock, program=program, statuses=(ReferralStatus.SENT,)
        )
        if r.is_overdue
    ]


def _credit_disputes(session: Session, actor: Actor, program: str) -> list[Task]:
    rows = list_disputes(session, actor, program=program, status=DisputeStatus.OPEN)
    first = first_factories(session, {r.operator_id for r in rows})
    return [
        Task(
            TaskKind.CREDIT_DISPUTE,
            r.dispute_id,
            r.operator_name,
            r.operator_name,
            None,
            r.due_on,
            {
                "operator_id": r.operator_id,
                "component": r.component,
                "dossier": first.get(r.operator_id, 0),
            },
        )
        for r in rows
    ]
