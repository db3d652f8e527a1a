"""Takes a department's file in: what is read, what becomes of each row, what is kept of it."""

from marketplace.exchange.importing.likely import Likeness, likely_same
from marketplace.exchange.importing.requests import (
    ImportRequest,
    read_request,
    sheet_names,
    source_of,
)
from marketplace.exchange.importing.running import ImportResult, run_import
from marketplace.exchange.importing.saved import (
    SavedColumns,
    change_saved_columns,
    list_saved_columns,
)
from marketplace.exchange.importing.undoing import (
    UndoResult,
    undo_import,
)

__all__ = [
    "ImportRequest",
    "ImportResult",
    "Likeness",
    "SavedColumns",
    "UndoResult",
    "change_saved_columns",
    "likely_same",
    "list_saved_columns",
    "read_request",
    "run_import",
    "sheet_names",
    "source_of",
    "undo_import",
]
