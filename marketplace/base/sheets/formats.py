"""Finds what an XLSX shows by a cell's format alone: words beside a number, a month for a date.

The parser gives the bare number: 80 where people read 80万双, and the first of March where they
read 2024年3月. Only words are told; whether they are a unit, and of what, is decided elsewhere. A
format that shows a number scaled, or one thing for small numbers and another for large ones, tells
nothing here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.base.sheets.cells import Beside, Place
from marketplace.base.sheets.package import Parts, attributes, place_of

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_ONE_OF_THEM = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_CELL = re.compile(rb"<c\s([^>]*\bs=\"(\d+)\"[^>]*)>")

# The pieces of a format: words in quotes, one character after a backslash or an exclamation mark,
# what is filled or left as room, what stands in brackets, or any one character.
_PIECE = re.compile(
    r'"([^"]*)"|[\\!](.)|[_*](.)|\[([^\]]*)\]|(General|G/通用格式)|(.)', re.DOTALL
)
_ASIDE = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]')  # what a format shows as it stands
_PLACEHOLDER = frozenset("0#?")
_DATE = frozenset("ymdhsYMDHSeEgGbB")
_SIGNS = " +-("


# Formats that a file need not spell out: mmm-yy, and 年月 as Chinese spreadsheets number it.
_OWN_MONTHS = frozenset({"17", "27", "36", "50", "52", "57"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What the formats of a sheet's cells show: words beside numbers, dates as their month."""

    beside: Mapping[Place, Beside] = field(default_factory=dict)
    months: frozenset[Place] = frozenset()


def shown_by_format(parts: Parts) -> dict[str, Shown]:
    """Return, by sheet name, the cells whose format shows other than the bare value."""
    spoken, monthly = _told(parts.styles)
    if not spoken and not monthly:
        return {}
    return {name: _cells(text, spoken, monthly) for name, text in parts.sheets.items()}


def read_format(code: str) -> Beside | None:
    """Return what a number format shows beside a number; None where it shows no words of its own."""
    sections = [text for text in _sections(code) if _has_number(text)]
    told = [beside for text in sections if (beside := _section(text)) is not None]
    if not told or len(told) < len(sections):
        return None
    first = told[0]
    # 正数;负数;零 say the same words; 大于一万的 and 小于的 do not.
    alike = all(one.after == first.after for one in told)
    return first if alike and (first.before or first.after) else None


def is_month_format(code: str) -> bool:
    """Tell whether a date format shows a year and a month and neither day nor time."""
    first = _sections(code)[0]
    letters = set(_ASIDE.sub("", first).casefold())
    return bool(letters & {"y", "e"}) and "m" in letters and not letters & set("dhs0#?")


def _told(styles: bytes) -> tuple[dict[int, Beside], frozenset[int]]:
    """The cell formats, by their place in the list of them, that show words; and a month."""
    codes: dict[str, Beside] = {}
    months = set(_OWN_MONTHS)
    for match in _FORMAT.finditer(styles):
        own = attributes(match[0])
        number, code = own.get("numFmtId", ""), html.unescape(own.get("formatCode", ""))
        beside = read_format(code)
        if beside is not None:
            codes[number] = beside
        if is_month_format(code):
            months.add(number)
        else:
            months.discard(number)
    listed = _CELL_FORMATS.search(styles)
    spoken: dict[int, Beside] = {}
    monthly: set[int] = set()
    for place, match in enumerate(_ONE_OF_THEM.finditer(listed[0] if listed else b"")):
        number = attributes(match[0]).get("numFmtId", "")
        if number in codes:
            spoken[place] = codes[number]
        if number in months:
            monthly.add(place)
    return spoken, frozenset(monthly)


def _cells(text: bytes, spoken: Mapping[int, Beside], monthly: frozenset[int]) -> Shown:
    beside: dict[Place, Beside] = {}
    months: set[Place] = set()
    for match in _CELL.finditer(text):
        style = int(match[2])
        if style not in spoken and style not in monthly:
            continue
        place = place_of(match[1])
        if place is None:
            continue
        if style in spoken:
            beside[place] = spoken[style]
        if style in monthly:
            months.add(place)
    return Shown(beside, frozenset(months))


def _sections(code: str) -> list[str]:
    """Split at semicolons that are not in quotes."""
    sections, start, quoted = [], 0, False
    for index, character in enumerate(code):
        if character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            sections.append(code[start:index])
            start = index + 1
    return [*sections, code[start:]]


def _has_number(section: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\!_*].', "", section)
    return bool(_PLACEHOLDER & set(plain)) or "General" in section or "通用格式" in section


def _section(section: str) -> Beside | None:
    """The words before and after the number of one section; None where it is shown otherwise."""
    # Each piece as one mark, # the number's own and w a word's: a number in one go, words around.
    marks, words = "", []
    for match in _PIECE.finditer(section):
        mark, word = _piece(match)
        if not mark:
            return None
        marks += mark if mark != " " else ""
        words += [word] if mark in "w#," else []
    form = re.fullmatch(r"(w*)((?:#[#,]*)?#)(w*)", marks)  # a comma at the end shows thousands
    if form is None:
        return None
    before = "".join(words[: form.end(1)]).strip(_SIGNS)
    return Beside(before, "".join(words[form.start(3) :]).strip().rstrip(")"))


def _piece(match: re.Match[str]) -> tuple[str, str]:
    """What a piece of a format is: # of the number, a comma, a word, room; empty: otherwise."""
    quoted, escaped, room, bracket, general, plain = match.groups()
    if general or plain in _PLACEHOLDER or plain == ".":
        return "#", ""
    if plain == ",":
        return ",", ""
    if room is not None or (bracket is not None and bracket[:1] not in "<>="):
        return " ", ""
    if bracket is not None or (plain and (plain in _DATE or plain in "%@/")):
        return "", ""
    return "w", quoted if quoted is not None else escaped or plain or ""
