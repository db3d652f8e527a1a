"""Finds the rows of an XLSX that its reader does not see: hidden by hand, or by a filter.

The parser gives them like any other. They are rows all the same; whoever sends the file should
hear that it holds more than it shows.
"""

from __future__ import annotations

import re

from marketplace.base.sheets.package import Parts, attributes

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")


def hidden_rows(parts: Parts) -> dict[str, frozenset[int]]:
    """Return, by sheet name, the places of the rows that are not shown; the first row is 0."""
    return {
        name: hidden
        for name, text in parts.sheets.items()
        if b"hidden=" in text and (hidden := _hidden(text))
    }


def _hidden(text: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    place = -1
    for match in _ROW.finditer(text):
        own = attributes(match[0])
        number = own.get("r", "")
        place = int(number) - 1 if number.isdecimal() else place + 1
        if own.get("hidden") in {"1", "true"}:
            hidden.add(place)
    return frozenset(hidden)
