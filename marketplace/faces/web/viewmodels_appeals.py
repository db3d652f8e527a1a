"""What the public page on appeals shows: counts by instance, nobody named, small ones hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.faces.web.viewmodels_catalog import SiteView


@dataclass(frozen=True, slots=True)
class InstanceShown:
    """One instance: its name, (what is counted, how many) in order, and sentences under it."""

    name: str
    filed: int
    cells: tuple[tuple[str, str], ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppealsView:
    """How appeals ended, and the rules they are decided by."""

    site: SiteView
    instances: tuple[InstanceShown, ...]
    rules: tuple[tuple[str, int, int], ...]  # instance, working days to file, to decide
    least: int
    as_of: datetime
