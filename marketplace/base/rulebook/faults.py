"""Puts faults of a program file into words of its own: where, in the order of the file, and why.

A list's entry is named by its key (or code, offense, measure, role), else by its place counted
from 1, as people count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from marketplace.base.errors import Fault
from marketplace.base.rulebook.checks import Found, Path

_NAMES = ("key", "code", "offense", "measure", "role")
_NAME = re.compile(r"[A-Za-z0-9_:\-]{1,60}")
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-]+)*)\s*\]")
_CHOICE = re.compile(r"'([^']*)'")

# The kinds of error of pydantic → the sentence; what is not here is told in its own words.
_CODES = {
    "missing": "value_missing",
    "extra_forbidden": "key_unknown",
    "literal_error": "value_one_of",
    "enum": "value_one_of",
    "greater_than_equal": "number_below",
    "less_than_equal": "number_above",
    "greater_than": "number_not_above",
    "less_than": "number_not_below",
    "finite_number": "value_number",
    "string_too_short": "text_blank",
    "string_too_long": "text_long",
    "string_pattern_mismatch": "text_form",
    "int_type": "value_whole",
    "float_type": "value_number",
    "bool_type": "value_yes_no",
    "date_type": "value_day",
    "string_type": "value_text",
    "tuple_type": "value_list",
    "list_type": "value_list",
    "frozen_set_type": "value_list",
    "too_long": "list_long",
    "model_type": "value_table",
    "model_attributes_type": "value_table",
    "mapping_type": "value_table",
    "dict_type": "value_table",
}
_FACTS = {
    "ge": "least", "le": "most", "gt": "least", "lt": "most", "max_length": "most",
    "pattern": "pattern",
}  # fmt: skip


def found_of(error: ErrorDetails) -> Found:
    """Return what a value of a wrong kind is told as."""
    code = _CODES.get(error["type"], "program_value")
    given = error.get("ctx", {})
    facts: dict[str, object] = {
        _FACTS[k]: int(v) if isinstance(v, float) and v.is_integer() else v
        for k, v in given.items()
        if k in _FACTS
    }
    if code == "value_one_of":
        facts = {"known": " / ".join(_CHOICE.findall(str(given.get("expected", ""))))}
    if code == "program_value":
        facts = {"detail": error["msg"]}
    return error["loc"], code, facts


def told(found: Iterable[Found], raw: Mapping[str, Any], text: str, name: str) -> list[Fault]:
    """Return faults in the order of the file, each once, placed as `file: key`."""
    places = _places(raw, text)
    faults: dict[tuple[str, str, str], Fault] = {}
    for path, code, facts in sorted(found, key=lambda f: _order(f[0], places)):
        place = f"{name}: {_named(path, raw)}"
        faults.setdefault((place, code, repr(sorted(facts.items()))), Fault(place, code, facts))
    return list(faults.values())


def _named(path: Path, raw: Mapping[str, Any]) -> str:
    here: Any = raw
    names: list[str] = []
    for step in path:
        fits = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if isinstance(here, Mapping):
            here = here.get(str(step))
        else:
            here = here[int(step)] if fits else None
        names.append(_name_of(step, here))
    return ".".join(names)


def _name_of(step: str | int, entry: object) -> str:
    if isinstance(step, str):
        return step if _NAME.fullmatch(step) else repr(step[:60])
    if isinstance(entry, Mapping):
        for name in _NAMES:
            own = entry.get(name)
            if isinstance(own, int if name == "offense" else str) and _NAME.fullmatch(str(own)):
                return str(own)
    return str(step + 1)


def _order(path: Path, places: Mapping[Path, tuple[int, int]]) -> tuple[int, int]:
    """The place of the nearest part that stands in the file: what is missing has that of its table."""
    return next(
        (places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in places), (0, 0)
    )


def _places(raw: Mapping[str, Any], text: str) -> dict[Path, tuple[int, int]]:
    """Return path → (line of the table's heading, how manieth thing of the reading).

    Reading gives a table's later parts with its first ones; only headings tell where they stand.
    """
    headings = _headings(text)
    places: dict[Path, tuple[int, int]] = {}
    for path in _walk(raw, ()):
        line = headings.get(path) or (places[path[:-1]][0] if path[:-1] in places else 0)
        places[path] = (line, len(places))
    return places


def _walk(node: object, path: Path) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield from _walk(value, (*path, name))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _walk(value, (*path, number))


def _headings(text: str) -> dict[Path, int]:
    """Return path → line of its heading; of what has none itself, of the first part of it."""
    lines: dict[Path, int] = {}
    last: dict[Path, int] = {}
    for line, row in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(row)
        if found is None:
            continue
        path: Path = ()
        names = [name.strip() for name in found[2].split(".")]
        for depth, part in enumerate(names, start=1):
            path = (*path, part)
            lines.setdefault(path, line)
            if depth == len(names) and found[1] == "[[":
                last[path] = last.get(path, -1) + 1
            if path in last:
                path = (*path, last[path])
                lines.setdefault(path, line)
    return lines
