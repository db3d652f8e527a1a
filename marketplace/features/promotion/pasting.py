"""Finds item numbers in whatever people paste: lists, columns of a sheet, quoted, links.

Pure; it never decides what a number stands for.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from marketplace.base.text import normalize

# What stands between two numbers. A bracket or a quote around one is not part of it either.
_BETWEEN = re.compile(r"[\s,，;；、。|｜\"'“”‘’「」『』<>《》()（）\[\]【】]+")
_LINK = re.compile(r"https?://[^\s,，;；、。|｜\"'“”‘’「」<>《》（）【】]+", re.IGNORECASE)
# How platforms name the item in a link's query, the usual first.
_NAMES = (
    "id",
    "item_id",
    "itemid",
    "goods_id",
    "goodsid",
    "num_iid",
    "sku",
    "skuid",
    "productid",
)
_AFTER_LABEL = re.compile(
    r"^(?:商品(?:号|编号|id)|货号|宝贝id|item(?:id|no)?|id)[:：=]\s*", re.IGNORECASE
)
_WHOLE = re.compile(r"^(\d+)\.0+$")  # a spreadsheet's number


def item_numbers_in(text: str) -> list[str]:
    """Return the item numbers of a pasted text in order, repeated ones included.

    A link gives the number it names; a link that names none stays as it is, so that it is
    answered and not lost. Words without a digit are no numbers: headings and labels are left out.
    """
    found: list[str] = []
    place = 0
    for match in _LINK.finditer(text):
        found += _plain(text[place : match.start()])
        found.append(_number_of(match.group()))
        place = match.end()
    return found + _plain(text[place:])


def lines_without_number(text: str) -> list[str]:
    """Return the lines of a pasted text in which no item number was found, as they stand."""
    return [
        line.strip() for line in text.splitlines() if line.strip() and not item_numbers_in(line)
    ]


def _plain(text: str) -> list[str]:
    parts = []
    for part in _BETWEEN.split(text):
        cleaned = _AFTER_LABEL.sub("", normalize(part)).strip(".:。：")
        if not any(c.isdigit() for c in cleaned):
            continue
        whole = _WHOLE.match(cleaned)
        parts.append(whole.group(1) if whole else cleaned)
    return parts


def _number_of(link: str) -> str:
    address = urlsplit(link)
    asked = {k.lower(): v[0] for k, v in parse_qs(address.query).items()}
    for name in _NAMES:
        if asked.get(name):
            return normalize(asked[name])
    steps = [
        re.sub(r"\.[a-z]{2,5}$", "", s, flags=re.IGNORECASE) for s in address.path.split("/")
    ]
    digits = [s for s in steps if re.fullmatch(r"\d{4,}", s)]
    return digits[-1] if digits else link
