"""Keeps what an agency answered and what came of a lead; counts only grow and are never mixed."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.referrals.commands.preparing import trail
from marketplace.features.referrals.events import ReferralAnswered
from marketplace.features.referrals.kinds import OutcomeKind, ReferralStatus
from marketplace.features.referrals.queries import load
from marketplace.features.referrals.tables import Referral, ReferralOutcome

_LEAST, _MOST = 4, 100_000


def answer_referral(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    referral_id: int,
    is_accepted: bool,
    answered_on: date,
    answer_ref: str,
    note: str = "",
) -> None:
    """Keep an agency's acknowledgement, or that it declined.

    Raises:
        Refused: not sent, or answered already.
        Invalid: without the agency's reference, or a day before sending or after today.
    """
    row = load(session, actor, referral_id, "referrals.answer_referral")
    if row.status is not ReferralStatus.SENT:
        raise Refused("decided_already" if row.answered_on else "referral_not_sent")
    faults = _day_faults("answered_on", answered_on, row, clock)
    if not normalize(answer_ref):
        faults.append(Fault("answer_ref", "field_missing"))
    if faults:
        raise Invalid(faults)
    row.status = ReferralStatus.ACKNOWLEDGED if is_accepted else ReferralStatus.DECLINED
    row.answered_on = answered_on
    row.answer_ref = normalize_prose(answer_ref)[:120]  # 〔2026〕 and （2026） as on the paper
    row.answer_note = normalize_prose(note)[:500] or None
    trail(
        session, clock, actor, row, "answer_referral",
        accepted=is_accepted, on=answered_on, ref=row.answer_ref,
    )  # fmt: skip
    announce(
        session,
        ReferralAnswered(row.key, row.program, row.number, row.prepared_by, is_accepted),
    )


def record_outcome(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    referral_id: int,
    kind: OutcomeKind,
    count: int,
    happened_on: date,
    source: str,
) -> int:
    """Keep one thing an agency told: so many cases filed, or persons detained, arrested, prosecuted.

    Raises:
        Refused: when the agency has not taken the lead up.
        Invalid: for a count below 1, no source, or a day before sending or after today.
    """
    row = load(session, actor, referral_id, "referrals.record_outcome")
    if row.status is not ReferralStatus.ACKNOWLEDGED:
        raise Refused("referral_not_acknowledged")
    faults = _day_faults("happened_on", happened_on, row, clock)
    if not 1 <= count <= _MOST:
        faults.append(Fault("count", "outcome_count"))
    if not normalize(source):
        faults.append(Fault("source", "field_missing"))
    if faults:
        raise Invalid(faults)
    entry = ReferralOutcome(
        referral_id=row.key,
        kind=kind,
        count=count,
        happened_on=happened_on,
        source=normalize_prose(source)[:200],
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    session.add(entry)
    session.flush()
    trail(
        session, clock, actor, row, "record_outcome",
        entry=entry.key, kind=kind, count=count, on=happened_on,
    )  # fmt: skip
    return entry.key


def reverse_outcome(
    session: Session, *, clock: Clock, actor: Actor, outcome_id: int, reason: str
) -> None:
    """Take back an outcome that was told or written down wrongly; both entries stay.

    Raises:
        NotFound: when there is no such outcome.
        Refused: taken back already, or without a reason.
    """
    entry = session.get(ReferralOutcome, outcome_id)
    if entry is None or entry.reverses_id is not None:
        raise NotFound("outcome_not_found", outcome_id=outcome_id)
    row = load(session, actor, entry.referral_id, "referrals.reverse_outcome")
    if len(normalize(reason)) < _LEAST:
        raise Refused("reason_missing")
    undone = session.execute(
        select(ReferralOutcome.id).where(ReferralOutcome.reverses_id == outcome_id)
    ).scalar()
    if undone is not None:
        raise Refused("decided_already")
    session.add(
        ReferralOutcome(
            referral_id=row.key,
            kind=entry.kind,
            count=entry.count,
            happened_on=entry.happened_on,
            source=normalize_prose(reason)[:200],
            reverses_id=entry.key,
            recorded_by=actor.account_id,
            recorded_at=clock.now(),
        )
    )
    trail(
        session,
        clock,
        actor,
        row,
        "reverse_outcome",
        reason=normalize_prose(reason),
        entry=entry.key,
    )


def _day_faults(place: str, day: date, row: Referral, clock: Clock) -> list[Fault]:
    sent = civil_day(row.signed_at) if row.signed_at else day
    return [] if sent <= day <= today(clock) else [Fault(place, "day_outside_lead")]
