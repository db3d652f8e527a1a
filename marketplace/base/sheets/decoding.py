"""Turns the bytes of a text table into text and finds its separator.

UTF-8 (with or without BOM), UTF-16 and GB18030 are read; anything else is refused, because a
wrong guess of the encoding silently changes names.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

from marketplace.base.errors import Refused

DELIMITERS = (",", "\t", ";", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Share of the characters beyond ASCII that must be in common use (GB 2312) before bytes that
# merely decode as GB18030 are believed to be it. An assumption; Big5 and Latin-1 stay below.
_COMMON_SHARE = 0.8
_SAMPLE_LINES = 60
# Programs that quote every cell quote this line too.
_SEPARATOR_LINE = re.compile(
    r"(?P<quote>\"?)sep=(?P<separator>[^\r\n\"])(?P=quote)(?:\r\n|\n|\r)", re.IGNORECASE
)
_FEW = 16  # control characters that a damaged but readable table may hold
_SAMPLE_WIDTH = 4_000
_SAMPLE_TEXT = 200_000


def decode(content: bytes, filename: str) -> tuple[str, str]:
    """Return the text without BOM, and the encoding's name.

    Raises:
        Refused: `sheet_encoding_unknown` or `sheet_other_kind` (binary content).
    """
    for bom, name in _BOMS:
        if content.startswith(bom):
            return _strict(content, name, filename), name.removesuffix("-sig")
    if b"\x00" in content[:4096]:
        wide = _utf16_without_bom(content[:4096])
        if wide is not None:
            return _strict(content, wide, filename), wide
    try:
        text, name = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text, name = _chinese(content, filename, error.start), "gb18030"
    _check_text(text, filename)
    return text, name


def split_separator_line(text: str) -> tuple[str | None, str]:
    """Return the separator that a first line `sep=;` names, and the text below that line.

    A spreadsheet takes the line for an instruction and shows none of it: its row 1 is the line
    below. Without such a line the separator is None and the text is whole.
    """
    match = _SEPARATOR_LINE.match(text)
    return (match["separator"], text[match.end() :]) if match else (None, text)


def find_delimiter(text: str) -> str:
    """Return the separator under which more than half of the lines have equally many cells."""
    lines = [line[:_SAMPLE_WIDTH] for line in text[:_SAMPLE_TEXT].splitlines()[:_SAMPLE_LINES]]
    lines = [line for line in lines if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        common = [(count, width) for width, count in widths.items() if count * 2 > len(lines)]
        score = max((count * (width - 1) for count, width in common), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _chinese(content: bytes, filename: str, utf8_ends: int) -> str:
    """Return bytes that are no UTF-8 as GB18030.

    Raises:
        Refused: with the line, where a file begun in UTF-8 goes on in something else.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _is_plausible_chinese(text):
        return text
    if content[:utf8_ends].isascii():
        raise Refused("sheet_encoding_unknown", file=filename)
    row = content.count(b"\n", 0, utf8_ends) + 1
    raise Refused("sheet_encoding_mixed", file=filename, row=row)


def _strict(content: bytes, encoding: str, filename: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("sheet_encoding_unknown", file=filename) from error
    _check_text(text, filename)
    return text


def _check_text(text: str, filename: str) -> None:
    sample = text[:20_000]
    strange = sum(1 for c in sample if c < " " and c not in "\t\r\n\x0b\x0c")
    if strange > max(len(sample) // 100, _FEW):
        raise Refused("sheet_other_kind", file=filename, kind="binary")


def _is_plausible_chinese(text: str) -> bool:
    beyond = [c for c in text[:50_000] if c > "\x7f"]
    if any("\ue000" <= c <= "\uf8ff" or "\x80" <= c <= "\x9f" for c in beyond):
        return False
    common = sum(1 for c in beyond if _is_common(c))
    return common >= _COMMON_SHARE * len(beyond)


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _utf16_without_bom(sample: bytes) -> str | None:
    """ASCII characters of UTF-16 leave their zero byte second (LE) or first (BE).

    A table has separators or line ends; where none shows, the zero bytes are strays.
    """
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    name = "utf-16-le" if second > 3 * first else "utf-16-be"
    if second <= 3 * first and first <= 3 * second:
        return None
    text = sample[: len(sample) // 2 * 2].decode(name, "replace")
    return name if any(mark in text for mark in (*DELIMITERS, "\n", "\r")) else None
