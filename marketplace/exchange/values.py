"""Reads one cell as the field it stands for: text, code, phone, yes or no, day, month."""

from __future__ import annotations

import re
from datetime import date, datetime

from marketplace.base.identifiers import (
    check_gtin,
    check_phone,
    check_uscc,
    clean_gtin,
    clean_phone,
    clean_uscc,
    suggest_uscc,
)
from marketplace.base.sheets import Cell
from marketplace.base.text import mask_phone, normalize_prose
from marketplace.exchange.cellwords import NO, YES, is_nothing
from marketplace.exchange.faults import Parsed, RowFault, shown
from marketplace.exchange.numbers import full_width_note
from marketplace.exchange.periods import (
    Period,
    Precision,
    UnreadableDate,
    day_period,
    month_period,
    parse_number_period,
    parse_period,
    parse_short,
    parse_span,
    serial_day,
)
from marketplace.exchange.plain import plain as normalize

_PHONE_BREAK = re.compile(r"[/、,;，；|]|\s{2,}")
# What stands around a number where people also wrote whose it is.
_PHONE_INSIDE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}\d{7,8}(?:#\d{1,6})?)(?!\d)")
# 13800000000.0 and 1.3800000001E+10 are whole numbers a program wrote out; 1.38E+10 lost its end.
_WHOLE = re.compile(r"(\d{5,})\.0+")
_SCIENTIFIC = re.compile(r"(\d)\.(\d{6,})e\+?(\d{1,2})", re.IGNORECASE)
_CUT_SHORT = re.compile(r"\d(?:\.\d+)?e\+\d{1,2}", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s/]+\.\S+", re.IGNORECASE)
_FAX = re.compile(r"(?:传真|fax)[:.]?\s*[\d\-() ]+", re.IGNORECASE)
_CODE_INSIDE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
# ☑是 □否, as printed forms let choose.
_CHOICE = re.compile(r"([☑☒✅■√✓✔□☐])\s*([^\s☑☒✅■√✓✔□☐/、,]+)")
_OPEN_BOXES = frozenset("□☐")
_EXPLAINED = re.compile(r"[(\[【].*[)\]】]$")  # 是（2023年入库）
# 约2018年, 2018年底, 2018年3月左右: when it was nobody said.
_ABOUT_A_YEAR = re.compile(
    r"(?:大约|约|大概|估计|可能)(?:19|20)\d{2}年?(?:\d{1,2}月)?(?:份|底|初|左右|前后)?"
    r"|(?:19|20)\d{2}年?(?:\d{1,2}月)?份?(?:左右|前后|上下|[之以]?[前后]|年?[初中底末]|[上中下]旬|[上下]半年|[春夏秋冬]季?)"
)
# A spreadsheet keeps 15 significant digits of a number; a longer code has lost its end.
_MOST_DIGITS = 10**15


def parse_text(cell: Cell, *, column: str, longest: int) -> Parsed:
    """Return normalized text; a number cell becomes its digits, never `13106792470.0`."""
    if is_nothing(cell):
        return Parsed()
    text = normalize(shown(cell))
    if len(text) > longest:
        facts = {"longest": longest, "length": len(text)}
        return Parsed(None, (RowFault(column, "row_text_too_long", text[:40], facts),))
    return Parsed(text)


def parse_as_written(cell: Cell, *, column: str, longest: int) -> Parsed:
    """Return text with the brackets and digits it is written with, such as a decision's number."""
    parsed = parse_text(cell, column=column, longest=longest)
    return (
        parsed if parsed.value is None else Parsed(normalize_prose(shown(cell)), parsed.faults)
    )


def parse_name(cell: Cell, *, column: str, longest: int) -> Parsed:
    """Return a firm's name; figures and marks alone are none."""
    parsed = parse_text(cell, column=column, longest=longest)
    if parsed.value is None or any(c.isalpha() for c in str(parsed.value)):
        return parsed
    return Parsed(None, (RowFault(column, "row_name_unreadable", str(parsed.value)),))


def parse_url(cell: Cell, *, column: str) -> Parsed:
    """Return a web address; what is none is left out and said, for somebody would press on it."""
    parsed = parse_text(cell, column=column, longest=300)
    if parsed.value is None or _URL.fullmatch(str(parsed.value)):
        return parsed
    told = RowFault(column, "row_url_unreadable", str(parsed.value), blocking=False)
    return Parsed(None, (told,))


def parse_uscc(cell: Cell, *, column: str) -> Parsed:
    """Return a valid unified social credit code; the fix proposes one when one fits."""
    if is_nothing(cell):
        return Parsed()
    text = shown(cell)
    if isinstance(cell, int | float) and cell >= _MOST_DIGITS:
        return Parsed(None, (RowFault(column, "row_code_as_number", text),))
    code = clean_uscc(text).lstrip("'‘’`\"")
    fault = check_uscc(code)
    if fault is None:
        return Parsed(code, full_width_note(cell, column))
    inside = _CODE_INSIDE.findall(code)
    if len(inside) == 1 and inside[0] != code:
        if check_uscc(inside[0]) is None:
            note = RowFault(
                column, "row_taken_from_text", text, {"taken": inside[0]}, blocking=False
            )
            return Parsed(inside[0], (note,))
        code = inside[0]
        fault = check_uscc(code) or fault
    suggestion = suggest_uscc(code)
    facts = dict(fault.facts) | ({"suggestion": suggestion} if suggestion else {})
    fix = "uscc_proposed" if suggestion else ""
    return Parsed(None, (RowFault(column, fault.code, text, facts, fix),))


def parse_gtin(cell: Cell, *, column: str) -> Parsed:
    """Return a GTIN whose check digit holds."""
    if is_nothing(cell):
        return Parsed()
    code = clean_gtin(_whole_number(shown(cell)))
    fault = check_gtin(code)
    if fault is None:
        return Parsed(code, full_width_note(cell, column))
    return Parsed(None, (RowFault(column, fault.code, shown(cell), fault.facts),))


def parse_item_id(cell: Cell, *, column: str) -> Parsed:
    """Return a platform's number for a store or an item, as text with its leading zeros."""
    if isinstance(cell, int | float) and cell >= _MOST_DIGITS:
        return Parsed(None, (RowFault(column, "row_code_as_number", shown(cell)),))
    text = normalize(shown(cell)).lstrip("'‘’`")
    whole = _whole_number(text)
    if _CUT_SHORT.fullmatch(whole) or (whole != text and int(whole) >= _MOST_DIGITS):
        return Parsed(None, (RowFault(column, "row_code_as_number", text),))
    return parse_text(whole, column=column, longest=60)


def parse_phone(cell: Cell, *, column: str) -> Parsed:
    """Return one or more phone numbers; an impossible one is left out and said, masked."""
    if is_nothing(cell):
        return Parsed()
    lines = " / ".join(shown(cell).splitlines())  # a line each, as two numbers are written
    written = _whole_number(normalize(lines).lstrip("'‘’`\""))
    phones, taken = _phones_in(_FAX.sub(" ", written))
    text = " / ".join(phones)
    for phone in phones:
        if (fault := check_phone(phone)) is not None:
            note = RowFault(column, fault.code, mask_phone(phone), fault.facts, blocking=False)
            return Parsed(None, (note,))
    if len(text) > 40:
        facts = {"longest": 40, "length": len(text)}
        return Parsed(None, (RowFault(column, "row_text_too_long", "", facts, blocking=False),))
    if taken and text:
        told = {"taken": " / ".join(mask_phone(phone) for phone in phones)}
        return Parsed(
            text, (RowFault(column, "row_taken_from_text", "", told, blocking=False),)
        )
    return Parsed(text or None, ())


def _whole_number(text: str) -> str:
    """Return the digits of a number a program wrote as a float, where all of them are there."""
    if match := _WHOLE.fullmatch(text):
        return match[1]
    if (match := _SCIENTIFIC.fullmatch(text)) and len(match[2]) == int(match[3]):
        return match[1] + match[2]
    return text


def _phones_in(text: str) -> tuple[list[str], bool]:
    """Return the numbers of a cell, and whether they were taken out of other words."""
    phones: list[str] = []
    taken = False
    for part in _PHONE_BREAK.split(text):
        if not part.strip():
            continue
        phone = clean_phone(part)
        apart = [clean_phone(piece) for piece in part.split()]
        inside = _PHONE_INSIDE.findall(phone)
        if check_phone(phone) is None:
            phones.append(phone)
        elif len(apart) > 1 and all(check_phone(piece) is None for piece in apart):
            phones.extend(apart)
        elif inside and not re.search(r"\d", _PHONE_INSIDE.sub("", phone)):
            phones.extend(inside)
            taken = True
        elif re.search(r"\d", phone):
            phones.append(phone)
        else:
            taken = True  # a name between two numbers
    return (phones, taken) if phones else ([clean_phone(text)], False)


def parse_yes_no(cell: Cell, *, column: str) -> Parsed:
    """Return True or False from 是/否, 规上/规下, yes/no, 1/0, √/×; 无 says no here."""
    if isinstance(cell, bool):
        return Parsed(cell)
    text = _EXPLAINED.sub("", _ticked(normalize(shown(cell)).casefold()))
    if text in YES:
        return Parsed(True)  # noqa: FBT003 - the value itself
    if text in NO:
        return Parsed(False)  # noqa: FBT003 - the value itself
    if is_nothing(cell):
        return Parsed()
    return Parsed(None, (RowFault(column, "row_yes_no_unreadable", shown(cell)),))


def _ticked(text: str) -> str:
    """Return what is ticked of a printed choice: 是 of `☑是 □否`; any other text as it is."""
    choices = _CHOICE.findall(text.replace("\ufe0f", ""))
    ticked = [word for box, word in choices if box not in _OPEN_BOXES]
    return ticked[0] if len(choices) > 1 and len(ticked) == 1 else text.replace("\ufe0f", "")


def parse_when(cell: Cell, *, column: str) -> Parsed:
    """Return a Period; `不详` leaves it open and is said, an impossible day is a fault."""
    if isinstance(cell, str) and is_nothing(cell) and cell.strip():
        return Parsed(None, (RowFault(column, "row_date_unknown", cell, blocking=False),))
    if cell is None:
        return Parsed()
    try:
        short = parse_short(cell) if isinstance(cell, str) else None
        period = short or _period(cell)
    except UnreadableDate as error:
        is_about = _ABOUT_A_YEAR.fullmatch(re.sub(r"\s", "", normalize(shown(cell))))
        code = "row_date_about" if is_about else error.code
        return Parsed(None, (_date_fault(column, code, cell),))
    if short is not None:
        return Parsed(short, (short_year_note(column, shown(cell), _taken_as(short)),))
    return Parsed(period, full_width_note(cell, column))


def parse_when_or_span(cell: Cell, *, column: str) -> Parsed:
    """Return a Period as `parse_when` does, or one that is told from when to when."""
    span = parse_span(cell) if isinstance(cell, str) else None
    return Parsed(span) if span is not None else parse_when(cell, column=column)


def _taken_as(period: Period) -> str:
    form = "%Y-%m-%d" if period.precision is Precision.DAY else "%Y-%m"
    return period.from_on.strftime(form)


def parse_month(cell: Cell, *, column: str) -> Parsed:
    """Return the Period of one month; a date cell stands for its month, a day text does not.

    A year of two digits is read where it can be no other, and said.
    """
    if is_nothing(cell):
        return Parsed()
    try:
        short = parse_short(cell) if isinstance(cell, str) else None
        period = short or _period(cell)
    except UnreadableDate as error:
        code = error.code
        fix = "row_month_unreadable" if code == "row_date_unreadable" else ""
        return Parsed(None, (_date_fault(column, code, cell, fix=fix),))
    is_date_cell = isinstance(cell, date)
    whole = period.precision is Precision.MONTH
    first = period.precision is Precision.DAY and (is_date_cell or period.from_on.day == 1)
    if whole or first:
        month = month_period(period.from_on.year, period.from_on.month)
        if short is not None:
            return Parsed(month, (short_year_note(column, shown(cell), _taken_as(month)),))
        return Parsed(month, full_width_note(cell, column))
    return Parsed(None, (RowFault(column, "row_month_unreadable", shown(cell)),))


def _date_fault(column: str, code: str, cell: Cell, fix: str = "") -> RowFault:
    """The advice about a plain number shows the day it would be, were it a spreadsheet's date."""
    day = serial_day(cell) if code == "row_date_number" else None
    if day is None:
        return RowFault(column, code, shown(cell), fix=fix)
    return RowFault(column, code, shown(cell), {"day": day.isoformat()}, "day_proposed")


def short_year_note(column: str, text: str, taken: str) -> RowFault:
    """Say as which month a year of two digits was read."""
    return RowFault(column, "row_year_two_digits", text, {"taken": taken}, blocking=False)


def _period(cell: Cell) -> Period:
    match cell:
        case datetime():
            return day_period(cell.date())
        case date():
            return day_period(cell)
        case bool() | None:
            raise UnreadableDate("row_date_unreadable")
        case int() | float():
            return parse_number_period(cell)
        case str():
            return parse_period(cell)
