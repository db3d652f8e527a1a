"""Pages run as scripts; what that changes in the process is put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Streamlit makes the page `__main__`; a process spawned later would run it and die."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
