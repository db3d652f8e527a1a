"""Finds the cells of an XLSX whose formula failed or was never worked out.

The parser gives them as blank, and a blank is taken for "nothing said". It must not work anything
out: what such a cell would hold nobody knows.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from posixpath import join, normpath

from marketplace.base.sheets.cells import Place

# What a cell holds whose formula was written by a program and never calculated.
UNCALCULATED = "#FORMULA!"

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_FAILED = re.compile(
    rb"<c\s(?P<own>[^>]*\bt=\"e\"[^>]*)>(?:\s*<f\b[^>]*?(?:/>|>[^<]*</f>))?\s*(?:<v>(?P<said>[^<]*)</v>)?"
)
_OPEN = re.compile(
    rb"<c\s(?P<own>[^>]*[^>/])>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def cells_without_value(content: bytes) -> dict[str, dict[Place, str]]:
    """Return, by sheet name, the cells that show an error or a formula nobody worked out.

    Of a package that cannot be read it finds none; whether it is broken the parser says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            read = {name: package.read(part) for name, part in sheet_parts(package).items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return {}
    return {
        name: cells
        for name, text in read.items()
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


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name → its part in the package, as the relations of the workbook say."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets: dict[str, str] = {}
    for match in _RELATION.finditer(package.read("xl/_rels/workbook.xml.rels")):
        own = attributes(match[0])
        target = own.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        targets[own.get("Id", "")] = path
    parts: dict[str, str] = {}
    for match in _SHEET.finditer(package.read("xl/workbook.xml")):
        own = attributes(match[0])
        relation = next((value for key, value in own.items() if key.endswith(":id")), "")
        if (part := targets.get(relation, "")) in names:
            parts[html.unescape(own.get("name", ""))] = part
    return parts


def attributes(tag: bytes) -> Mapping[str, str]:
    """Return what a tag says of itself."""
    return {
        key.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for key, value in _ATTRIBUTE.findall(tag)
    }


def place_of(own: bytes) -> Place | None:
    """Return where a cell with these attributes stands."""
    match = _PLACE.fullmatch(attributes(own).get("r", ""))
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
