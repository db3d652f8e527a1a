"""Issues statements of reasons (处理说明); every measure is taken in one, together with its text.

Steps of commands: who may is asked before. Nothing here decides what follows from a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.kinds import (
    MeasureEnd,
    MeasureKind,
    StatementBasis,
)
from marketplace.features.enforcement.statement import (
    Case,
    EvidenceSaid,
    MeasureSaid,
    RuleCited,
    compose,
    title,
)
from marketplace.features.enforcement.tables import (
    CustodyStep,
    Finding,
    FindingDetail,
    FindingEvidence,
    MeasurePause,
    MeasureTaken,
    StatementOfReasons,
)
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the caller knows and no row says yet."""

    basis: StatementBasis
    reason: str
    rules: tuple[RuleCited, ...]
    measures: tuple[MeasureSaid, ...]
    automated: bool = False
    brand: str | None = None
    count: int = 0
    complaint_ref: str | None = None
    offense: int | None = None
    balance: int | None = None


def issue(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    by: Actor,
    store: Store,
    holder: tuple[int, int] | None,
    grounds: Grounds,
    finding: Finding | None = None,
) -> StatementOfReasons:
    """Write the statement and its measures; the words are frozen with their digest."""
    case = _case(session, rulebook, clock, by, store, holder, grounds, finding)
    facts = _plain(asdict(case))
    texts = {
        lang: [[title(case, lang), []], *([head, lines] for head, lines in compose(case, lang))]
        for lang in ("zh", "en")
    }
    row = StatementOfReasons(
        program=store.program,
        number=case.number,
        basis=grounds.basis,
        store_id=store.key,
        factory_id=holder[0] if holder else None,
        operator_id=holder[1] if holder else None,
        finding_id=finding.key if finding else None,
        complaint_ref=grounds.complaint_ref,
        facts=facts,
        text_zh=texts["zh"],
        text_en=texts["en"],
        sha256=digest({"facts": facts, **texts}),
        rulebook_sha256=rulebook.sha256,
        automated=grounds.automated,
        decided_by=by.account_id,
        decided_role=by.role.value,
        at=clock.now(),
        appeal_until=case.appeal_until,
    )
    session.add(row)
    session.flush()
    for measure in grounds.measures:
        session.add(
            MeasureTaken(
                statement_id=row.key,
                kind=measure.kind,
                store_id=store.key,
                finding_id=row.finding_id,
                from_at=clock.now(),
                until_at=measure.until,
            )
        )
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=by,
        action="enforcement.issue_statement",
        subject=f"statement:{row.key}",
        program=store.program,
        operator_id=row.operator_id,
        facts={
            "number": row.number,
            "sha256": row.sha256,
            "measures": [m.kind for m in grounds.measures],
        },
    )
    return row


def cite(rulebook: Rulebook, key: str, figure: str, **facts: object) -> RuleCited:
    """Return a rule with the source the program file gives for its number."""
    found = rulebook.figures.get(figure)
    if found is None:
        program = rulebook.program
        return RuleCited(key, dict(facts), program.contact_for_english, program.contact)
    return RuleCited(key, dict(facts), found.source, found.source_zh)


def end_measures(
    session: Session,
    *,
    at: datetime,
    why: MeasureEnd,
    statement_id: int | None = None,
    store_id: int | None = None,
    finding_id: int | None = None,
    kinds: Sequence[MeasureKind] = tuple(MeasureKind),
) -> None:
    """End the running measures of a statement, a finding or a store."""
    wanted = select(MeasureTaken).where(
        col(MeasureTaken.ended_at).is_(None), col(MeasureTaken.kind).in_(kinds)
    )
    if statement_id is not None:
        wanted = wanted.where(MeasureTaken.statement_id == statement_id)
    if store_id is not None:
        wanted = wanted.where(MeasureTaken.store_id == store_id)
    if finding_id is not None:
        wanted = wanted.where(MeasureTaken.finding_id == finding_id)
    for row in list(session.execute(wanted).scalars()):
        row.ended_at, row.end_reason = at, why
        pause = session.execute(
            select(MeasurePause).where(
                MeasurePause.measure_id == row.key, col(MeasurePause.until_at).is_(None)
            )
        ).scalar()
        if pause is not None:
            pause.until_at = at


def is_paused(kind: MeasureKind, *of: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether an open appeal has paused a measure of this kind: its term stands still.

    `of` says which measures are meant, in columns of `MeasureTaken`.
    """
    return (
        sa.select(col(MeasurePause.id))
        .join(MeasureTaken, col(MeasureTaken.id) == col(MeasurePause.measure_id))
        .where(*of, col(MeasureTaken.kind) == kind, col(MeasurePause.until_at).is_(None))
        .exists()
    )


def _case(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    by: Actor,
    store: Store,
    holder: tuple[int, int] | None,
    grounds: Grounds,
    finding: Finding | None,
) -> Case:
    detail = _detail(session, finding)
    factory = session.get(Factory, holder[0]) if holder else None
    days = rulebook.enforcement.appeals.file_working_days[0]
    day = today(clock)
    kept = tuple(m.kind for m in grounds.measures if not _is_paused(rulebook, m.kind))
    return Case(
        number=_number(session, store.program, day.year),
        basis=grounds.basis,
        at=clock.now(),
        store=store.name,
        platform=store.platform,
        factory=factory.name if factory else "",
        decided_role=by.role,
        reason=grounds.reason,
        program_zh=rulebook.program.name_zh,
        program_en=rulebook.program.name_en,
        version=rulebook.program.version,
        appeal_until=add_working_days(day, days, rulebook.calendar),
        appeal_working_days=days,
        automated=grounds.automated,
        found_on=finding.found_on if finding else None,
        origin=finding.origin if finding else None,
        category=detail.category if detail else None,
        intent=(detail.decided_intent or detail.intent) if detail else None,
        listings=finding.listings if finding else None,
        value_fen=detail.value_fen if detail else None,
        brand=grounds.brand or (finding.brand if finding else None),
        seen=finding.statement if finding else "",
        hearing=(finding.hearing or "") if finding else "",
        count=grounds.count,
        offense=grounds.offense,
        balance=grounds.balance,
        rules=grounds.rules,
        measures=grounds.measures,
        evidence=_evidence(session, finding),
        kept=kept,
    )


def _is_paused(rulebook: Rulebook, kind: MeasureKind) -> bool:
    stated = rulebook.enforcement.appeals.effect_on(kind.value)
    return stated is not None and stated.effect == "paused"


def _number(session: Session, program: str, year: int) -> str:
    """Number statements of a program through a year; writers queue, so no two are alike."""
    prefix = f"CL{year}-"
    count = session.execute(
        sa.select(sa.func.count())
        .select_from(StatementOfReasons)
        .where(
            col(StatementOfReasons.program) == program,
            col(StatementOfReasons.number).startswith(prefix),
        )
    ).scalar_one()
    return f"{prefix}{count + 1:05d}"


def _detail(session: Session, finding: Finding | None) -> FindingDetail | None:
    if finding is None:
        return None
    return session.execute(
        select(FindingDetail).where(FindingDetail.finding_id == finding.key)
    ).scalar()


def _evidence(session: Session, finding: Finding | None) -> tuple[EvidenceSaid, ...]:
    if finding is None:
        return ()
    rows = session.execute(
        select(FindingEvidence, CustodyStep.holder)
        .outerjoin(
            CustodyStep,
            sa.and_(
                col(CustodyStep.evidence_id) == col(FindingEvidence.id),
                col(CustodyStep.until_at).is_(None),
            ),
        )
        .where(FindingEvidence.finding_id == finding.key)
        .order_by(col(FindingEvidence.id))
    ).all()
    return tuple(EvidenceSaid(row[0].name, row[0].sha256, row[1] or "—") for row in rows)


def _plain(value: Any) -> Any:
    """Return facts as JSON keeps them: instants and days as ISO text, kinds by their value."""
    match value:
        case dict():
            return {k: _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _ if hasattr(value, "value"):
            return value.value
        case _:
            return value
