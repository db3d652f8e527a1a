"""Reads what an export of each kind holds, under the headings its import recognizes.

Phones and names of persons stay out: an export that has them would be a leak waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.rulebook import Rulebook
from marketplace.base.sheets import Cell
from marketplace.exchange.exporting import queries
from marketplace.exchange.exporting.cases import export_complaints
from marketplace.exchange.exporting.wanted import ExportFilter, Record
from marketplace.exchange.fields import FIELDS, FieldSpec
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.numbers import SCALES

Reader = Callable[[Session, Actor, Rulebook, ExportFilter], list[Record]]

_KEPT_OUT = frozenset({"phone", "legal_representative", "country"})

# Columns an export has beyond what can be imported: how things stand, read by people.
_EXTRAS: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.FACTORIES: ("status", "registered_on"),
    ImportKind.EARLIER_RECORDS: ("kind", "source", "reliability"),
    ImportKind.EXPOSURE: ("source",),
    ImportKind.STORES: ("status", "holding", "until_on"),
    ImportKind.PRODUCTS: ("status", "code", "valid_until"),
    ImportKind.COMPLAINTS: ("status", "case_no", "answer_by"),
}


@dataclass(frozen=True, slots=True)
class ExportTable:
    """What leaves the house: fields in order, whether each can be imported, and the rows."""

    kind: ImportKind
    specs: tuple[FieldSpec, ...]
    extras: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def export_table(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    kind: ImportKind,
    wanted: ExportFilter | None = None,
) -> ExportTable:
    """Return everything of a kind this actor may see, the whole result and not a page.

    Raises:
        NotAllowed: when the actor's role takes nothing of this kind out.
    """
    specs = tuple(s for s in FIELDS[kind] if s.name not in _KEPT_OUT)
    extras = _EXTRAS[kind]
    records = _READERS[kind](session, actor, rulebook, wanted or ExportFilter())
    rows = tuple(
        (*(_cell(spec, record) for spec in specs), *(_plain(record.get(e)) for e in extras))
        for record in records
    )
    return ExportTable(kind, specs, extras, rows)


def _cell(spec: FieldSpec, record: Record) -> Cell:
    """A quantity goes out in the unit its heading names."""
    value = record.get(spec.name)
    if spec.measure is not None and spec.template_unit is not None and isinstance(value, int):
        scale = SCALES[spec.measure.dimension][spec.template_unit]
        amount = Decimal(value) / Decimal(scale)
        return int(amount) if amount == amount.to_integral_value() else float(amount)
    if spec.name == "decided_on":
        return _period(record.get("decided_on"), record.get("decided_until"))
    return _plain(value)


def _period(start: object, end: object) -> Cell:
    """A date goes out as exactly as it is known: a day, a month, a year, or from when to when.

    A half-year told as its year would come in again as another record.
    """
    if not isinstance(start, date):
        return None
    last = end - timedelta(days=1) if isinstance(end, date) else start
    if last <= start:
        return start.isoformat()
    if start.day > 1 or (last + timedelta(days=1)).day > 1:
        return f"{start.isoformat()} ~ {last.isoformat()}"
    if (start.year, start.month) == (last.year, last.month):
        return f"{start:%Y-%m}"
    if (start.month, last.month, start.year) == (1, 12, last.year):
        return f"{start:%Y}"
    return f"{start:%Y-%m} ~ {last:%Y-%m}"


def _plain(value: object) -> Cell:
    match value:
        case None | str() | bool() | int() | float():
            return value
        case date():
            return value.isoformat()
        case _:
            return str(value)


_READERS: Mapping[ImportKind, Reader] = {
    ImportKind.FACTORIES: queries.export_factories,
    ImportKind.EARLIER_RECORDS: queries.export_earlier_records,
    ImportKind.EXPOSURE: queries.export_exposure,
    ImportKind.STORES: queries.export_stores,
    ImportKind.PRODUCTS: queries.export_products,
    ImportKind.COMPLAINTS: export_complaints,
}
