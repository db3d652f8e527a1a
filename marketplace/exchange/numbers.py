"""Reads quantities with the unit the cell or the heading names; exact, whole, or refused.

The cell's own unit wins over the heading's. `约200`, `很多`, `1_000` and `100-200` are refused,
each with its own reason: a guess here would stand as a fact later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.base.sheets import Cell
from marketplace.exchange.faults import Parsed, RowFault, shown
from marketplace.exchange.kinds import Unit
from marketplace.exchange.plain import plain as normalize


class Dimension(StrEnum):
    """What a number counts."""

    PAIRS = "pairs"
    PERSONS = "persons"
    LISTINGS = "listings"
    FEN = "fen"


SCALES: dict[Dimension, dict[Unit, int]] = {
    Dimension.PAIRS: {
        Unit.PAIRS: 1,
        Unit.THOUSAND_PAIRS: 1_000,
        Unit.TEN_THOUSAND_PAIRS: 10_000,
        Unit.TEN_THOUSAND: 10_000,
        Unit.MILLION_PAIRS: 1_000_000,
        Unit.HUNDRED_MILLION_PAIRS: 100_000_000,
    },
    Dimension.PERSONS: {
        Unit.PERSONS: 1,
        Unit.TEN_THOUSAND_PERSONS: 10_000,
        Unit.TEN_THOUSAND: 10_000,
    },
    Dimension.LISTINGS: {
        Unit.LISTINGS: 1,
        Unit.PAIRS: 1,
        Unit.THOUSAND_PAIRS: 1_000,
        Unit.TEN_THOUSAND_LISTINGS: 10_000,
        Unit.TEN_THOUSAND_PAIRS: 10_000,
        Unit.TEN_THOUSAND: 10_000,
    },
    Dimension.FEN: {
        Unit.FEN: 1,
        Unit.YUAN: 100,
        Unit.THOUSAND_YUAN: 100_000,
        Unit.TEN_THOUSAND_YUAN: 1_000_000,
        Unit.TEN_THOUSAND: 1_000_000,
        Unit.HUNDRED_MILLION_YUAN: 10_000_000_000,
    },
}
_WORDS: dict[str, Unit] = {
    word: unit
    for unit, words in {
        Unit.PAIRS: "双 对 pair pairs prs",
        Unit.THOUSAND_PAIRS: "千双 kpairs thousandpairs 1000pairs '000pairs kprs",
        Unit.TEN_THOUSAND_PAIRS: "万双 万对 10kpairs 10000pairs tenthousandpairs 10,000pairs",
        Unit.MILLION_PAIRS: "百万双 millionpairs mpairs mnpairs",
        Unit.HUNDRED_MILLION_PAIRS: "亿双",
        Unit.TEN_THOUSAND: "万 w",
        Unit.PERSONS: "人 名 位 person persons people headcount",
        Unit.TEN_THOUSAND_PERSONS: "万人",
        Unit.LISTINGS: "件 个 款 条 只 次 item items listing listings pcs pieces",
        Unit.TEN_THOUSAND_LISTINGS: "万件 万个 万款",
        Unit.FEN: "fen",
        Unit.YUAN: "元 圆 人民币 人民币元 yuan cny rmb ¥ 块 元/双 元/件 元/对 元每双 yuan/pair cny/pair rmb/pair",
        Unit.THOUSAND_YUAN: "千元",
        Unit.TEN_THOUSAND_YUAN: "万元 万元人民币 人民币万元 10kyuan 10kcny 10krmb",
        Unit.HUNDRED_MILLION_YUAN: "亿元",
    }.items()
    for word in words.split()
}
_TRADITIONAL = str.maketrans("萬雙億圓對個條隻", "万双亿圆对个条只")
_BASE_UNIT = {
    Dimension.PAIRS: Unit.PAIRS,
    Dimension.PERSONS: Unit.PERSONS,
    Dimension.LISTINGS: Unit.LISTINGS,
    Dimension.FEN: Unit.YUAN,
}
_PER = re.compile(r"(?:/|每|per|一)?(?:年|月|year|yr|month|annum|a)$|/$", re.IGNORECASE)
# 1万双/月 is a quantity of a month: how many months are worked nobody said.
_OTHER_SPAN = re.compile(
    r"^(?:每?[月日天季]产|月均|日均)|(?:/|每|per\s*)\s*(?:个?月|季度?|周|日|天|month|quarter|week|day)\s*[)）]?$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[¥￥$＄€£]")
_NUMBER = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>\D*)",
    re.ASCII,
)
_ABOUT = re.compile(
    r"(?:大?约|将?近|接近|大概|大致|估计|预计|超过?|[逾过]|不到|不足|[不未]满|至少|至多|最多|最高|可达|[<>≤≥~≈]=?"
    r"|approx(?:\.|imately)?|about|around|over|nearly|almost|upto|under|(?:more|less)than|circa|ca\.?)[:：]?(?=\d)"
    r"|左右|上下|余|[多几来](?=[百千万亿双人名元件]|$)|以上|以下|以内|起$|\+(?:[万千双人名元件]|$)",
    re.IGNORECASE,
)
# 十余万双, 数百人, 两三百人: no digit, and said to be about so much.
_ABOUT_IN_WORDS = re.compile(
    r"(?=.*(?:[几数余多来近约逾超]|上[百千万亿]|[一二两三四五六七八九]{2}[十百千万]))(?:大?约|将?近|接近|超过?|[逾上好])?"
    r"[一二两三四五六七八九几数]*[十百千万亿][一二两三四五六七八九十百千万亿几余多来]*[双对人名元件]?(?:/?年)?(?:左右|上下)?"
    r"|[几数][双对人名元件个]"
)
# How a firm is, where how much it makes was asked.
_STATE = re.compile(
    r"(?:已|现|目前|暂时?|长期|临时|半|全面|季节性|部分)*(?:停产|停工|停业|歇业|关停|停机|注销|搬迁|转产|改造)(?:中|整顿)?"
    r"|(?:在建|筹建|试产|试生产|未?投产|[未尚]+(?:投产|开工|生产)|待投产|待开工)(?:中|阶段)?"
)
_RANGE = re.compile(
    r"\d[\d.,]*\D{0,3}?(?:-{1,2}|~|—{1,2}|–|〜|至|到|to)\d[\d.,]*\D{0,4}", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:年(?:产|产能|产量|生产|设计产能)|产能|产量|设计产能|共计?|合计|人民币|rmb|cny)[为:：]?(?=\d)",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(r"[(\[【](?:19|20)\d{2}年?(?:度|底|末)?[)\]】]$")  # 120万双（2024年）
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】\d]*)[)\]】]$")
_GUESSED = re.compile(r"估|约|预计|大概|左右|暂定|待定|待核|不详|approx|estimate|est\b|\?|？")
_FULL_WIDTH = re.compile(r"[\uff10-\uff19]")


@dataclass(frozen=True, slots=True)
class Measure:
    """How the numbers of one field are read; the bounds are inclusive and in the base unit."""

    dimension: Dimension
    low: int
    high: int


def find_unit(text: str) -> Unit | None:
    """Return the unit a word such as `万双`, `万双/年` or `10k pairs` names."""
    plain = (
        re.sub(r"\s", "", normalize(text).translate(_TRADITIONAL))
        .casefold()
        .removeprefix("单位")
        .strip(":：")
    )
    return _WORDS.get(plain) or _WORDS.get(_PER.sub("", plain))


def is_band(text: str) -> bool:
    """Tell whether a text is a range of numbers, such as 50-99人."""
    return _RANGE.fullmatch(re.sub(r"\s", "", normalize(text))) is not None


def parse_quantity(cell: Cell, measure: Measure, *, column: str, unit: Unit | None) -> Parsed:
    """Return a whole number in the base unit of the dimension (pairs, persons, listings, fen)."""
    text = shown(cell)
    if measure.dimension is not Dimension.FEN and _MONEY.search(text):
        return Parsed(None, (RowFault(column, "row_unit_unknown", text),))
    if measure.dimension is Dimension.PAIRS and _OTHER_SPAN.search(text.strip()):
        return Parsed(None, (RowFault(column, "row_number_other_span", text),))
    amount, own_unit, fault = _read(cell, text)
    if fault is not None or amount is None:
        code = fault or "row_number_unreadable"
        return Parsed(None, (RowFault(column, code, text, fix=_fix_of(code, measure)),))
    if amount < 0 and measure.low >= 0:
        return Parsed(None, (RowFault(column, "row_number_negative", text),))
    scale = SCALES[measure.dimension].get(own_unit or unit or _BASE_UNIT[measure.dimension])
    if scale is None:
        return Parsed(None, (RowFault(column, "row_unit_unknown", text),))
    total = amount * scale
    if total != total.to_integral_value():
        return Parsed(None, (RowFault(column, "row_number_fraction", text),))
    if not measure.low <= total <= measure.high:
        bounds = {"low": measure.low, "high": measure.high}
        return Parsed(None, (RowFault(column, "row_number_out_of_range", text, bounds),))
    return Parsed(int(total), full_width_note(cell, column))


def _fix_of(code: str, measure: Measure) -> str:
    """The advice shows an example in the unit of the field: nobody writes a price in 万双."""
    if code not in {"row_number_unreadable", "row_number_about"}:
        return ""
    return "" if measure.dimension is Dimension.PAIRS else f"row_number_{measure.dimension}"


def full_width_note(cell: Cell, column: str) -> tuple[RowFault, ...]:
    """Return a note when full-width digits were converted (trust.md, 4: converted and said so)."""
    if isinstance(cell, str) and _FULL_WIDTH.search(cell):
        return (RowFault(column, "row_full_width", cell, blocking=False),)
    return ()


def _why_not_exact(plain: str, *, is_guessed: bool) -> str | None:
    """Return the code of what is understood and yet no exact quantity."""
    if _RANGE.fullmatch(plain):
        return "row_number_range"
    in_figures = _ABOUT.search(plain) is not None and re.search(r"\d", plain) is not None
    if is_guessed or in_figures or _ABOUT_IN_WORDS.fullmatch(plain):
        return "row_number_about"
    return "row_number_state" if _STATE.fullmatch(plain) else None


def _read(cell: Cell, text: str) -> tuple[Decimal | None, Unit | None, str | None]:
    """Return amount, the cell's own unit, and a fault code."""
    match cell:
        case bool():
            return None, None, "row_number_unreadable"
        case int() | float():
            return Decimal(repr(cell)), None, None
        case str():
            plain = _LEAD.sub("", re.sub(r"\s", "", normalize(text)).lstrip("¥$￥'‘’`"))
            plain = _OF_YEAR.sub("", plain)
            inside = _BRACKETED.search(plain)
            guessed = inside is not None and _GUESSED.search(inside[1])  # 5000元（估）
            if inside is not None:  # 80（万双） names its unit, 80万双（设计） explains itself
                plain = plain[: inside.start()]
                plain += inside[1] if plain[-1:].isdigit() and find_unit(inside[1]) else ""
            match = _NUMBER.fullmatch(plain)
            if code := _why_not_exact(plain, is_guessed=bool(guessed)):
                return None, None, code
            if match is None or "$" in normalize(text):
                return None, None, "row_number_unreadable"
            word = match["unit"]
            unit = find_unit(word) if word else None
            if word and unit is None:
                return None, None, "row_unit_unknown"
            sign = "-" if match["sign"] in {"-", "\u2212"} else ""
            return Decimal(sign + match["digits"].replace(",", "")), unit, None
        case _:
            return None, None, "row_number_unreadable"
