"""Reads a series of counts for `its`; every bad cell is named by row and column."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from marketplace.base.errors import Fault, Invalid
from marketplace.base.sheets.decoding import decode
from marketplace.features.compliance.rules.timeseries import Point

_ROLES = ("count", "exposure", "step", "time")


def read_series(content: bytes, columns: Mapping[str, str], *, name: str) -> list[Point]:
    """Return the points of a CSV file; `columns` maps count, exposure, step, time to headings.

    The text is in whatever encoding a table may be imported in; `name` is the file's.

    Raises:
        Invalid: missing columns, or cells that are no number, negative or without exposure.
        Refused: what is no text in an encoding that can be told for sure.
    """
    text, _encoding = decode(content, name)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return _points(reader, columns)
    except csv.Error as error:
        line = max(reader.reader.line_num, 1)
        raise Invalid([Fault(f"{line}", "series_not_csv")]) from error


def _points(reader: csv.DictReader[str], columns: Mapping[str, str]) -> list[Point]:
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    _require_columns(names, [columns[role] for role in _ROLES])
    reader.fieldnames = names
    points: list[Point] = []
    faults: list[Fault] = []
    for row in reader:
        if None in row:  # what stands beyond the last heading
            faults.append(Fault(f"{reader.line_num}", "series_ragged"))
            continue
        if not any((cell or "").strip() for cell in row.values() if isinstance(cell, str)):
            continue
        values = {
            role: _value(row, columns[role], role, reader.line_num, faults) for role in _ROLES
        }
        points.append(Point(**values))
    if faults:
        raise Invalid(faults)
    return points


def _require_columns(names: list[str], wanted: list[str]) -> None:
    """Require each column once, and a column of its own for each role."""
    faults = [Fault(name, "points_column_missing") for name in wanted if name not in names]
    faults += [
        Fault(name, "series_column_twice")
        for name in dict.fromkeys(wanted)
        if names.count(name) > 1
    ]
    faults += [
        Fault(name, "series_column_shared")
        for name in dict.fromkeys(wanted)
        if wanted.count(name) > 1
    ]
    if faults:
        raise Invalid(faults)


def _value(
    row: Mapping[str, str | None], column: str, role: str, line: int, faults: list[Fault]
) -> float:
    text = (row.get(column) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    bad = not math.isfinite(value) or "_" in text  # 1_0 is a slip, though Python reads it
    bad = bad or (role == "count" and value < 0) or (role == "exposure" and value <= 0)
    if bad:
        faults.append(Fault(f"{line}:{column}", f"series_{role}", {"value": text}))
    return value
