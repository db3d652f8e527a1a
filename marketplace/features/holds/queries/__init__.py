"""What can be read of payment holds."""

from marketplace.features.holds.queries.books import Books, list_movements, prove_books
from marketplace.features.holds.queries.facts import hold_of_statement, parts_in
from marketplace.features.holds.queries.holds import (
    ExtensionRow,
    HoldFile,
    HoldRow,
    MovementRow,
    basis_name,
    get_hold,
    list_holds,
    preview_hold,
)

__all__ = [
    "Books",
    "ExtensionRow",
    "HoldFile",
    "HoldRow",
    "MovementRow",
    "basis_name",
    "get_hold",
    "hold_of_statement",
    "list_holds",
    "list_movements",
    "parts_in",
    "preview_hold",
    "prove_books",
]
