"""Pages run as scripts; what that changes in the process is put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import app_test


@pytest.fixture(autouse=True, scope="session")
def looked_up_once() -> Iterator[None]:
    """Every AppTest reads all installed packages for components and compiles its scripts anew.

    Both stay what they are while tests run: nine tenths of a small page's time, once is enough.
    """
    compiled = app_test.ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        patch.setattr(app_test, "ScriptCache", lambda: compiled)
        yield


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Streamlit makes the page `__main__`; a process spawned later would run it and die."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
