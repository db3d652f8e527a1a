"""Whether every text of a program file says something, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from marketplace.base.rulebook.checks.given import Found, Path

# What a database refuses or a reader cannot see: controls, and marks that turn a line around.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
# An English contact has a rule of its own; the seal is one for both languages.
_OTHERWISE = "contact_en"
_ONE_LANGUAGE = frozenset({"contact_en", "seal_zh"})


def faults_of_words(node: object, place: Path = ()) -> Iterator[Found]:
    """Give every text that says nothing, hides something or stands in one language only."""
    pairs: Iterator[tuple[str | int, object]]
    if isinstance(node, Mapping):
        yield from _one_language(node, place)
        pairs = iter(node.items())
    else:
        pairs = iter(enumerate(node)) if isinstance(node, list) else iter(())
    for step, value in pairs:
        if isinstance(value, str):
            # Most texts are plain, and this is asked of every text at every start.
            plain = value.isprintable() and value == value.strip() and value
            if not plain and step != _OTHERWISE:
                yield from _of_text((*place, step), value)
        elif isinstance(value, Mapping | list):
            yield from faults_of_words(value, (*place, step))


def _of_text(place: Path, text: str) -> Iterator[Found]:
    if not text.strip():
        yield place, "text_blank", {}
    elif text != text.strip():
        # A town or a standard written so is never met.
        yield place, "text_edges", {}
    if _HIDDEN.search(text):
        yield place, "text_hidden", {}


def _one_language(node: Mapping[str, object], place: Path) -> Iterator[Found]:
    for name in node:
        own = name[-3:]
        if own not in {"_zh", "_en"} or name in _ONE_LANGUAGE:
            continue
        twin = name[:-3] + ("_en" if own == "_zh" else "_zh")
        if twin not in node:
            yield (*place, name), "other_language_missing", {"name": twin}
