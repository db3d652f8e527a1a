"""Writes table rows as lines of JSON and reads them back, the same on both engines."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa


def encode_row(row: Mapping[str, Any]) -> bytes:
    """Return one row as a line; instants, days and bytes are tagged so that nothing is guessed."""
    plain = {name: _encode(value) for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode_row(line: bytes, table: sa.Table) -> dict[str, Any]:
    """Return the row of a line, JSON columns as they were.

    Raises:
        ValueError: when the line is no row of the table.
    """
    found = json.loads(line)
    if not isinstance(found, dict) or not set(found) <= set(table.columns.keys()):
        msg = f"no row of {table.name}"
        raise ValueError(msg)
    return {
        name: value if isinstance(table.columns[name].type, sa.JSON) else _decode(value)
        for name, value in found.items()
    }


def _encode(value: Any) -> Any:
    match value:
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}
        case bytes():
            return {"b64": base64.b64encode(value).decode()}
        case _:
            return value


def _decode(value: Any) -> Any:
    match value:
        case {"at": str(text)}:
            return datetime.fromisoformat(text)
        case {"on": str(text)}:
            return date.fromisoformat(text)
        case {"b64": str(text)}:
            return base64.b64decode(text)
        case _:
            return value
