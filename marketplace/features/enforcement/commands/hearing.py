"""Hears the owner before anything is decided (陈述申辩): his words, or that his days went by."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.keeping import too_long, trail_finding
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import load_finding
from marketplace.features.enforcement.rules import last_hearing_day
from marketplace.features.enforcement.tables import Finding

_LONGEST_HEARING = 2000


def hear_owner(
    session: Session, *, clock: Clock, actor: Actor, finding_id: int, statement: str
) -> None:
    """Take what the owner says, or what he said to the office in person or by telephone.

    What was taken before stays in front of it: nobody's defense is written over.

    Raises:
        Refused: decided already.
        Invalid: without a word, or for more in all than is kept.
    """
    finding = _suspected(session, actor, "enforcement.hear_owner", finding_id)
    _keep(clock, finding, statement)
    trail_finding(session, clock, actor, "enforcement.hear_owner", finding)


def note_silence(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    statement: str,
) -> None:
    """Note that the owner was told and said nothing; only once his days are over.

    `statement` says how he was told.

    Raises:
        Refused: decided already, he was heard already, or his days still run.
        Invalid: without a word, or for more than is kept.
    """
    finding = _suspected(session, actor, "enforcement.note_silence", finding_id)
    if finding.heard_at is not None:
        raise Refused("heard_already")
    until = last_hearing_day(rulebook, finding.recorded_at)
    if today(clock) <= until:
        raise Refused("hearing_open", until=until)
    _keep(clock, finding, statement)
    trail_finding(
        session, clock, actor, "enforcement.note_silence", finding, facts={"until": until}
    )


def _suspected(session: Session, actor: Actor, action: str, finding_id: int) -> Finding:
    finding, scope = load_finding(session, finding_id)
    require(actor, action, scope)
    if finding.status is not FindingStatus.SUSPECTED:
        raise Refused("decided_already")
    return finding


def _keep(clock: Clock, finding: Finding, statement: str) -> None:
    if not normalize(statement):
        raise Invalid([Fault("statement", "field_missing")])
    said = normalize_prose(statement)
    before = finding.hearing or said
    whole = (
        before if before.endswith(said) else f"{before} / {said}"
    )  # a second press adds nothing
    if faults := too_long("statement", whole, _LONGEST_HEARING):
        raise Invalid(faults)
    finding.hearing = whole
    finding.heard_at = clock.now()
