"""Finds the heading of a table: below title rows, over one to three rows, in any sheet.

It must not take a data row for a heading: a taller heading wins only when it names more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.sheets import Book, Cell, Sheet, column_letter
from marketplace.base.sheets.cells import is_blank
from marketplace.base.text import normalize
from marketplace.exchange.columns import (
    ColumnMapping,
    Heading,
    joined,
    propose_columns,
)
from marketplace.exchange.faults import shown
from marketplace.exchange.fields import ANCHORS
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.numbers import find_unit

_SEARCHED_ROWS = 40
_TALLEST = 3
_SAMPLE_ROWS = 60
_MIN_SCORE = 1.5


@dataclass(frozen=True, slots=True)
class Located:
    """Where a heading stands: 0-based first row, its height, and what its columns are.

    `named_width` is the number of columns up to the last one that has a heading.
    """

    sheet: Sheet
    top: int
    height: int
    headings: tuple[Heading, ...]
    mapping: ColumnMapping
    named_width: int = 0

    @property
    def data_top(self) -> int:
        """0-based index of the first row below the heading."""
        return self.top + self.height


def locate(
    kind: ImportKind, book: Book, filename: str, *, overrides: Mapping[str, str] | None = None
) -> Located:
    """Return the heading that names most fields of the kind; the topmost, lowest one of equals.

    Raises:
        Refused: `import_header_not_found`.
        Invalid: `import_header_repeated`, or an override that fits no column.
    """
    best: Located | None = None
    for sheet in book.sheets:
        found = _locate_in(kind, sheet, overrides or {})
        if found is not None and (best is None or found.mapping.score > best.mapping.score):
            best = found
    if best is None:
        raise Refused("import_header_not_found", file=filename)
    sample = best.sheet.rows[best.data_top : best.data_top + _SAMPLE_ROWS]
    mapping = propose_columns(kind, best.headings, overrides=overrides, sample=sample)
    _refuse_repeated(best, mapping)
    named = [index + 1 for index, heading in enumerate(best.headings) if joined(heading)]
    return replace(best, mapping=mapping, named_width=max(named, default=0))


def _locate_in(kind: ImportKind, sheet: Sheet, overrides: Mapping[str, str]) -> Located | None:
    best: Located | None = None
    for top in range(min(len(sheet.rows), _SEARCHED_ROWS)):
        if sum(1 for cell in sheet.rows[top] if not is_blank(cell)) == 0:
            continue
        for height in range(1, _TALLEST + 1):
            if top + height > len(sheet.rows):
                break
            headings = _headings(sheet, top, height)
            mapping = _try(kind, headings, overrides)
            if mapping is None or not _is_heading(kind, mapping):
                continue
            if best is None or _worth(mapping, height) > _worth(best.mapping, best.height):
                best = Located(sheet, top, height, headings, mapping)
    return None if best is None else _with_unit_row(best)


def _with_unit_row(found: Located) -> Located:
    """Take in a row below the heading that says nothing but units."""
    if found.data_top >= len(found.sheet.rows):
        return found
    below = [cell for cell in found.sheet.rows[found.data_top] if not is_blank(cell)]
    if not below or any(find_unit(shown(cell)) is None for cell in below):
        return found
    headings = _headings(found.sheet, found.top, found.height + 1)
    return Located(found.sheet, found.top, found.height + 1, headings, found.mapping)


def _worth(mapping: ColumnMapping, height: int) -> float:
    """A title above or a data row below adds nothing, so of equals the lowest form wins."""
    return mapping.score - 0.05 * (height - 1)


def _try(
    kind: ImportKind, headings: tuple[Heading, ...], overrides: Mapping[str, str]
) -> ColumnMapping | None:
    """Propose with the overrides; a row they do not fit is not the heading they mean."""
    try:
        return propose_columns(kind, headings, overrides=overrides)
    except Invalid:
        plain = propose_columns(kind, headings)
        return plain if plain.score >= _MIN_SCORE else None


def _is_heading(kind: ImportKind, mapping: ColumnMapping) -> bool:
    fields = {use.field for use in mapping.columns}
    return len(fields) >= 2 and mapping.score >= _MIN_SCORE and bool(fields & ANCHORS[kind])


def _headings(sheet: Sheet, top: int, height: int) -> tuple[Heading, ...]:
    """Each column's parts from top to bottom; merged and left-open parents are filled in."""
    rows = [list(_texts(sheet.rows[index])) for index in range(top, top + height)]
    width = max(len(row) for row in rows)
    for row in rows:
        row.extend([""] * (width - len(row)))
    for area in sheet.merged:
        if top <= area.top < top + height and area.right < width:
            text = rows[area.top - top][area.left]
            for column in range(area.left, area.right + 1):
                rows[area.top - top][column] = text
    for above, below in pairwise(rows):
        for column in range(1, width):
            if not above[column] and below[column]:
                above[column] = above[column - 1]
    return tuple(tuple(row[column] for row in rows) for column in range(width))


def _texts(row: Sequence[Cell]) -> Sequence[str]:
    return [shown(cell).strip() if isinstance(cell, str) else "" for cell in row]


def _refuse_repeated(found: Located, mapping: ColumnMapping) -> None:
    """Two columns of one heading are refused, unless both sides were chosen by hand."""
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    by_hand = {use.index for use in mapping.columns if use.basis.value == "chosen"}
    for index, heading in enumerate(found.headings):
        key = normalize(joined(heading)).casefold()
        if not key:
            continue
        if key in seen and not {index, seen[key]} & by_hand:
            place = f"{column_letter(seen[key])}, {column_letter(index)}"
            facts = {"header": joined(heading), "row": found.data_top, "columns": place}
            faults.append(Fault(joined(heading), "import_header_repeated", facts))
        seen.setdefault(key, index)
    if faults:
        raise Invalid(faults)
