"""Counts look-ups in memory and writes them together; a visitor never waits for it.

What a process that dies had not written yet, ten seconds of counts at most, is lost: these are
counts of interest, not of evidence. A count names a product and a day, never who asked.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from threading import Lock
from time import monotonic

from marketplace.assembly import App
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write
from marketplace.features.promotion.commands import add_scans

WRITE_EVERY_SECONDS = 10.0

log = logging.getLogger(__name__)


class ScanTally:
    """The look-ups of one process that are not written yet."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = Lock()
        self._counts: Counter[tuple[int, date, str]] = Counter()
        self._written_at = monotonic()

    def count(self, product_id: int, outcome: str) -> None:
        """Count one look-up."""
        with self._lock:
            self._counts[(product_id, today(self._app.clock), outcome)] += 1

    def write_if_due(self) -> None:
        """Write what was counted once it is ten seconds old; runs after the answer is sent."""
        if monotonic() - self._written_at >= WRITE_EVERY_SECONDS:
            self.write()

    def write(self) -> None:
        """Write what was counted; kept for the next time when the database does not answer."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._written_at = monotonic()
        if not counts:
            return
        try:
            with housekeeping_write(self._app.store) as session:
                add_scans(session, counts)
        except Exception:
            log.exception("look-ups could not be written; they are tried again")
            with self._lock:
                self._counts.update(counts)
