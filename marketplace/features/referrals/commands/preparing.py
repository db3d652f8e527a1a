"""Prepares a lead and has a second person sign exactly what was read; only then does it go out.

A lead rests on decided findings. Nothing here tells of complainants, earlier records or links.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.canonical import canonical_json, digest
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.keys import KeyRing
from marketplace.base.keys.signing import sign
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.referrals.kinds import Redaction, ReferralStatus
from marketplace.features.referrals.queries import PURPOSE, build_package, load
from marketplace.features.referrals.tables import Referral, ReferralFinding
from marketplace.features.registry.queries import scope_of_factory

_LEAST = 4
_LONGEST_TITLE, _LONGEST_STATEMENT = 120, 2000


def prepare_referral(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    agency: str,
    title: str,
    statement: str,
    finding_ids: Sequence[int],
    left_out: Sequence[Redaction] = (),
) -> int:
    """Prepare a lead about a factory; nothing leaves the house by it.

    Raises:
        Invalid: with every fault: no such agency, title or statement missing or too long, no
            finding, or one that is not a decided finding against this operator.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "referrals.prepare_referral", Scope(scope.program, scope.district))
    operator_id = int(scope.operator_id or 0)
    faults = [
        *_text_faults("title", title, _LONGEST_TITLE),
        *_text_faults("statement", statement, _LONGEST_STATEMENT),
        *_finding_faults(session, operator_id, finding_ids),
    ]
    if rulebook.conduct.referrals.agency(agency) is None:
        faults.append(Fault("agency", "agency_unknown"))
    if faults:
        raise Invalid(faults)
    program = str(scope.program)
    row = Referral(
        program=program,
        district=scope.district,
        number=_number(session, program, clock),
        operator_id=operator_id,
        factory_id=factory_id,
        agency=agency,
        title=" ".join(normalize_prose(title).split()),
        statement=normalize_prose(statement),
        left_out={"fields": sorted({r.value for r in left_out})},
        status=ReferralStatus.DRAFT,
        prepared_by=actor.account_id,
        prepared_at=clock.now(),
        package={},
    )
    session.add(row)
    session.flush()
    for finding_id in sorted(set(finding_ids)):
        session.add(ReferralFinding(referral_id=row.key, finding_id=finding_id))
    trail(session, clock, actor, row, "prepare_referral", findings=sorted(set(finding_ids)))
    return row.key


def sign_referral(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    referral_id: int,
    sha256: str,
) -> None:
    """Sign the package whose digest was read, freeze it, and start the agency's clock.

    Raises:
        Refused: signed already, by who prepared it, without a standing finding, or when the facts
            changed since it was read.
    """
    row = load(session, actor, referral_id, "referrals.sign_referral")
    if row.status is not ReferralStatus.DRAFT:
        raise Refused("decided_already")
    if actor.account_id is None or actor.account_id == row.prepared_by:
        raise Refused("author_never_decides")
    rule = rulebook.conduct.referrals.agency(row.agency)
    if rule is None:
        raise Refused("agency_unknown")
    content = build_package(session, rulebook, row)
    if not content["findings"]:
        raise Refused("referral_without_finding")
    if digest(content) != sha256:
        raise Refused("referral_changed")
    keys: KeyRing = session.info["keys"]
    row.package, row.package_sha256 = content, sha256
    row.signature = sign(keys, PURPOSE, canonical_json(content))
    row.signed_by, row.signed_at = actor.account_id, clock.now()
    row.status = ReferralStatus.SENT
    row.ack_due_on = add_working_days(
        today(clock), rule.acknowledgement_working_days, rulebook.calendar
    )
    trail(session, clock, actor, row, "sign_referral", sha256=sha256)


def drop_referral(
    session: Session, *, clock: Clock, actor: Actor, referral_id: int, reason: str
) -> None:
    """Drop a lead that was not signed; it stays listed.

    Raises:
        Refused: signed already, or without a reason.
    """
    row = load(session, actor, referral_id, "referrals.drop_referral")
    if row.status is not ReferralStatus.DRAFT:
        raise Refused("decided_already")
    if len(normalize(reason)) < _LEAST:
        raise Refused("reason_missing")
    row.status = ReferralStatus.DROPPED
    row.answer_note = normalize_prose(reason)[:500]
    trail(session, clock, actor, row, "drop_referral", reason=normalize_prose(reason))


def trail(
    session: Session,
    clock: Clock,
    who: Actor,
    row: Referral,
    name: str,
    *,
    reason: str | None = None,
    **facts: object,
) -> None:
    """Leave an entry about a lead."""
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=f"referrals.{name}",
        subject=f"referral:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        reason=reason,
        facts={"number": row.number, "agency": row.agency, **facts},
    )


def _text_faults(field: str, text: str, longest: int) -> list[Fault]:
    length = len(normalize(text))
    if length < _LEAST:
        return [Fault(field, "field_missing")]
    return [Fault(field, "text_too_long", {"longest": longest})] if length > longest else []


def _finding_faults(
    session: Session, operator_id: int, finding_ids: Sequence[int]
) -> list[Fault]:
    if not finding_ids:
        return [Fault("finding_ids", "referral_without_finding")]
    standing = set(
        session.execute(
            sa.select(col(Finding.id)).where(
                col(Finding.id).in_(sorted(set(finding_ids))),
                col(Finding.operator_id) == operator_id,
                col(Finding.status) == FindingStatus.UPHELD,
            )
        ).scalars()
    )
    return [] if standing == set(finding_ids) else [Fault("finding_ids", "finding_not_decided")]


def _number(session: Session, program: str, clock: Clock) -> str:
    """Return the next number of the year; the audit head's lock keeps it from being given twice."""
    year = today(clock).year
    used = session.execute(
        select(sa.func.count())
        .select_from(Referral)
        .where(Referral.program == program, col(Referral.number).startswith(f"XS-{year}-"))
    ).scalar_one()
    return f"XS-{year}-{int(used) + 1:04d}"
