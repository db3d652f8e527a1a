"""What an export is asked for, and what a row of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """What an export is narrowed to; empty means all the actor may see."""

    districts: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        """Return the filter as it is recorded."""
        return {"districts": sorted(self.districts)}
