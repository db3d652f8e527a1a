"""What each kind of file can say: its canonical fields, how each is read, what a row must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from marketplace.base.sheets import Cell
from marketplace.exchange import values
from marketplace.exchange.cellwords import is_error, is_nothing
from marketplace.exchange.faults import Parsed, RowFault
from marketplace.exchange.kinds import ImportKind, Unit
from marketplace.exchange.numbers import Dimension, Measure, parse_quantity


class CellReader(Protocol):
    """Reads one cell as one field."""

    def __call__(self, cell: Cell, *, column: str) -> Parsed:
        """Return the value and what there is to say about it."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One canonical field; exactly one of `reader` and `measure` is set.

    `template_unit` is the unit its template column names. `is_aside` marks what a row can do
    without: an error in it keeps no row out.
    """

    name: str
    reader: CellReader | None = None
    measure: Measure | None = None
    template_unit: Unit | None = None
    is_required: bool = False
    in_template: bool = True
    is_aside: bool = False

    def read(self, cell: Cell, *, unit: Unit | None) -> Parsed:
        """Return the value of a cell; a blank one is None without a fault."""
        if is_error(cell):
            fault = RowFault(self.name, "row_cell_error", str(cell), blocking=not self.is_aside)
            return Parsed(None, (fault,))
        if self.measure is not None:
            if is_nothing(cell):
                return Parsed()
            return parse_quantity(cell, self.measure, column=self.name, unit=unit)
        if self.reader is None:
            return Parsed()
        return self.reader(cell, column=self.name)

    @property
    def is_numeric(self) -> bool:
        """Tell whether the field is a quantity."""
        return self.measure is not None


def _text(longest: int) -> CellReader:
    return partial(values.parse_text, longest=longest)


# The bounds keep slips of units and typing out; no program rule. Capacity and staff are those
# of the register. An upper bound of money: 100 billion yuan.
_CAPACITY = Measure(Dimension.PAIRS, 0, 200_000_000)
_STAFF = Measure(Dimension.PERSONS, 0, 200_000)
_SEIZED = Measure(Dimension.PAIRS, 0, 200_000_000)
_LISTINGS = Measure(Dimension.LISTINGS, 0, 10_000_000)
_SOLD = Measure(Dimension.LISTINGS, 0, 1_000_000_000)
_VALUE = Measure(Dimension.FEN, 0, 10**13)
_PRICE = Measure(Dimension.FEN, 1, 10**9)

_NOTE = FieldSpec("note", _text(1000), is_aside=True)
_PLATFORM = FieldSpec("platform", _text(40))

FIELDS: Mapping[ImportKind, tuple[FieldSpec, ...]] = {
    ImportKind.FACTORIES: (
        FieldSpec("name", partial(values.parse_name, longest=200), is_required=True),
        FieldSpec("uscc", values.parse_uscc),
        FieldSpec("address", _text(300)),
        FieldSpec("district", _text(40)),
        FieldSpec("legal_representative", _text(80)),
        FieldSpec("phone", values.parse_phone, is_aside=True),
        FieldSpec(
            "capacity_pairs_per_year", measure=_CAPACITY, template_unit=Unit.TEN_THOUSAND_PAIRS
        ),
        FieldSpec("staff", measure=_STAFF, template_unit=Unit.PERSONS),
        FieldSpec("above_scale", values.parse_yes_no),
        _NOTE,
        FieldSpec("country", _text(80), in_template=False),
    ),
    ImportKind.EARLIER_RECORDS: (
        FieldSpec("name", _text(200)),
        FieldSpec("uscc", values.parse_uscc),
        FieldSpec("decision_no", partial(values.parse_as_written, longest=120)),
        FieldSpec("decided_on", values.parse_when_or_span),
        FieldSpec("cause", _text(200)),
        FieldSpec("quantity_pairs", measure=_SEIZED, template_unit=Unit.PAIRS),
        FieldSpec("value_fen", measure=_VALUE, template_unit=Unit.TEN_THOUSAND_YUAN),
        _NOTE,
    ),
    ImportKind.EXPOSURE: (
        FieldSpec("store_no", values.parse_item_id, is_required=True),
        _PLATFORM,
        FieldSpec("store_name", _text(200)),
        FieldSpec("uscc", values.parse_uscc),
        FieldSpec("month", values.parse_month, is_required=True),
        FieldSpec("listed", measure=_LISTINGS),
        FieldSpec("checked", measure=_LISTINGS),
        FieldSpec("sold", measure=_SOLD),
        FieldSpec("infringing", measure=_LISTINGS),
        FieldSpec("proactive", measure=_LISTINGS),
        FieldSpec("complaints", measure=_LISTINGS),
        _NOTE,
    ),
    ImportKind.STORES: (
        FieldSpec("store_no", values.parse_item_id, is_required=True),
        _PLATFORM,
        FieldSpec("name", _text(200), is_required=True),
        FieldSpec("uscc", values.parse_uscc),
        FieldSpec("operator_name", _text(200)),
        FieldSpec("url", values.parse_url),
        FieldSpec("from_on", values.parse_when),
        _NOTE,
    ),
    ImportKind.PRODUCTS: (
        FieldSpec("brand", _text(80), is_required=True),
        FieldSpec("name", _text(120), is_required=True),
        FieldSpec("model_no", _text(60)),
        FieldSpec("category", _text(60)),
        FieldSpec("price_fen", measure=_PRICE, template_unit=Unit.YUAN),
        FieldSpec("gtin", values.parse_gtin),
        FieldSpec("uscc", values.parse_uscc),
        FieldSpec("factory_name", _text(200)),
        _PLATFORM,
        FieldSpec("store_no", values.parse_item_id),
        FieldSpec("item_id", values.parse_item_id),
        FieldSpec("url", values.parse_url),
        FieldSpec("stock", measure=_SOLD),
        _NOTE,
    ),
    # Who complained is never read: names and phones of complainants stay in the file.
    ImportKind.COMPLAINTS: (
        FieldSpec("number", values.parse_item_id),
        FieldSpec("received_on", values.parse_when),
        FieldSpec("origin", _text(60)),
        _PLATFORM,
        FieldSpec("store_no", values.parse_item_id),
        FieldSpec("store_name", _text(200)),
        FieldSpec("item_id", values.parse_item_id),
        FieldSpec("url", _text(300)),
        FieldSpec("brand", _text(80)),
        # A statement is kept with its own marks and lines, as one typed on a page is.
        FieldSpec("text", partial(values.parse_as_written, longest=2000), is_required=True),
    ),
}

# A heading row must name one of these, or it is not the heading of such a file.
ANCHORS: Mapping[ImportKind, frozenset[str]] = {
    ImportKind.FACTORIES: frozenset({"name", "uscc"}),
    ImportKind.EARLIER_RECORDS: frozenset({"name", "uscc", "decision_no"}),
    ImportKind.EXPOSURE: frozenset({"store_no", "month"}),
    ImportKind.STORES: frozenset({"store_no", "name"}),
    ImportKind.PRODUCTS: frozenset({"brand", "name", "item_id"}),
    ImportKind.COMPLAINTS: frozenset({"number", "text"}),
}

# Fields in which a heading without a unit leaves room for a mistake of 10,000.
UNIT_MATTERS = frozenset({"capacity_pairs_per_year", "value_fen"})


def field_names(kind: ImportKind) -> tuple[str, ...]:
    """Return the canonical fields of a kind in their order."""
    return tuple(spec.name for spec in FIELDS[kind])


def field_spec(kind: ImportKind, name: str) -> FieldSpec:
    """Return one field of a kind.

    Raises:
        KeyError: when the kind has no such field.
    """
    return _BY_NAME[kind][name]


_BY_NAME: Mapping[ImportKind, Mapping[str, FieldSpec]] = {
    kind: {spec.name: spec for spec in specs} for kind, specs in FIELDS.items()
}
