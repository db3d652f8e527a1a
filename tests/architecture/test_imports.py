"""Imports go the way the contracts in pyproject.toml say."""

from __future__ import annotations

import contextlib
import io

from importlinter.cli import lint_imports

from tests.architecture.sources import ROOT


def test_every_import_contract_is_kept():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, printed.getvalue()
