"""A figure ready to be shown: title by rule, drawing, words and the table under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marketplace.features.compliance.charts.drawing import COLUMN, NARROW, WIDE, draw
from marketplace.features.compliance.charts.scene import Scene


@dataclass(frozen=True)  # no slots: a kept figure is drawn once
class Figure:
    """One figure in one language; `key` names it in addresses, files and the published data.

    `rows` are finished texts under `heads`; `numeric` names the columns set flush right.
    """

    key: str
    title: str
    subtitle: str
    scene: Scene
    alt: str
    reading: tuple[str, ...]
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    computed: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]
    source: str
    links: tuple[
        str, ...
    ] = ()  # one address a row, where the first column leads; or none at all

    @cached_property
    def svg_wide(self) -> str:
        """The drawing for a page."""
        return draw(self.scene, width=WIDE)

    @cached_property
    def svg_column(self) -> str:
        """The drawing for a column with something beside it; the same words, not smaller ones."""
        return draw(self.scene, width=COLUMN)

    @cached_property
    def svg_narrow(self) -> str:
        """The drawing for a phone."""
        return draw(self.scene, width=NARROW)

    @property
    def svg_file(self) -> str:
        """The drawing in plain light colors, for a file or paper."""
        return draw(self.scene, width=WIDE, concrete=True)

    def to_json(self) -> dict[str, Any]:
        """Return the figure as it is frozen in a report: words, drawing and table."""
        return {
            "key": self.key,
            "title": self.title,
            "subtitle": self.subtitle,
            "svg": self.svg_file,
            "alt": self.alt,
            "reading": list(self.reading),
            "can_say": list(self.can_say),
            "cannot_say": list(self.cannot_say),
            "computed": list(self.computed),
            "heads": list(self.heads),
            "rows": [list(row) for row in self.rows],
            "numeric": sorted(self.numeric),
            "source": self.source,
        }
