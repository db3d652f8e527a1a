"""One reader and one writer of tables: CSV and XLSX, untrusted in, formula-safe out."""

from marketplace.base.sheets.cells import (
    Beside,
    Book,
    Cell,
    Merged,
    Sheet,
    column_letter,
)
from marketplace.base.sheets.formulas import UNCALCULATED
from marketplace.base.sheets.guarded import read_book_guarded
from marketplace.base.sheets.parsing import read_book
from marketplace.base.sheets.sniffing import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from marketplace.base.sheets.writing import ColumnSpec, TableSheet, write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "UNCALCULATED",
    "Beside",
    "Book",
    "Cell",
    "ColumnSpec",
    "Merged",
    "Sheet",
    "TableSheet",
    "column_letter",
    "read_book",
    "read_book_guarded",
    "write_csv",
    "write_xlsx",
]
