"""Writes an export as a workbook or as CSV, both with the stamp that says who took it."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO

from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.base.words import Lang, label, say
from marketplace.exchange.exporting.commands import ExportStamp
from marketplace.exchange.exporting.content import ExportTable
from marketplace.exchange.templates import heading


class FileForm(StrEnum):
    """How a table is written."""

    XLSX = "xlsx"
    CSV = "csv"


def write_export(table: ExportTable, stamp: ExportStamp, form: FileForm, lang: Lang) -> bytes:
    """Return the file: headings that an import recognizes, then what is only to be read."""
    headings = [heading(table.kind, spec, lang) for spec in table.specs]
    headings += [say(f"exchange.extra.{name}", lang) for name in table.extras]
    rows = [[_told(cell, lang) for cell in row] for row in table.rows]
    if form is FileForm.CSV:
        return write_csv(headings, rows, stamp=stamp.line(lang))
    buffer = BytesIO()
    sheet = TableSheet(
        name=label(table.kind, lang),
        columns=tuple(ColumnSpec(text) for text in headings),
        rows=rows,
        title=say("exchange.export_title", lang, kind=label(table.kind, lang)),
        stamp=stamp.line(lang),
    )
    write_xlsx([sheet], buffer)
    return buffer.getvalue()


def _told(cell: Cell, lang: Lang) -> Cell:
    if isinstance(cell, bool):
        return say("exchange.yes" if cell else "exchange.no", lang)
    return label(cell, lang) if isinstance(cell, StrEnum) else cell
