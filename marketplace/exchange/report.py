"""Writes what became of a file: the report for scripts, the faulty rows to correct and send again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.base.words import Lang, format_instant, has_key, label, say
from marketplace.exchange.columns import propose_columns
from marketplace.exchange.kinds import Outcome
from marketplace.exchange.outcomes import REPORT_COLUMNS, ReportLine, UndoLine
from marketplace.exchange.reading import Reading

TO_CORRECT = (Outcome.REJECTED, Outcome.DRAFT)  # what `write_errors_xlsx` gives back


def write_report_csv(lines: Sequence[ReportLine], lang: Lang) -> bytes:
    """Return the report: row, outcome, column, value, reason, fix; one line as in `outcomes`."""
    rows = (
        (
            line.row,
            line.outcome.value,
            line.column,
            line.value,
            line.reason(lang),
            line.fix(lang),
        )
        for line in lines
    )
    return write_csv(REPORT_COLUMNS, rows)


def undo_reason(line: UndoLine, lang: Lang) -> str:
    """Return why a row was not taken back, its field in words; nothing when it was."""
    if not line.code:
        return ""
    facts = {
        name: say(f"field.{fact}", lang) if has_key(f"field.{fact}") else fact
        for name, fact in line.facts.items()
    }
    return say(f"error.{line.code}", lang, **facts)


def write_undo_csv(lines: Sequence[UndoLine], lang: Lang) -> bytes:
    """Return what an undo did: row, outcome, reason; rows that wrote nothing have no line."""
    rows = ((line.row, line.outcome.value, undo_reason(line, lang)) for line in lines)
    return write_csv(("row", "outcome", "reason"), rows)


def write_errors_xlsx(
    reading: Reading,
    lines: Sequence[ReportLine],
    target: BinaryIO,
    *,
    lang: Lang,
    stamp: str | None = None,
) -> int:
    """Write the rows that did not go in whole, as the file had them, with reason and fix.

    The headings are the file's own, or the field's name where they would no longer tell, so
    that the corrected workbook can be imported as it is. Returns the number of rows written.
    """
    told: dict[int, list[ReportLine]] = {}
    for line in lines:
        if line.outcome in TO_CORRECT:
            told.setdefault(line.row, []).append(line)
    extra = ("row_number", "outcome", "reason", "fix")
    headings = [
        *_headings(reading, lang),
        *(say(f"exchange.column.{name}", lang) for name in extra),
    ]
    width = len(reading.headings)
    rows: list[list[Cell]] = []
    for row in reading.rows:
        if row.row not in told:
            continue
        said = told[row.row]
        cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
        reasons = "\n".join(line.reason(lang) for line in said)
        fixes = "\n".join(line.fix(lang) for line in said)
        rows.append([*cells, row.row, label(said[0].outcome, lang), reasons, fixes])
    sheet = TableSheet(
        name=_sheet_name(reading, lang),
        columns=tuple(ColumnSpec(heading) for heading in headings),
        rows=rows,
        stamp=stamp,
    )
    write_xlsx([sheet], target)
    return len(rows)


def _sheet_name(reading: Reading, lang: Lang) -> str:
    """With the period that stood in a title or sheet's name: the corrected rows keep it."""
    name = say("exchange.errors_sheet", lang)
    if reading.period is None or reading.period.fault is not None:
        return name
    text = re.sub(r"[/\\:*?\[\]]", "-", reading.period.stated.text)
    return f"{name} {text}"[:31]


def _headings(reading: Reading, lang: Lang) -> list[str]:
    """Headings of one row that map as the file's own did, whatever its height or choices."""
    headings = list(reading.headings)
    again = propose_columns(reading.kind, headings)
    for use in reading.mapping.columns:
        found = again.find(use.field)
        if found is None or found.index != use.index or found.unit is not use.unit:
            name = say(f"exchange.field.{reading.kind.value}.{use.field}", lang)
            unit = None if use.unit is None else label(use.unit, lang)
            with_unit = "exchange.heading_with_unit"
            headings[use.index] = (
                name if unit is None else say(with_unit, lang, name=name, unit=unit)
            )
    return headings


def stamp_line(lang: Lang, *, as_of: datetime, who: str, number: str) -> str:
    """Return the line every export carries: as of when, by whom, under which number."""
    return say("exchange.stamp", lang, as_of=format_instant(as_of), who=who, number=number)
