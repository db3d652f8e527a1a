"""Leaves garbage alone for the length of a task that makes little of it.

Python looks for cycles after so many new objects, through all it holds; a task that loads
hundreds of modules or writes thousands of rows spends a tenth of its time on that.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile; not for work without an end, whose garbage would pile up."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
