"""Loads what pages need before the first visitor, so that no visitor pays for it twice.

What is imported after the server froze what it had is walked at every collection of garbage, and
the first visitor of a page would wait for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).parent
# Imported inside functions, as the command line and small pages do without them.
_HEAVY = (
    "pandas",
    "pypinyin",
    "plotly.graph_objects",
    "scipy.optimize",
    "scipy.stats",
    "statsmodels.api",
    "statsmodels.duration.survfunc",
    "statsmodels.stats.rates",
)


def warm() -> None:
    """Import every module the script and its pages import, and the heavy ones behind figures."""
    for name in (*_HEAVY, *sorted(set(_imported()))):
        import_module(name)


def _imported() -> Iterator[str]:
    """Yield the modules named in the script and in the pages; they are no modules themselves."""
    for path in (_HERE / "main.py", *sorted((_HERE / "views").glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ImportFrom(module=str(name)):
                    yield name
                case ast.Import(names=names):
                    yield from (alias.name for alias in names)
