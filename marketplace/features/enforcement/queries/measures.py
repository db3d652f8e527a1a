"""Reads statements of reasons, the measures taken in them, evidence and its custody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.canonical import digest
from marketplace.base.errors import NotFound
from marketplace.base.words import Lang
from marketplace.features.enforcement.kinds import (
    Intent,
    MeasureEnd,
    MeasureKind,
    StatementBasis,
    ViolationKind,
)
from marketplace.features.enforcement.queries.facts import load_finding
from marketplace.features.enforcement.tables import (
    CustodyStep,
    FindingDetail,
    FindingEvidence,
    MeasurePause,
    MeasureTaken,
    StatementOfReasons,
)
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: what, since when, until when, how it ended, whether an appeal paused it."""

    kind: MeasureKind
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    end_reason: MeasureEnd | None
    paused_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether the measure has effect now."""
        return self.ended_at is None and self.paused_at is None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement of reasons as it was said; `sections` are (heading, paragraphs)."""

    statement_id: int
    number: str
    program: str
    basis: StatementBasis
    store_id: int
    store_name: str
    factory_id: int | None
    operator_id: int | None
    finding_id: int | None
    complaint_ref: str | None
    automated: bool
    decided_by: int | None
    decided_role: str
    at: datetime
    appeal_until: date
    sha256: str
    is_intact: bool
    text_zh: Sequence[tuple[str, Sequence[str]]]
    text_en: Sequence[tuple[str, Sequence[str]]]
    measures: tuple[MeasureRow, ...]

    def title(self, lang: Lang) -> str:
        """Return the title in a language."""
        return (self.text_zh if lang == "zh" else self.text_en)[0][0]

    def sections(self, lang: Lang) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (heading, paragraphs) in order, without the title."""
        return (self.text_zh if lang == "zh" else self.text_en)[1:]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence with who held it from-until, first holder first."""

    evidence_id: int
    name: str
    sha256: str
    use_id: int | None
    added_at: datetime
    custody: tuple[tuple[str, datetime, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class DetailRow:
    """What a finding is about beyond its count."""

    category: ViolationKind | None
    intent: Intent | None
    decided_intent: Intent | None
    value_fen: int | None


def get_statement(session: Session, actor: Actor, *, statement_id: int) -> StatementView:
    """Return one statement of reasons with its measures as they stand now.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    row = session.execute(
        select(StatementOfReasons, Store.name, Factory.district)
        .join(Store, col(Store.id) == col(StatementOfReasons.store_id))
        .outerjoin(Factory, col(Factory.id) == col(StatementOfReasons.factory_id))
        .where(StatementOfReasons.id == statement_id)
    ).first()
    if row is None:
        raise NotFound("statement_not_found", statement_id=statement_id)
    statement, store_name, district = row
    require(
        actor,
        "enforcement.get_statement",
        Scope(statement.program, district, statement.operator_id),
    )
    measures = measures_of(session, [statement_id])
    return _view(statement, store_name, measures.get(statement_id, ()))


def list_statements(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    store_id: int | None = None,
    finding_id: int | None = None,
    limit: int = 200,
) -> list[StatementView]:
    """Return the statements this actor may see, newest first."""
    wanted = (
        select(StatementOfReasons, Store.name)
        .join(Store, col(Store.id) == col(StatementOfReasons.store_id))
        .outerjoin(Factory, col(Factory.id) == col(StatementOfReasons.factory_id))
        .where(
            *narrow(
                actor,
                "enforcement.list_statements",
                program_column=StatementOfReasons.program,
                district_column=Factory.district,
                operator_column=StatementOfReasons.operator_id,
            )
        )
        .order_by(col(StatementOfReasons.id).desc())
        .limit(limit)
    )
    for column, value in (
        (StatementOfReasons.program, program),
        (StatementOfReasons.factory_id, factory_id),
        (StatementOfReasons.store_id, store_id),
        (StatementOfReasons.finding_id, finding_id),
    ):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    rows = session.execute(wanted).all()
    measures = measures_of(session, [row[0].key for row in rows])
    return [_view(row[0], row[1], measures.get(row[0].key, ())) for row in rows]


def list_evidence(session: Session, actor: Actor, *, finding_id: int) -> list[EvidenceRow]:
    """Return the evidence of a finding with its chain of custody, first added first."""
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.list_evidence", scope)
    pieces = session.execute(
        select(FindingEvidence)
        .where(FindingEvidence.finding_id == finding_id)
        .order_by(col(FindingEvidence.id))
    ).scalars()
    found = list(pieces)
    steps: dict[int, list[tuple[str, datetime, datetime | None]]] = {}
    for step in session.execute(
        select(CustodyStep)
        .where(col(CustodyStep.evidence_id).in_([p.key for p in found]))
        .order_by(col(CustodyStep.id))
    ).scalars():
        steps.setdefault(step.evidence_id, []).append(
            (step.holder, step.from_at, step.until_at)
        )
    return [
        EvidenceRow(p.key, p.name, p.sha256, p.use_id, p.added_at, tuple(steps.get(p.key, ())))
        for p in found
    ]


def get_detail(session: Session, actor: Actor, *, finding_id: int) -> DetailRow:
    """Return what a finding is about: kind, intent as alleged and as decided, value."""
    _finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.get_detail", scope)
    row = session.execute(
        select(FindingDetail).where(FindingDetail.finding_id == finding_id)
    ).scalar()
    if row is None:
        return DetailRow(None, None, None, None)
    return DetailRow(row.category, row.intent, row.decided_intent, row.value_fen)


def measures_of(
    session: Session, statement_ids: Iterable[int]
) -> dict[int, tuple[MeasureRow, ...]]:
    """Return statement → its measures; for queries that asked who may, never shown alone."""
    found: dict[int, tuple[MeasureRow, ...]] = {}
    rows = session.execute(
        select(MeasureTaken)
        .where(col(MeasureTaken.statement_id).in_(sorted(set(statement_ids))))
        .order_by(col(MeasureTaken.id))
    ).scalars()
    taken = list(rows)
    open_pauses = session.execute(
        sa.select(col(MeasurePause.measure_id), col(MeasurePause.from_at)).where(
            col(MeasurePause.measure_id).in_([m.key for m in taken]),
            col(MeasurePause.until_at).is_(None),
        )
    ).all()
    pauses = {int(row[0]): row[1] for row in open_pauses}
    for m in taken:
        row = MeasureRow(
            m.kind, m.from_at, m.until_at, m.ended_at, m.end_reason, pauses.get(m.key)
        )
        found[m.statement_id] = (*found.get(m.statement_id, ()), row)
    return found


def count_statements(
    session: Session, actor: Actor, *, program: str
) -> dict[StatementBasis, int]:
    """Return how many statements were issued, by what they rest on."""
    require(actor, "enforcement.count_statements", Scope(program=program))
    rows = session.execute(
        sa.select(col(StatementOfReasons.basis), sa.func.count())
        .where(col(StatementOfReasons.program) == program)
        .group_by(col(StatementOfReasons.basis))
    ).all()
    return {row[0]: int(row[1]) for row in rows}


def _view(
    s: StatementOfReasons, store_name: str, measures: tuple[MeasureRow, ...]
) -> StatementView:
    whole = {"facts": s.facts, "zh": s.text_zh, "en": s.text_en}
    return StatementView(
        statement_id=s.key,
        number=s.number,
        program=s.program,
        basis=s.basis,
        store_id=s.store_id,
        store_name=store_name,
        factory_id=s.factory_id,
        operator_id=s.operator_id,
        finding_id=s.finding_id,
        complaint_ref=s.complaint_ref,
        automated=s.automated,
        decided_by=s.decided_by,
        decided_role=s.decided_role,
        at=s.at,
        appeal_until=s.appeal_until,
        sha256=s.sha256,
        is_intact=digest(whole) == s.sha256,
        text_zh=[(head, tuple(lines)) for head, lines in s.text_zh],
        text_en=[(head, tuple(lines)) for head, lines in s.text_en],
        measures=measures,
    )
