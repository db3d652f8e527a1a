"""Writers of one SQLite file take turns, among threads and among processes.

SQLite's own wait polls with growing pauses of up to 100 ms, so under load whoever came last
tends to win and somebody waits for most of a minute. A lock of the operating system on a file
beside the database wakes those who wait at once. It only orders them: what keeps the data whole
is still SQLite's lock, which a writer who gave up waiting here, or a system without such locks,
goes to straight away.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl

    _QUEUES = True
except ImportError:  # pragma: no cover  # SQLite alone orders its writers there
    _QUEUES = False


class Turns:
    """The queue of those who want to write to one SQLite file."""

    def __init__(self, database: Path, patience: float) -> None:
        """Queue at a file beside `database`; give up queuing after `patience` seconds."""
        self._file = database.with_name(f"{database.name}-turn")
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and keep it until the block ends."""
        if not _QUEUES:
            yield
            return
        held = _Held(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        held.take(self._patience)
        try:
            yield
        finally:
            held.leave()


class _Held:
    """One open lock file; whoever is last with it, the writer or his waiter, closes it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._guard = threading.Lock()
        self._waiting = False
        self._left = False

    def take(self, patience: float) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # A blocking lock has no time limit, hence a thread that waits in our place.
            self._waiting = True
            had = threading.Event()
            threading.Thread(target=self._wait, args=(had,), daemon=True).start()
            had.wait(patience)

    def _wait(self, had: threading.Event) -> None:
        with suppress(OSError):
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._guard:
            self._waiting = False
            if self._left:
                self._close()
        had.set()

    def leave(self) -> None:
        with self._guard:
            self._left = True
            if not self._waiting:
                self._close()

    def _close(self) -> None:
        # Unlocked by name: a process forked meanwhile may hold the same open file.
        with suppress(OSError):
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        os.close(self._handle)
