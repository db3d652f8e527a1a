"""Reads a department's file as the rows of one kind: values, faults and what each row will be.

Pure but for the capped parser. Whether a row is new, changed or known is decided at the commit;
here only what the file itself tells: draft, duplicate, rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.base.sheets import Book, Cell, Sheet, read_book_guarded
from marketplace.base.sheets.cells import is_blank
from marketplace.exchange.approximate import leave_out_approximate
from marketplace.exchange.cellwords import is_error
from marketplace.exchange.columns import ColumnMapping
from marketplace.exchange.ditto import Above, resolve_ditto
from marketplace.exchange.faults import RowFault, Value, shown
from marketplace.exchange.fields import field_spec
from marketplace.exchange.formatted import shown_rows, units_by_format
from marketplace.exchange.heading import Located, locate
from marketplace.exchange.headwords import joined
from marketplace.exchange.kinds import ImportKind, Outcome, SkipReason
from marketplace.exchange.regions import RegionCheck
from marketplace.exchange.repeats import mark_repeats
from marketplace.exchange.rowchecks import judge_row
from marketplace.exchange.rows import RowReading
from marketplace.exchange.skipping import why_skipped
from marketplace.exchange.spans import without_part_of_year
from marketplace.exchange.unsaid import UnsaidUnits, unsaid_units
from marketplace.exchange.untold import PeriodForAll, period_for_all
from marketplace.exchange.years import YearColumn, year_column

__all__ = ["Reading", "RowReading", "SkippedRow", "read_book_rows", "read_rows"]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no data row, why, and how it begins."""

    row: int
    reason: SkipReason
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read. `header_row` is the number of the heading's last row.

    `unsaid_units` are fields whose heading names no unit although it matters by 10,000;
    `other_sheets` are further sheets that hold such a table and were not read. `period` stands in
    a title or the sheet's name where no column tells it; `years` is the column whose year the
    months of another one are read with; `format_units` are fields, each with a
    unit that only the format of its cells shows. `hidden` are the numbers of the data rows that
    the file itself does not show: hidden by hand or left out by a filter, and read all the same.
    """

    kind: ImportKind
    sheet_name: str
    header_row: int
    headings: tuple[str, ...]
    mapping: ColumnMapping
    rows: tuple[RowReading, ...]
    skipped: tuple[SkippedRow, ...]
    encoding: str | None
    unsaid_units: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()
    period: PeriodForAll | None = None
    years: YearColumn | None = None
    format_units: tuple[tuple[str, str], ...] = ()
    hidden: tuple[int, ...] = ()


def read_rows(
    kind: ImportKind,
    content: bytes,
    filename: str,
    *,
    regions: RegionCheck,
    overrides: Mapping[str, str] | None = None,
) -> Reading:
    """Return every data row of an untrusted file, in file order.

    Args:
        kind: what one row is.
        content: the file's bytes.
        filename: only for messages; the content decides the type.
        regions: places a factory inside or outside the program.
        overrides: canonical field → heading or column letter, over what is proposed.

    Raises:
        Refused: `sheet_…` or `import_header_not_found`, when it cannot be read as a whole.
        Invalid: a heading twice, or an override that fits no field or column.
    """
    book = read_book_guarded(content, filename)
    return read_book_rows(kind, book, filename, regions=regions, overrides=overrides)


def read_book_rows(
    kind: ImportKind,
    book: Book,
    filename: str,
    *,
    regions: RegionCheck,
    overrides: Mapping[str, str] | None = None,
    sheet: str = "",
) -> Reading:
    """Return every data row of a book that is already parsed; see `read_rows`."""
    located = without_part_of_year(
        locate(kind, book, filename, overrides=overrides, sheet=sheet)
    )
    rows: list[RowReading] = []
    skipped: list[SkippedRow] = []
    shown_as, format_units = units_by_format(
        kind, located.sheet, located.mapping, located.data_top
    )
    below = shown_rows(located.sheet.rows[located.data_top :], located.data_top, shown_as)
    units = unsaid_units(located.mapping, below)
    period, years = period_for_all(located), year_column(located)
    spread = _spread(located.sheet, located.data_top, years)
    above: Above = {}
    for index, row in enumerate(below, located.data_top):
        cells = _filled(row, index, spread)
        if all(is_blank(cell) for cell in row):
            continue  # what is merged over a blank row makes no firm of it
        reason = why_skipped(cells, index, located)
        if reason is not None:
            texts = [shown(cell).strip() for cell in cells if not is_blank(cell)]
            text = " ".join(texts) if reason is SkipReason.SECTION else texts[0]
            skipped.append(SkippedRow(index + 1, reason, text[:60]))
            continue
        cells, repeated = resolve_ditto(cells, located.mapping, above)
        ragged = _ragged(cells, located) if book.form == "csv" else None
        if ragged is None:
            reading = _read_row(
                kind,
                index + 1,
                cells,
                located=located,
                regions=regions,
                units=units,
                period=period,
                years=years,
                repeated=repeated,
            )
        else:
            reading = RowReading(index + 1, {}, (ragged,), Outcome.REJECTED, cells)
        rows.append(reading)
    return Reading(
        kind=kind,
        sheet_name=located.sheet.name,
        header_row=located.data_top,
        headings=tuple(joined(heading) for heading in located.headings),
        mapping=_with_years_read(located.mapping, years),
        rows=mark_repeats(kind, rows),
        skipped=tuple(skipped),
        encoding=book.encoding,
        unsaid_units=tuple(units.told),
        other_sheets=located.others,
        period=period,
        years=years,
        format_units=format_units,
        hidden=tuple(row.row for row in rows if row.row - 1 in located.sheet.hidden),
    )


def _read_row(
    kind: ImportKind,
    number: int,
    cells: tuple[Cell, ...],
    *,
    located: Located,
    regions: RegionCheck,
    units: UnsaidUnits,
    period: PeriodForAll | None,
    years: YearColumn | None,
    repeated: Mapping[str, RowFault],
) -> RowReading:
    values: dict[str, Value] = {}
    faults: list[RowFault] = []
    if period is not None:
        period.before(values)
        faults.extend([period.fault] if period.fault else [])
    for use in located.mapping.columns:
        cell = cells[use.index] if use.index < len(cells) else None
        if years is not None and use.field == "month" and not is_error(cell):
            parsed = years.read(cells, cell)
        else:
            parsed = field_spec(kind, use.field).read(cell, unit=use.unit)
        parsed = units.judge(use.field, cell, parsed)
        values[use.field] = parsed.value
        faults.extend(parsed.faults)
    faults = leave_out_approximate(kind, values, [*faults, *repeated.values()])
    blocked = frozenset(fault.column for fault in faults if fault.blocking)
    verdict = judge_row(kind, values, blocked, regions)
    # What keeps the row out comes first: the report's first line names it.
    every = sorted((*faults, *verdict.faults), key=lambda fault: not fault.blocking)
    hint = Outcome.REJECTED if any(fault.blocking for fault in every) else verdict.hint
    if hint is Outcome.DRAFT:
        every.sort(key=lambda fault: fault.code != "row_uscc_missing")
    told = verdict.values if period is None else period.after(verdict.values)
    return RowReading(number, told, tuple(every), hint, cells)


def _ragged(cells: Sequence[Cell], located: Located) -> RowFault | None:
    """A CSV row must be as wide as its heading; blank cells beyond it do no harm."""
    filled = max((i + 1 for i, cell in enumerate(cells) if not is_blank(cell)), default=0)
    if len(cells) >= located.named_width and filled <= len(located.headings):
        return None
    facts = {"cells": len(cells), "expected": len(located.headings)}
    return RowFault("", "row_ragged", str(len(cells)), facts)


def _with_years_read(mapping: ColumnMapping, years: YearColumn | None) -> ColumnMapping:
    """The column of years is not among those nothing is read from."""
    if years is None:
        return mapping
    kept = tuple(one for one in mapping.unmapped if one[0] != years.index)
    return replace(mapping, unmapped=kept)


def _spread(
    sheet: Sheet, data_top: int, years: YearColumn | None
) -> Mapping[tuple[int, int], Cell]:
    """Text or a year merged over several data rows belongs to each; numbers would count twice."""
    spread: dict[tuple[int, int], Cell] = {}
    for area in sheet.merged:
        if (
            area.top < data_top
            or area.left != area.right
            or area.left >= len(sheet.rows[area.top])
        ):
            continue
        cell = sheet.rows[area.top][area.left]
        if isinstance(cell, str) or (years is not None and area.left == years.index):
            for row in range(area.top + 1, min(area.bottom + 1, len(sheet.rows))):
                spread[row, area.left] = cell
    return spread


def _filled(
    row: tuple[Cell, ...], index: int, spread: Mapping[tuple[int, int], Cell]
) -> tuple[Cell, ...]:
    if not spread:
        return row
    return tuple(
        spread.get((index, column), cell) if cell is None else cell
        for column, cell in enumerate(row)
    )
