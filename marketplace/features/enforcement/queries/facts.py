"""Gathers what the rules judge by, and whose a thing is; never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Scope
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook, parse_kept
from marketplace.base.rulebook.tables import ProgramVersion
from marketplace.features.enforcement.events import MeasureImposed
from marketplace.features.enforcement.kinds import EntryKind, MeasureKind
from marketplace.features.enforcement.rules import LedgerLine, counted_with
from marketplace.features.enforcement.tables import Finding, FindingProduct, PointsEntry
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Factory, Store, StoreHolding


def ledger_of(session: Session, store_id: int) -> list[LedgerLine]:
    """Return a store's ledger, oldest first; for rules, never shown."""
    rows = session.execute(
        sa.select(
            col(PointsEntry.id),
            col(PointsEntry.kind),
            col(PointsEntry.points),
            col(PointsEntry.reverses_id),
            col(PointsEntry.at),
            col(PointsEntry.brand),
            col(PointsEntry.rulebook_sha256),
        )
        .where(col(PointsEntry.store_id) == store_id)
        .order_by(col(PointsEntry.id))
    ).all()
    return [
        LedgerLine(row[0] or 0, row[1], row[2], row[3], row[4], row[5] or "", row[6])
        for row in rows
    ]


def complaints_behind(
    session: Session, rulebook: Rulebook, *, complaint_ref: str
) -> list[tuple[str, int | None]]:
    """Return (reference, who counted it) of the complaints that count up to one, it included.

    They are those of its brand in the ledger as that complaint found it: one taken back before
    or too soon after another is none of them.
    """
    last = session.execute(
        select(PointsEntry).where(
            PointsEntry.complaint_ref == complaint_ref,
            PointsEntry.kind == EntryKind.COMPLAINT,
        )
    ).scalar()
    if last is None:
        return []
    lines = [line for line in ledger_of(session, last.store_id) if line.entry_id <= last.key]
    counted = counted_with(
        rulebook, lines, brand=last.brand or "", versions=versions_of(session, rulebook, lines)
    )
    rows = session.execute(
        sa.select(col(PointsEntry.complaint_ref), col(PointsEntry.decided_by))
        .where(col(PointsEntry.id).in_({*counted, last.key}))
        .order_by(col(PointsEntry.id))
    ).all()
    return [(str(ref), by) for ref, by in rows]


def counting_complaints(
    session: Session, rulebook: Rulebook, *, store_id: int
) -> frozenset[int]:
    """Return the ledger entries of the complaints that count against a store now."""
    lines = ledger_of(session, store_id)
    return frozenset(
        counted_with(rulebook, lines, versions=versions_of(session, rulebook, lines))
    )


def versions_of(
    session: Session, rulebook: Rulebook, lines: Iterable[LedgerLine]
) -> Mapping[str, Rulebook]:
    """Return the rules that judged entries under another version than `rulebook`, by SHA-256.

    A version whose text was never kept is left out; its entries are read by `rulebook`.
    """
    others = {line.rules_sha256 for line in lines} - {rulebook.sha256, ""}
    if not others:
        return {}
    rows = session.execute(
        select(ProgramVersion.sha256, ProgramVersion.text, ProgramVersion.program).where(
            col(ProgramVersion.sha256).in_(sorted(others))
        )
    ).all()
    return {row[0]: _parsed(row[1], row[2]) for row in rows}


@lru_cache(maxsize=32)
def _parsed(text: str, program: str) -> Rulebook:
    return parse_kept(text, program)


def load_finding(session: Session, finding_id: int) -> tuple[Finding, Scope]:
    """Return a finding and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFound("finding_not_found", finding_id=finding_id)
    district = None
    if finding.factory_id is not None:
        district = session.execute(
            select(Factory.district).where(Factory.id == finding.factory_id)
        ).scalar()
    return finding, Scope(
        program=finding.program, district=district, operator_id=finding.operator_id
    )


def scope_of_store(session: Session, store: Store, holder: tuple[int, int] | None) -> Scope:
    """Return whose a store is: the factory and operator that hold it that day, if any."""
    if holder is None:
        return Scope(program=store.program)
    district = session.execute(select(Factory.district).where(Factory.id == holder[0])).scalar()
    return Scope(program=store.program, district=district, operator_id=holder[1])


def holder_or_last(session: Session, *, store_id: int, day: date) -> tuple[int, int] | None:
    """Return (factory_id, operator_id) of the holder that day, else of the last one confirmed.

    A store that was given up keeps answering to whom it was taken from.
    """
    found = holder_on(session, store_id=store_id, day=day)
    if found is not None:
        return found
    row = session.execute(
        select(StoreHolding.factory_id, Factory.operator_id)
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(
            StoreHolding.store_id == store_id, StoreHolding.status == HoldingStatus.CONFIRMED
        )
        .order_by(col(StoreHolding.from_on).desc())
    ).first()
    return None if row is None else (row[0], row[1])


def imposed(session: Session, finding: Finding, kind: MeasureKind) -> MeasureImposed:
    """Return the fact that a person imposes a measure, with the products of its finding."""
    products = session.execute(
        select(FindingProduct.product_id)
        .where(FindingProduct.finding_id == finding.key)
        .order_by(col(FindingProduct.product_id))
    ).scalars()
    return MeasureImposed(finding.key, finding.program, kind.value, tuple(products))
