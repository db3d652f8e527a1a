"""Reads a number with the unit that only its format shows: 80 in a cell of the form 0"万双" is 80万双.

The cell is taken as people see it, so that it is judged as if it had been typed: 约80万双 is refused
and 80人 is no capacity, whoever put the words there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from marketplace.base.sheets import Beside, Cell, Sheet
from marketplace.exchange.columns import ColumnMapping
from marketplace.exchange.fields import field_spec
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.numbers import find_unit

Place = tuple[int, int]


def units_by_format(
    kind: ImportKind, sheet: Sheet, mapping: ColumnMapping, data_top: int
) -> tuple[Mapping[Place, str], tuple[tuple[str, str], ...]]:
    """Return the cells of quantities as they are shown, and each field with the units shown in it."""
    fields = {
        use.index: use.field
        for use in mapping.columns
        if field_spec(kind, use.field).is_numeric
    }
    texts: dict[Place, str] = {}
    told: dict[tuple[str, str], None] = {}
    for (row, column), words in sheet.beside.items():
        unit = _unit(words)
        if row < data_top or column not in fields or unit is None:
            continue
        texts[row, column] = f"{words.before}{_digits(sheet.rows[row][column])}{unit}"
        told[fields[column], unit] = None
    order = [use.field for use in mapping.columns]
    return texts, tuple(sorted(told, key=lambda one: (order.index(one[0]), one[1])))


def with_shown(
    row: tuple[Cell, ...], index: int, texts: Mapping[Place, str]
) -> tuple[Cell, ...]:
    """Return a row with the numbers as they are shown."""
    if not texts:
        return row
    return tuple(texts.get((index, column), cell) for column, cell in enumerate(row))


def _unit(words: Beside) -> str | None:
    """The words behind a number where they name a unit, in brackets or not."""
    plain = words.after.strip("()（）[]【】 ")
    return plain if plain and find_unit(plain) is not None else None


def _digits(cell: Cell) -> str:
    return format(Decimal(repr(cell)), "f")


def shown_rows(
    rows: Sequence[tuple[Cell, ...]], first: int, texts: Mapping[Place, str]
) -> list[tuple[Cell, ...]]:
    """Return rows, the first of which is at `first`, with the numbers as they are shown."""
    return [with_shown(row, index, texts) for index, row in enumerate(rows, first)]
