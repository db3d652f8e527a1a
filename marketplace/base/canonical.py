"""One byte form of a value, so that equal content always has an equal digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum


def canonical_json(value: object) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces.

    Raises:
        TypeError: for floats and for kinds that have no single form.
    """
    return json.dumps(
        _plain(value),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    ).encode()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case set() | frozenset():
            return sorted((_plain(v) for v in value), key=repr)
        case _:
            msg = f"no canonical form for {type(value).__name__}"
            raise TypeError(msg)
