"""Finds the cells of an XLSX whose formula failed or was never worked out.

The parser gives them as blank, and a blank is taken for "nothing said". It must not work anything
out: what such a cell would hold nobody knows.
"""

from __future__ import annotations

import html
import re

from marketplace.base.sheets.cells import Place
from marketplace.base.sheets.package import Parts, attributes, place_of

# What a cell holds whose formula was written by a program and never calculated.
UNCALCULATED = "#FORMULA!"

_FAILED = re.compile(
    rb"<c\s(?P<own>[^>]*\bt=\"e\"[^>]*)>(?:\s*<f\b[^>]*?(?:/>|>[^<]*</f>))?\s*(?:<v>(?P<said>[^<]*)</v>)?"
)
_OPEN = re.compile(
    rb"<c\s(?P<own>[^>]*[^>/])>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)


def cells_without_value(parts: Parts) -> dict[str, dict[Place, str]]:
    """Return, by sheet name, the cells that show an error or a formula nobody worked out."""
    return {
        name: cells
        for name, text in parts.sheets.items()
        if (b"<f" in text or b't="e"' in text) and (cells := _cells(text))
    }


def _cells(text: bytes) -> dict[Place, str]:
    cells: dict[Place, str] = {}
    for match in _FAILED.finditer(text):
        if (place := place_of(match["own"])) is not None:
            cells[place] = html.unescape(
                (match["said"] or b"#VALUE!").decode("utf-8", "replace")
            )
    for match in _OPEN.finditer(text):
        own = attributes(match["own"])
        place = place_of(match["own"])
        # A text formula that came to nothing has a value: the empty text.
        if place is not None and own.get("t") != "str":
            cells.setdefault(place, UNCALCULATED)
    return cells
