"""Opens the package that an XLSX is and gives the parts of it in which the parser does not look.

Read once for all who look there. Of a package that cannot be read there are none; whether it is
broken the parser says.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath

from marketplace.base.sheets.cells import Place

_STYLES = "xl/styles.xml"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Parts:
    """The styles of a workbook, and its sheets by name, as they are written."""

    styles: bytes = b""
    sheets: Mapping[str, bytes] = field(default_factory=dict)


def read_parts(content: bytes) -> Parts:
    """Return the parts of an XLSX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            styles = package.read(_STYLES) if _STYLES in package.namelist() else b""
            named = _sheet_parts(package)
            return Parts(styles, {name: package.read(part) for name, part in named.items()})
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return Parts()


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
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
