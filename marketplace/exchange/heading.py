"""Finds the heading of a table: below title rows, over one to three rows, in any sheet.

It must not take a data row for a heading: a taller heading wins only when it names more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.identifiers import clean_uscc
from marketplace.base.sheets import Book, Cell, Sheet, column_letter
from marketplace.base.sheets.cells import is_blank
from marketplace.base.text import normalize
from marketplace.exchange.columns import SPAN_FIELDS, ColumnMapping, propose_columns
from marketplace.exchange.faults import shown
from marketplace.exchange.fields import ANCHORS, field_spec
from marketplace.exchange.headrows import CODE, DIGIT, LABEL, YEAR, is_data, is_title
from marketplace.exchange.headwords import Heading, heading_key, is_ignored, joined, match_word
from marketplace.exchange.kinds import Basis, ImportKind, Unit
from marketplace.exchange.numbers import SCALES, find_unit

_SEARCHED_ROWS = 40
_TALLEST = 3
_SAMPLE_ROWS = 60
_MIN_SCORE = 1.5
_LONGEST_PART = 12
_BRACKETS = re.compile(r"^[(（\[【]|[)）\]】]$")
_LONGEST_UNIT = 6
_OF_WHICH = re.compile(r"^其中[:：]")
# 计量单位：万双, but not 填报单位：某局.
_STATED = re.compile(r"(?<![报表位制送])(?:计量)?单位\s*[:：]\s*([^)）\]】]{1,20})")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a heading stands: 0-based first row, its height, and what its columns are.

    `named_width` is the number of columns up to the last one that has a heading; `others` are
    further sheets with such a table.
    """

    kind: ImportKind
    sheet: Sheet
    top: int
    height: int
    headings: tuple[Heading, ...]
    mapping: ColumnMapping
    named_width: int = 0
    others: tuple[str, ...] = ()

    @property
    def data_top(self) -> int:
        """0-based index of the first row below the heading."""
        return self.top + self.height


def locate(
    kind: ImportKind,
    book: Book,
    filename: str,
    *,
    overrides: Mapping[str, str] | None = None,
    sheet: str = "",
) -> Located:
    """Return the heading that names most fields of the kind; the topmost, lowest one of equals.

    Only one sheet is read: the one named, else the one that fits best. The others that hold
    such a table are named in `others`, so that nobody takes a part for the whole.

    Raises:
        Refused: `import_header_not_found`, or `import_sheet_unknown`.
        Invalid: `import_header_repeated`, or an override that fits no column.
    """
    names = [one.name for one in book.sheets]
    sheet = next((name for name in names if name.strip() == sheet.strip()), sheet)
    if sheet and sheet not in names:
        raise Refused("import_sheet_unknown", sheet=sheet, known=", ".join(names))
    found = [
        place
        for one in book.sheets
        if (place := _locate_in(kind, one, overrides or {})) is not None
    ]
    fitting = [place for place in found if sheet in {"", place.sheet.name}]
    best = max(fitting, key=_fitness, default=None)
    if best is None:
        if sheet and len(names) > 1:
            raise Refused("import_header_not_found_in", file=filename, sheet=sheet)
        raise Refused("import_header_not_found", file=filename)
    others = tuple(
        place.sheet.name for place in found if place is not best and _has_rows(place)
    )
    sample = best.sheet.rows[best.data_top : best.data_top + _SAMPLE_ROWS]
    mapping = propose_columns(kind, best.headings, overrides=overrides, sample=sample)
    mapping = _with_stated_units(kind, best, mapping)
    _refuse_repeated(best, mapping, is_only=len(names) == 1)
    named = [index + 1 for index, heading in enumerate(best.headings) if joined(heading)]
    return replace(best, mapping=mapping, named_width=max(named, default=0), others=others)


def _fitness(place: Located) -> tuple[bool, float]:
    """A sheet with a code below its heading is a list; one that explains the columns has none."""
    code = place.mapping.find("uscc")
    below = place.sheet.rows[place.data_top : place.data_top + _SAMPLE_ROWS]
    cells = [row[code.index] for row in below if code is not None and code.index < len(row)]
    has_code = any(CODE.fullmatch(clean_uscc(shown(cell))) for cell in cells)
    return has_code, place.mapping.score


def _has_rows(place: Located) -> bool:
    rows = place.sheet.rows[place.data_top :]
    return any(not is_blank(cell) for row in rows for cell in row)


def _locate_in(kind: ImportKind, sheet: Sheet, overrides: Mapping[str, str]) -> Located | None:
    best: Located | None = None
    for top in range(min(len(sheet.rows), _SEARCHED_ROWS)):
        if sum(1 for cell in sheet.rows[top] if not is_blank(cell)) == 0:
            continue
        tallest = 1 if is_title(sheet, top) else _TALLEST
        for height in range(1, tallest + 1):
            if top + height > len(sheet.rows):
                break
            if is_data(sheet.rows[top + height - 1], is_first=height == 1):
                break  # 是否规上 over 规上企业 would read like one heading
            headings = _headings(sheet, top, height)
            below = sheet.rows[top + height : top + height + _SAMPLE_ROWS]
            mapping = _try(kind, headings, overrides, below)
            if mapping is None or not _is_heading(kind, mapping):
                continue
            if best is None or _worth(mapping, height) > _worth(best.mapping, best.height):
                best = Located(kind, sheet, top, height, headings, mapping)
    return (
        None if best is None else _with_unit_row(kind, _with_parts_row(kind, best, overrides))
    )


def _with_parts_row(kind: ImportKind, found: Located, overrides: Mapping[str, str]) -> Located:
    """Take in a row below that only divides columns further, such as 设计 and 实际 under 产能.

    It names no firm, holds years or short words without a digit, and something stands where the heading
    above is open.
    """
    if found.data_top >= len(found.sheet.rows):
        return found
    row = found.sheet.rows[found.data_top]
    filled = {i: shown(cell).strip() for i, cell in enumerate(row) if not is_blank(cell)}
    firm = {use.index for use in found.mapping.columns if use.field in ANCHORS[kind]}
    own = found.sheet.rows[found.top]
    opened = [i for i in filled if i >= len(own) or is_blank(own[i])]
    short = all(
        YEAR.fullmatch(t) or (len(t) <= _LONGEST_PART and not DIGIT.search(t))
        for t in filled.values()
    )
    if len(filled) < 2 or not opened or not short or firm & set(filled):
        return found
    if any(LABEL.fullmatch(_OF_WHICH.sub("", text)) for text in filled.values()):
        return found
    headings = _headings(found.sheet, found.top, found.height + 1)
    mapping = _try(kind, headings, overrides, ())
    if mapping is None or _loses(mapping, found.mapping):
        return found
    return replace(found, height=found.height + 1, headings=headings, mapping=mapping)


def _loses(mapping: ColumnMapping, before: ColumnMapping) -> bool:
    """Tell whether fields are lost, but for a quantity that turns out to be of another span."""
    lost = {use.field for use in before.columns} - {use.field for use in mapping.columns}
    told = sum(use.confidence for use in before.columns if use.field not in lost & SPAN_FIELDS)
    return mapping.score < told - 0.5


def _with_stated_units(
    kind: ImportKind, found: Located, mapping: ColumnMapping
) -> ColumnMapping:
    """Use a unit that stands above the table (`单位：万双`) where a heading names none."""
    stated = [
        unit
        for row in found.sheet.rows[: found.top]
        for cell in row
        if isinstance(cell, str)
        for match in _STATED.finditer(normalize(cell))
        for piece in re.split(r"[,，、;；/ ]", match[1])
        if (unit := find_unit(piece)) is not None and unit is not Unit.TEN_THOUSAND
    ]
    if not stated:
        return mapping
    columns = []
    for use in mapping.columns:
        measure = field_spec(kind, use.field).measure
        fitting = [
            unit for unit in stated if measure is not None and unit in SCALES[measure.dimension]
        ]
        same = len(set(fitting)) == 1
        columns.append(replace(use, unit=fitting[0]) if use.unit is None and same else use)
    return replace(mapping, columns=tuple(columns))


def _with_unit_row(kind: ImportKind, found: Located) -> Located:
    """Take in rows below the heading that say it again: units, the other language, numbers."""
    while found.height <= _TALLEST and found.data_top < len(found.sheet.rows):
        row = found.sheet.rows[found.data_top]
        filled = {i: shown(cell).strip() for i, cell in enumerate(row) if not is_blank(cell)}
        if not filled or not _says_units_or_again(kind, found, filled):
            return found
        headings = _headings(found.sheet, found.top, found.height + 1)
        found = replace(found, height=found.height + 1, headings=headings)
    return found


def _says_units_or_again(kind: ImportKind, found: Located, filled: Mapping[int, str]) -> bool:
    """Tell whether each cell below a heading is a unit, or names its field once more.

    Beside a unit that is known, a column that is not read may have any other, such as 千瓦时.
    """
    read = {use.index for use in found.mapping.columns}
    known = {i for i, text in filled.items() if find_unit(_BRACKETS.sub("", text)) is not None}
    return all(
        index in known
        or _says_again(kind, found, index, text)
        or (
            known
            and index not in read
            and DIGIT.search(text) is None
            and len(text) <= _LONGEST_UNIT
        )
        for index, text in filled.items()
    )


def _says_again(kind: ImportKind, found: Located, index: int, text: str) -> bool:
    """Tell whether a cell below a heading names the same field once more."""
    key = heading_key(text)
    fields = [use.field for use in found.mapping.columns if use.index == index]
    if not fields:
        return is_ignored((text,))
    return any(match_word(kind, field, key)[0] == 1.0 for field in fields)


def _worth(mapping: ColumnMapping, height: int) -> float:
    """A title above or a data row below adds nothing, so of equals the lowest form wins."""
    return mapping.score - 0.05 * (height - 1)


def _try(
    kind: ImportKind,
    headings: tuple[Heading, ...],
    overrides: Mapping[str, str],
    sample: Sequence[Sequence[Cell]],
) -> ColumnMapping | None:
    """Propose with the overrides; a row they do not fit is not the heading they mean."""
    try:
        return propose_columns(kind, headings, overrides=overrides, sample=sample)
    except Invalid:
        plain = propose_columns(kind, headings)
        return plain if plain.score >= _MIN_SCORE else None


def _is_heading(kind: ImportKind, mapping: ColumnMapping) -> bool:
    """Words must name two fields and enough; what stands below may then tell who the firm is."""
    fields = {use.field for use in mapping.columns}
    by_words = [use for use in mapping.columns if use.basis is not Basis.CONTENTS]
    score = sum(use.confidence for use in by_words)
    return len(by_words) >= 2 and score >= _MIN_SCORE and bool(fields & ANCHORS[kind])


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
    return [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    """A heading is words; the only number that is one is a year, 2024 under 年产能."""
    if isinstance(cell, str):
        return shown(cell).strip()
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return shown(cell) if is_number and YEAR.fullmatch(shown(cell)) else ""


def _refuse_repeated(found: Located, mapping: ColumnMapping, *, is_only: bool) -> None:
    """Two columns of one heading are refused where one of them is read and nobody chose it."""
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    used = {use.index for use in mapping.columns}
    by_hand = {use.index for use in mapping.columns if use.basis.value == "chosen"}
    for index, heading in enumerate(found.headings):
        key = normalize(joined(heading)).casefold()
        if not key:
            continue
        both = {index, seen.get(key, index)}
        if key in seen and both & used and not both & by_hand:
            place = f"{column_letter(seen[key])}, {column_letter(index)}"
            facts: dict[str, object] = {
                "header": joined(heading), "row": found.data_top, "columns": place
            }  # fmt: skip
            code = "import_header_repeated" if is_only else "import_header_repeated_in"
            facts |= {} if is_only else {"sheet": found.sheet.name}
            faults.append(Fault(joined(heading), code, facts))
        seen.setdefault(key, index)
    if faults:
        raise Invalid(faults)
