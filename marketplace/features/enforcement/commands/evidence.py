"""Evidence of a finding by its digest, and who held it from-until; nothing is taken away."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.text import normalize
from marketplace.features.enforcement.queries.facts import load_finding
from marketplace.features.enforcement.tables import CustodyStep, FindingEvidence

_DIGEST = 64


def add_evidence(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    name: str,
    holder: str,
    use_id: int | None = None,
    sha256: str | None = None,
) -> int:
    """Keep a piece of evidence: a file given here, or a digest of what is kept elsewhere.

    The same content twice is one piece. The first holder holds it from now on.

    Raises:
        Invalid: without a name, a holder, or any digest; the digest is 64 hexadecimal digits.
        NotFound: for a file that is kept for other places than the finding's.
    """
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.add_evidence", scope)
    digest = _digest_of(session, use_id, scope) or (sha256 or "").strip().lower()
    faults = [
        Fault(place, "field_missing")
        for place, given in (("name", name), ("holder", holder))
        if not normalize(given)
    ]
    if not digest:
        faults.append(Fault("sha256", "digest_or_file"))
    elif len(digest) != _DIGEST or set(digest) - set("0123456789abcdef"):
        faults.append(Fault("sha256", "digest_bad"))
    if faults:
        raise Invalid(faults)
    known = session.execute(
        select(FindingEvidence.id).where(
            FindingEvidence.finding_id == finding_id, FindingEvidence.sha256 == digest
        )
    ).scalar()
    if known is not None:
        return int(known)
    row = FindingEvidence(
        finding_id=finding_id,
        name=normalize(name)[:200],
        sha256=digest,
        use_id=use_id,
        added_by=actor.account_id,
        added_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _hold(session, clock, actor, row.key, holder)
    _trail(session, clock, actor, "enforcement.add_evidence", row, scope, holder)
    return row.key


def hand_over_evidence(
    session: Session, *, clock: Clock, actor: Actor, evidence_id: int, holder: str
) -> None:
    """Pass a piece of evidence on: the present holder's time ends as the next one's begins.

    Raises:
        NotFound: there is no such piece.
        Invalid: without a holder.
    """
    row = session.get(FindingEvidence, evidence_id)
    if row is None:
        raise NotFound("evidence_not_found", evidence_id=evidence_id)
    _finding, scope = load_finding(session, row.finding_id)
    require(actor, "enforcement.hand_over_evidence", scope)
    if not normalize(holder):
        raise Invalid([Fault("holder", "field_missing")])
    step = session.execute(
        select(CustodyStep).where(
            CustodyStep.evidence_id == evidence_id, col(CustodyStep.until_at).is_(None)
        )
    ).scalar()
    if step is not None:
        step.until_at = clock.now()
        session.flush()
    _hold(session, clock, actor, evidence_id, holder)
    _trail(session, clock, actor, "enforcement.hand_over_evidence", row, scope, holder)


def _digest_of(session: Session, use_id: int | None, scope: Scope) -> str | None:
    """Return the digest of a file kept for the office where the finding belongs, and nowhere else."""
    if use_id is None:
        return None
    found = session.execute(
        select(StoredFile.sha256)
        .join(FileUse, col(FileUse.file_id) == col(StoredFile.id))
        .where(
            FileUse.id == use_id,
            FileUse.program == scope.program,
            col(FileUse.district).is_not_distinct_from(scope.district),
        )
    ).scalar()
    if found is None:
        raise NotFound("file_not_found", use_id=use_id)
    return str(found)


def _hold(session: Session, clock: Clock, by: Actor, evidence_id: int, holder: str) -> None:
    session.add(
        CustodyStep(
            evidence_id=evidence_id,
            holder=normalize(holder)[:120],
            from_at=clock.now(),
            recorded_by=by.account_id,
        )
    )


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    row: FindingEvidence,
    scope: Scope,
    holder: str,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"finding:{row.finding_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        facts={"evidence_id": row.key, "sha256": row.sha256, "holder": normalize(holder)},
    )
