"""Conditions are submitted with evidence and decided by somebody else, two where two are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Role, Scope, require
from marketplace.base.access.tables import Account
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.files import require_own_file
from marketplace.base.rulebook import Condition, Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.progress import rules
from marketplace.features.progress.events import CertificationChanged
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.queries.facts import gather
from marketplace.features.progress.tables import Certification, CertificationEvidence
from marketplace.features.registry.queries import scope_of_factory

ATTESTED = "real_person"  # an attestation (who, when, how); no ID image is ever accepted
ATTESTATION_FACTS = ("attested_by", "attested_on", "how")


def submit_certification(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    condition: str,
    evidence: Sequence[tuple[str, int]] = (),
    facts: Mapping[str, str] | None = None,
) -> int:
    """Hand in a condition with its evidence as (kind, file use); return the submission.

    Raises:
        Refused: unknown or derived condition, one before it missing, one open already.
        Invalid: for evidence that is required and not there.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "progress.submit_certification", scope)
    rule = rulebook.condition(condition)
    if rule is None or rule.source:
        raise Refused("condition_not_submitted", condition=condition)
    known = gather(session, rulebook, [factory_id], today(clock))[factory_id]
    held = rules.held_conditions(known, today(clock))
    missing = [need for need in rule.needs if need not in held]
    if missing:
        raise Refused("condition_needs", condition=condition, missing=missing)
    _require_evidence(session, rule, evidence, facts or {}, scope)
    if rule.key == ATTESTED and actor.role is Role.OWNER:
        raise Refused("office_attests")  # nobody attests that he is himself
    _refuse_open(session, factory_id, condition)
    row = Certification(
        factory_id=factory_id,
        operator_id=scope.operator_id or 0,
        program=rulebook.program.key,
        condition=condition,
        status=CertificationStatus.SUBMITTED,
        facts=dict(facts or {}),
        submitted_by=actor.account_id,
        submitted_at=clock.now(),
        due_on=add_working_days(today(clock), rule.due_working_days, rulebook.calendar),
        rulebook_sha256=rulebook.sha256,
    )
    session.add(row)
    session.flush()
    for kind, use_id in evidence:
        session.add(CertificationEvidence(certification_id=row.key, use_id=use_id, kind=kind))
    _trail(
        session, clock, actor, "progress.submit_certification", row,
        facts={"condition": condition, "evidence": [kind for kind, _use in evidence]},
    )  # fmt: skip
    _announce(session, row)
    return row.key


def decide_certification(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    certification_id: int,
    status: CertificationStatus,
    note: str,
    reason_code: str | None = None,
) -> CertificationStatus:
    """Approve, return or refuse a submission; return the state it is in now.

    Where two persons decide, the first approval leaves it submitted and names the first.

    Raises:
        Refused: decided already, by its author or twice by one person, by somebody else than the
            second person the program file names, or without a reason.
    """
    row, scope = _load(session, certification_id)
    require(actor, "progress.decide_certification", scope)
    if row.status is not CertificationStatus.SUBMITTED:
        raise Refused("decided_already")
    if row.submitted_by is not None and row.submitted_by == actor.account_id:
        raise Refused("author_never_decides")
    rule = rulebook.condition(row.condition)
    if rule is None:
        raise Refused("condition_not_submitted", condition=row.condition)
    _require_role(actor, rule)
    if status is CertificationStatus.APPROVED:
        return _approve(session, rulebook, rule, clock, actor, row, note)
    if status not in {CertificationStatus.RETURNED, CertificationStatus.REFUSED}:
        raise Refused("verdict_not_here", verdict=status.value)
    if len(normalize(note)) < 4:
        raise Refused("reason_missing")
    _close(session, clock, actor, row, status, note, reason_code)
    return status


def withdraw_certification(
    session: Session, *, clock: Clock, actor: Actor, certification_id: int
) -> None:
    """Take a submission back before it is decided."""
    row, scope = _load(session, certification_id)
    require(actor, "progress.withdraw_certification", scope)
    if row.status is not CertificationStatus.SUBMITTED:
        raise Refused("decided_already")
    row.status = CertificationStatus.WITHDRAWN
    _trail(session, clock, actor, "progress.withdraw_certification", row)
    _announce(session, row)


def expire_certifications(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor = SYSTEM
) -> int:
    """Write what ended by date, with notice; return how many. Reading never waits for this."""
    require(actor, "progress.expire_certifications", Scope(program=rulebook.program.key))
    due = session.execute(
        select(Certification).where(
            Certification.program == rulebook.program.key,
            Certification.status == CertificationStatus.APPROVED,
            col(Certification.valid_until) <= today(clock),
        )
    ).scalars()
    count = 0
    for row in list(due):
        row.status = CertificationStatus.LAPSED
        _trail(
            session, clock, actor, "progress.expire_certifications", row,
            facts={"valid_until": row.valid_until},
        )  # fmt: skip
        _announce(session, row)
        count += 1
    return count


def _approve(
    session: Session,
    rulebook: Rulebook,
    rule: Condition,
    clock: Clock,
    actor: Actor,
    row: Certification,
    note: str,
) -> CertificationStatus:
    if rule.second_person and row.first_by is None:
        row.first_by = actor.account_id
        row.first_at = clock.now()
        _trail(
            session, clock, actor, "progress.decide_certification", row,
            facts={"first_of_two": True},
        )  # fmt: skip
        return CertificationStatus.SUBMITTED
    if rule.second_person:
        first = session.get(Account, row.first_by)
        fits = rules.may_be_second(
            rulebook, first=first.login if first else None, second=actor.login
        )
        if row.first_by == actor.account_id or not fits:
            raise Refused("second_person_needed")
    earlier = session.execute(
        select(Certification).where(
            Certification.factory_id == row.factory_id,
            Certification.condition == row.condition,
            Certification.status == CertificationStatus.APPROVED,
        )
    ).scalar()
    if earlier is not None:  # renewed: the new term takes over
        earlier.status = CertificationStatus.LAPSED
        session.flush()
    row.valid_until = _end_of(rule, today(clock))
    row.rulebook_sha256 = rulebook.sha256
    _close(session, clock, actor, row, CertificationStatus.APPROVED, note, None)
    return CertificationStatus.APPROVED


def _end_of(rule: Condition, day: date) -> date | None:
    return None if rule.valid_days is None else day + timedelta(days=rule.valid_days)


def _close(
    session: Session,
    clock: Clock,
    actor: Actor,
    row: Certification,
    status: CertificationStatus,
    note: str,
    reason_code: str | None,
) -> None:
    row.status = status
    row.decided_by = actor.account_id
    row.decided_at = clock.now()
    row.note = normalize_prose(note) or None
    row.reason_code = reason_code
    _trail(
        session, clock, actor, "progress.decide_certification", row, reason=row.note,
        facts={"condition": row.condition, "status": status, "valid_until": row.valid_until},
    )  # fmt: skip
    _announce(session, row)


def _require_role(actor: Actor, rule: Condition) -> None:
    allowed = {"officer": {"officer", "reviewer"}, "reviewer": {"reviewer"}}
    if actor.role.value not in allowed.get(str(rule.decided_by), {"officer", "reviewer"}):
        raise Refused("decided_by_other_role", role=str(rule.decided_by))


def _require_evidence(
    session: Session,
    rule: Condition,
    evidence: Sequence[tuple[str, int]],
    facts: Mapping[str, str],
    scope: Scope,
) -> None:
    if rule.key == ATTESTED:
        if evidence:
            raise Refused("no_identity_images")
        absent = [f for f in ATTESTATION_FACTS if not normalize(facts.get(f, ""))]
        if absent:
            raise Invalid([Fault(f, "field_missing") for f in absent])
        return
    given = {kind for kind, _use in evidence}
    absent = [e.key for e in rule.evidence if e.required and e.key not in given]
    if absent:
        raise Invalid([Fault(key, "evidence_missing", {"evidence": key}) for key in absent])
    for _kind, use_id in evidence:
        require_own_file(session, use_id, scope)


def _refuse_open(session: Session, factory_id: int, condition: str) -> None:
    open_one = session.execute(
        select(Certification.id).where(
            Certification.factory_id == factory_id,
            Certification.condition == condition,
            Certification.status == CertificationStatus.SUBMITTED,
        )
    ).first()
    if open_one is not None:
        raise Refused("certification_open", condition=condition)


def _load(session: Session, certification_id: int) -> tuple[Certification, Scope]:
    row = session.get(Certification, certification_id)
    if row is None:
        raise NotFound("certification_not_found", certification_id=certification_id)
    return row, scope_of_factory(session, row.factory_id)


def _announce(session: Session, row: Certification) -> None:
    announce(
        session,
        CertificationChanged(
            certification_id=row.key,
            factory_id=row.factory_id,
            operator_id=row.operator_id,
            program=row.program,
            condition=row.condition,
            status=row.status.value,
        ),
    )


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: Certification,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"certification:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        facts=facts,
    )
