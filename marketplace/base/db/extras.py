"""What a schema needs beyond its tables: every module that defines tables, every trigger.

Tables and triggers live with their features, above this package; they are found by file name
(`tables.py`, `ddl.py`), so that nothing here imports upward.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

_PACKAGE = Path(__file__).resolve().parents[2]


def import_all_tables() -> None:
    """Import every `tables` module, so that the metadata is complete."""
    for _ in _modules("tables"):
        pass


def install(connection: sa.Connection) -> None:
    """Run every `ddl` module's statements; running them again changes nothing."""
    for module in _modules("ddl"):
        module.install(connection)


def left_out_by_ddl() -> list[Callable[[str, str | None], bool]]:
    """Return what each `ddl` module says the comparison of schemas must leave out."""
    return [module.is_left_out for module in _modules("ddl") if hasattr(module, "is_left_out")]


def _modules(name: str) -> Iterator[ModuleType]:
    for path in sorted(_PACKAGE.rglob(f"{name}.py")):
        parts = path.relative_to(_PACKAGE.parent).with_suffix("").parts
        yield importlib.import_module(".".join(parts))
