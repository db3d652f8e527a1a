"""Reads the words of one heading: its unit, its form for comparison, and which field it names.

Pure; `headers.toml` holds the words, the first of a field's the most exact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from marketplace.exchange.fields import field_names
from marketplace.exchange.kinds import ImportKind, Unit
from marketplace.exchange.numbers import find_unit
from marketplace.exchange.plain import plain as normalize

_LONGEST_HEADING = 60
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FUZZY_FROM = 86.0
_BRACKET = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_PADDED = re.compile(r"\S(?: \S)+")
_NOISE = re.compile(r"^[\d一二三四五六七八九十]{1,2}[.、．)](?=\D)|[*★※:：\"“”‘’「」]")
# The traditional characters of headings; names and addresses are read as they are written.
_TRADITIONAL = str.maketrans(
    "業稱會碼聯絡電話負責員數產備註區縣鄉鎮單廠規職經營執號證類標誌統總場點設計狀態務職縣",
    "业称会码联络电话负责员数产备注区县乡镇单厂规职经营执号证类标志统总场点设计状态务职县",
)
# 地址/Address, 联系电话 Tel: the same said again in letters.
_SAID_AGAIN = re.compile(r"(?<=[\u4e00-\u9fff])[ /|]*[a-z][a-z .']{2,}$")
# Mobile 手机, Legal Rep. 法人: the same said before in letters.
_SAID_BEFORE = re.compile(r"^[a-z][a-z .'/&-]{2,}(?=[\u4e00-\u9fff]{2})")

# 年产能 万双, 产能，单位：双: the unit after the name, apart from it or beyond doubt.
_UNIT_TAIL = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:[\s,，:：、;；]+(?:计量)?(?:单位)?[\s:：]*(?:万双|千双|百万双|亿双|双|万元|亿元|千元|元|人|件)"
    r"|[\s,，]*(?:万双|千双|百万双|亿双))(?:/年|每年)?$"
)
# capacity pairs per year, 年产双数, value fen: the unit within the name.
_NAMED_UNIT = re.compile(r"(?<!\d )(?<!million )(?<!thousand )\bpairs\b|双数$|(?P<fen>\bfen$)")

Heading = tuple[str, ...]


def joined(heading: Heading) -> str:
    """Return a heading of several rows as one text, as the file writes it."""
    parts: list[str] = []
    for part in heading:
        text = re.sub(r"\s+", "" if _has_chinese(part) else " ", part).strip()
        if text and text not in parts:
            parts.append(text)
    return " ".join(parts)


@lru_cache(maxsize=4096)  # every field that is a quantity asks it
def heading_unit(heading: Heading) -> Unit | None:
    """Return the unit a heading names: in brackets, after a slash or colon, or at its end."""
    for part in reversed(heading):
        text = normalize(part)
        for inside in _BRACKET.findall(text):
            for piece in (inside, *re.split(r"[,，;；、:：]", inside)):
                if unit := find_unit(piece):
                    return unit
        for piece in re.split(r"[/:：\n]|\bin\b", text)[1:]:
            if unit := find_unit(piece):
                return unit
        if match := re.search(
            r"(?:[万萬千]|百万|亿)(?:[双雙]|元|人|件)$", text.replace(" ", "")
        ):
            return find_unit(match[0])
        if unit := find_unit(text):
            return unit
        if match := _NAMED_UNIT.search(text.casefold().replace("_", " ")):
            return Unit.FEN if match["fen"] else Unit.PAIRS
    return None


@lru_cache(maxsize=4096)  # repeated rows are told by it: asked for cells too
def heading_key(part: str) -> str:
    """Return one heading part for comparison: no brackets, marks, spaces or case."""
    text = normalize(part).casefold().replace("_", " ").translate(_TRADITIONAL)
    text = _BRACKET.sub("", text).strip()
    if _PADDED.fullmatch(text):
        text = text.replace(" ", "")  # of 法 人 the second is no unit
    text = _UNIT_TAIL.sub("", text)
    text = _NOISE.sub("", text)
    text = re.sub(r"\s+", "" if _has_chinese(text) else " ", text).strip(" .-/")
    head, slash, unit = text.rpartition("/")
    return head if slash and head and find_unit(unit) is not None else text


@lru_cache(maxsize=20_000)
def match_word(kind: ImportKind, name: str, key: str) -> tuple[float, int]:
    """Return how well a heading names a field (0-1), and the rank of the word, 0 the most exact."""
    words = _words(kind).get(name, ())
    forms = {key, _SAID_AGAIN.sub("", key)}
    is_barred = any(word in key for word in _barred(kind).get(name, ()))
    if not is_barred:
        forms.add(_SAID_BEFORE.sub("", key))
    exact = next((order for order, (word, _) in enumerate(words) if word in forms), None)
    if exact is not None:
        return 1.0, exact
    best, rank = 0.0, 0
    if len(key) < 2 or is_barred:
        return best, rank
    for order, (word, is_whole) in enumerate(words):
        if is_whole or len(word) < 2:
            continue
        likeness = _likeness(key, word)
        if likeness > best:
            best, rank = likeness, order
    return best, rank


def _likeness(key: str, word: str) -> float:
    """How like two unequal words are; asked for every cell of a heading and every word: cheap first."""
    if word in key:
        share = len(word) / len(key)
        if key.endswith(word) and _whole_words(key, word):
            return 0.86 + 0.1 * share
        if len(word) >= (4 if _has_chinese(word) else 8):
            return 0.68 + 0.1 * share
    elif 3 <= len(key) >= len(word) / 2 and (word.startswith(key) or word.endswith(key)):
        return 0.66 + 0.1 * (len(key) / len(word))
    return fuzz.ratio(key, word, score_cutoff=_FUZZY_FROM) / 100 * 0.9  # 0 under it


def _whole_words(key: str, word: str) -> bool:
    """`phone` ends `contact phone` but not `megaphone`."""
    return _has_chinese(word) or key.endswith(f" {word}")


def is_ignored(heading: Heading) -> bool:
    """Tell whether a heading is known to be none of the fields, or a sentence."""
    key = heading_key(heading[-1]) or heading_key(joined(heading))
    return len(key) > _LONGEST_HEADING or key in _ignored()


def _has_chinese(text: str) -> bool:
    return _CHINESE.search(text) is not None


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "headers.toml").read_text("utf-8"))


@cache
def _words(kind: ImportKind) -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """Field → (word, whether it must be the whole heading); the field's own name counts."""
    table = _table()[kind.value]
    unknown = set(table) - set(field_names(kind))
    if unknown:
        msg = f"headers.toml names fields that {kind} has not: {sorted(unknown)}"
        raise ValueError(msg)
    return {
        name: (
            (heading_key(name), True),
            *((heading_key(word.lstrip("=")), word.startswith("=")) for word in words),
        )
        for name, words in table.items()
    }


@cache
def _barred(kind: ImportKind) -> Mapping[str, tuple[str, ...]]:
    """Field → words that a heading of it does not hold."""
    return {name: tuple(words) for name, words in _table()["not"].get(kind.value, {}).items()}


@cache
def _ignored() -> frozenset[str]:
    return frozenset(heading_key(word) for word in _table()["ignored"]["words"]) | {"#"}
