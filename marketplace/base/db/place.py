"""Knows the SQLite file a process works on, and notices when another one, or none, lies there.

An open file goes on being written after it was moved, removed or replaced; SQLite itself says
nothing of it. What was saved then would be gone with the process, so it is refused instead.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketplace.base.errors import Unavailable
from marketplace.base.private import open_private

_Identity = tuple[int, int]  # device and number of a file


class Place:
    """One database file, by what it is and not by its name alone.

    It is remembered with the first connection. Put back, it is worked with again; in place of
    another file only a new start will do, for connections to the old one are open.
    """

    def __init__(self, path: Path) -> None:
        """Watch `path`; nothing is opened or made yet."""
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._first: _Identity | None = None
        self._guard = threading.Lock()

    def prepare(self) -> None:
        """Make an empty file for its user alone where there never was one; SQLite's log is like it.

        Raises:
            Unavailable: when the file that was opened first no longer lies there.
        """
        with self._guard:
            if self._first is not None:
                self._require_same()
                return
            # Never opened where it is there: closing it would end the locks this process has on it.
            if not self._path.exists():
                os.close(open_private(self._path, os.O_RDWR | os.O_CREAT))
            self._first = _identity(self._path)

    def note(self, about: dict[Any, Any]) -> None:
        """Keep with a new connection which log it writes to; None without one (DELETE mode)."""
        about["log"] = _identity(self._log)

    def require(self, about: Mapping[Any, Any]) -> None:
        """Make sure that what a connection writes will be found again; two calls of `stat`.

        Raises:
            Unavailable: when the file or its log was moved, removed or replaced.
        """
        self._require_same()
        log = about.get("log")
        if log is not None and _identity(self._log) != log:
            raise Unavailable("database_moved", file=self._log.name)

    def _require_same(self) -> None:
        if self._first is not None and _identity(self._path) != self._first:
            raise Unavailable("database_moved", file=self._path.name)


def _identity(path: Path) -> _Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116  this runs with every write; Path adds to it
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
