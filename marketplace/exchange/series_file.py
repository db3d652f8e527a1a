"""Reads a series of counts for `its`; every bad cell is named by row and column."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from marketplace.base.errors import Fault, Invalid
from marketplace.features.compliance.rules.timeseries import Point

_ROLES = ("count", "exposure", "step", "time")


def read_series(content: bytes, columns: Mapping[str, str]) -> list[Point]:
    """Return the points of a CSV file; `columns` maps count, exposure, step, time to headings.

    Raises:
        Invalid: missing columns, or cells that are no number, negative or without exposure.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid([Fault("in", "points_not_utf8", {"position": error.start})]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    missing = [columns[role] for role in _ROLES if columns[role] not in names]
    if missing:
        raise Invalid([Fault(name, "points_column_missing") for name in missing])
    reader.fieldnames = names
    points: list[Point] = []
    faults: list[Fault] = []
    for row in reader:
        if not any((cell or "").strip() for cell in row.values() if isinstance(cell, str)):
            continue
        values = {
            role: _value(row, columns[role], role, reader.line_num, faults) for role in _ROLES
        }
        points.append(Point(**values))
    if faults:
        raise Invalid(faults)
    return points


def _value(
    row: Mapping[str, str | None], column: str, role: str, line: int, faults: list[Fault]
) -> float:
    text = (row.get(column) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    bad = not math.isfinite(value)
    bad = bad or (role == "count" and value < 0) or (role == "exposure" and value <= 0)
    if bad:
        faults.append(Fault(f"{line}:{column}", f"series_{role}", {"value": text}))
    return value
