"""Tells the rows around a heading apart by their form: a title above it, a data row below it.

It must not ask what the words mean; which field a heading names is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.base.identifiers import clean_uscc
from marketplace.base.sheets import Cell, Sheet
from marketplace.base.sheets.cells import is_blank
from marketplace.base.text import normalize
from marketplace.exchange.faults import shown

CODE = re.compile(r"[0-9A-Z]{18}")
DIGIT = re.compile(r"\d")
YEAR = re.compile(r"(?:19|20)\d{2}(?:年度?)?")
LABEL = re.compile(r".*[:：].*|[(（].*[)）]")
_SHORTEST_TITLE = 10
# What only a data row holds: a figure (a year may head a column), a phone. A code is asked apart.
_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")
_TELEPHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?")


def is_title(sheet: Sheet, top: int) -> bool:
    """Tell whether a row is the title of a table, and no parent of the headings below it.

    2025年2月电商平台巡查情况 in one cell would else name a platform in every column. A parent
    over some columns only, such as 生产情况, stands further right or beside other headings.
    """
    filled = [(i, shown(c).strip()) for i, c in enumerate(sheet.rows[top]) if not is_blank(c)]
    below = sheet.rows[top + 1] if top + 1 < len(sheet.rows) else ()
    first = next((i for i, cell in enumerate(below) if not is_blank(cell)), 0)
    (place, title), *beside = filled
    is_long = place <= first and len(title) >= _SHORTEST_TITLE
    return is_long and all(LABEL.fullmatch(text) for _, text in beside)


def is_data(row: Sequence[Cell], *, is_first: bool) -> bool:
    """Tell whether a row cannot be part of a heading, for what only a data row holds.

    The first row of a heading may hold a phone or figures: those of a title to the side of it.
    """
    texts = [normalize(shown(cell)) for cell in row if not is_blank(cell)]
    if any(CODE.fullmatch(code := clean_uscc(text)) and DIGIT.search(code) for text in texts):
        return True
    return not is_first and any(
        _TELEPHONE.fullmatch(text) or (_FIGURE.fullmatch(text) and not YEAR.fullmatch(text))
        for text in texts
    )
