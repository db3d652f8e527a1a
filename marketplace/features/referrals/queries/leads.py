"""Reads leads, their packages, what came of them, and which factory opened which store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.canonical import canonical_json, digest
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.errors import NotFound
from marketplace.base.keys import KeyRing
from marketplace.base.keys.signing import is_signed, public_key
from marketplace.base.rulebook import Rulebook
from marketplace.features.referrals import rules
from marketplace.features.referrals.kinds import OutcomeKind, Redaction, ReferralStatus
from marketplace.features.referrals.queries.packages import build_package, redactions
from marketplace.features.referrals.tables import Referral, ReferralOutcome
from marketplace.features.registry.tables import Factory

PURPOSE = "referral"  # of the signing key


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One lead as the office lists it."""

    referral_id: int
    number: str
    district: str | None
    factory_id: int
    factory_name: str
    agency: str
    title: str
    statement: str
    left_out: tuple[Redaction, ...]
    status: ReferralStatus
    prepared_by: int | None
    prepared_at: datetime
    signed_by: int | None
    signed_at: datetime | None
    package_sha256: str | None
    signature: str | None
    ack_due_on: date | None
    answered_on: date | None
    answer_ref: str | None
    answer_note: str | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One recorded outcome; `is_reversed` where it was taken back."""

    outcome_id: int
    kind: OutcomeKind
    count: int
    happened_on: date
    source: str
    recorded_by: int | None
    recorded_at: datetime
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Package:
    """What is or was handed over, its digest, and whether the signature holds today.

    `is_signed` is None before signing.
    """

    content: dict[str, Any]
    sha256: str
    signature: str | None
    public_key: str
    is_signed: bool | None


def list_referrals(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str,
    statuses: tuple[ReferralStatus, ...] = (),
    agency: str | None = None,
) -> list[ReferralRow]:
    """Return leads this actor may see, the newest first."""
    statement = (
        select(Referral, col(Factory.name))
        .join(Factory, col(Factory.id) == col(Referral.factory_id))
        .where(
            Referral.program == program,
            *narrow(
                actor,
                "referrals.list_referrals",
                program_column=Referral.program,
                district_column=Referral.district,
                operator_column=None,
            ),
        )
        .order_by(col(Referral.id).desc())
    )
    if statuses:
        statement = statement.where(col(Referral.status).in_(list(statuses)))
    if agency:
        statement = statement.where(Referral.agency == agency)
    day = today(clock)
    return [_row(r, name, day) for r, name in session.execute(statement)]


def get_referral(
    session: Session, actor: Actor, *, clock: Clock, referral_id: int
) -> tuple[ReferralRow, list[OutcomeRow]]:
    """Return a lead and what came of it, in the order it was told.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    row = load(session, actor, referral_id, "referrals.get_referral")
    factory = session.get_one(Factory, row.factory_id)
    entries = list(
        session.execute(
            select(ReferralOutcome)
            .where(ReferralOutcome.referral_id == referral_id)
            .order_by(col(ReferralOutcome.id))
        ).scalars()
    )
    undone = {e.reverses_id for e in entries}
    told = [
        OutcomeRow(
            e.key, e.kind, e.count, e.happened_on, e.source, e.recorded_by, e.recorded_at,
            e.key in undone,
        )
        for e in entries
        if e.reverses_id is None
    ]  # fmt: skip
    return _row(row, factory.name, today(clock)), told


def get_package(
    session: Session, actor: Actor, rulebook: Rulebook, *, referral_id: int
) -> Package:
    """Return the package: as it would be signed now, or exactly as it was signed."""
    row = load(session, actor, referral_id, "referrals.get_package")
    keys: KeyRing = session.info["keys"]
    public = public_key(keys, PURPOSE)
    if row.signature is None or row.package_sha256 is None:
        content = build_package(session, rulebook, row)
        return Package(content, digest(content), None, public, None)
    holds = digest(row.package) == row.package_sha256 and is_signed(
        public, row.signature, canonical_json(row.package)
    )
    return Package(row.package, row.package_sha256, row.signature, public, holds)


def count_outcomes(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[rules.Cohort]:
    """Return what came of the leads, by the quarter they were sent and the agency."""
    require(actor, "referrals.count_outcomes", Scope(program=program))
    rows = list_sent(session, actor, program)
    numbers = [r.key for r in rows]
    undone = sa.select(col(ReferralOutcome.reverses_id)).where(
        col(ReferralOutcome.reverses_id).is_not(None)
    )
    entries = session.execute(
        select(ReferralOutcome).where(
            col(ReferralOutcome.referral_id).in_(numbers),
            col(ReferralOutcome.reverses_id).is_(None),
            col(ReferralOutcome.id).not_in(undone),
        )
    ).scalars()
    leads = [
        rules.Lead(
            r.key, r.agency, civil_day(r.signed_at), r.ack_due_on, r.answered_on,
            r.status is ReferralStatus.DECLINED,
        )
        for r in rows
        if r.signed_at is not None and r.ack_due_on is not None
    ]  # fmt: skip
    outcomes = [rules.Outcome(e.referral_id, e.kind, e.count) for e in entries]
    return rules.cohorts(leads, outcomes, today(clock))


def list_sent(session: Session, who: Actor, program: str) -> list[Referral]:
    """Return the rows of sent leads in reach of somebody; for counting, never shown."""
    return list(
        session.execute(
            select(Referral).where(
                Referral.program == program,
                col(Referral.signed_at).is_not(None),
                *narrow(
                    who,
                    "referrals.count_outcomes",
                    program_column=Referral.program,
                    district_column=Referral.district,
                    operator_column=None,
                ),
            )
        ).scalars()
    )


def load(session: Session, who: Actor, referral_id: int, action: str) -> Referral:
    """Return a lead this actor may know of."""
    row = session.get(Referral, referral_id)
    if row is None:
        raise NotFound("referral_not_found", referral_id=referral_id)
    require(who, action, Scope(row.program, row.district))
    return row


def _row(r: Referral, factory_name: str, day: date) -> ReferralRow:
    late = r.ack_due_on is not None and rules.is_overdue(r.ack_due_on, r.answered_on, day)
    return ReferralRow(
        referral_id=r.key,
        number=r.number,
        district=r.district,
        factory_id=r.factory_id,
        factory_name=factory_name,
        agency=r.agency,
        title=r.title,
        statement=r.statement,
        left_out=redactions(r),
        status=r.status,
        prepared_by=r.prepared_by,
        prepared_at=r.prepared_at,
        signed_by=r.signed_by,
        signed_at=r.signed_at,
        package_sha256=r.package_sha256,
        signature=r.signature,
        ack_due_on=r.ack_due_on,
        answered_on=r.answered_on,
        answer_ref=r.answer_ref,
        answer_note=r.answer_note,
        is_overdue=late,
    )
