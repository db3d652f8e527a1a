"""Finds the rows of an XLSX that its reader does not see: hidden by hand, or by a filter.

The parser gives them like any other. They are rows all the same; whoever sends the file should
hear that it holds more than it shows.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from marketplace.base.sheets.formulas import attributes, sheet_parts

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")


def hidden_rows(content: bytes) -> dict[str, frozenset[int]]:
    """Return, by sheet name, the places of the rows that are not shown; the first row is 0.

    Of a package that cannot be read it finds none; whether it is broken the parser says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            read = {name: package.read(part) for name, part in sheet_parts(package).items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return {}
    return {
        name: hidden
        for name, text in read.items()
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
