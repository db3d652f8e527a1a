"""Loads what the app's pages need while the server starts, so that no visitor pays for it twice.

What is imported after the server froze what it had is walked at every collection of garbage, and
the first visitor of a page would wait for it. The server answers meanwhile; only the app's own
pages wait until all is loaded, as the first of them would do anyhow.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from marketplace.base.words import LANGUAGES, keys

_HERE = Path(__file__).parent
# Imported inside functions, as the command line and small pages do without them.
_HEAVY = (
    "xlsxwriter",
    "pandas",
    "pypinyin",
    "plotly.graph_objects",
    "scipy.optimize",
    "scipy.stats",
    "statsmodels.duration.survfunc",
    "statsmodels.genmod.generalized_linear_model",
    "statsmodels.stats.diagnostic",
    "statsmodels.stats.rates",
)


LONGEST = 60  # seconds; a page that waited so long loads for itself what it lacks

_loading = threading.Event()
_loaded = threading.Event()


def warm() -> None:
    """Import every module the script and its pages import, and the heavy ones behind figures."""
    _loading.set()
    try:
        _import_all()
    finally:
        _loaded.set()


def wait_until_warm() -> None:
    """Let a page wait while its modules are being loaded; where nobody loads them it goes on."""
    if _loading.is_set():
        _loaded.wait(LONGEST)


def _import_all() -> None:
    for lang in LANGUAGES:
        keys(lang)  # parses every sentence
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
