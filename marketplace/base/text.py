"""Text as it comes in from people, files and scanners, made safe to keep and compare."""

from __future__ import annotations

import re
import unicodedata

_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_MARKS = re.compile("([，；：！？（）～…])")
_SPACES = re.compile(r"\s+")


def normalize(text: str) -> str:
    """Return NFKC text, trimmed, with runs of white space as one space.

    Control characters, bidi overrides and invisible joiners are taken out: they make two names
    look alike that are not.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_BIDI).translate(_INVISIBLE)
    kept = "".join(c if c.isspace() or unicodedata.category(c) != "Cc" else "" for c in folded)
    return _SPACES.sub(" ", kept).strip()


def normalize_prose(text: str) -> str:
    """Return what somebody wrote to be read, safe to keep.

    As `normalize`, but the marks of Chinese writing (，：（）…) and its paragraphs stay.
    """
    parts = _MARKS.split(text)
    folded = "".join(p if _MARKS.match(p) else unicodedata.normalize("NFKC", p) for p in parts)
    folded = folded.translate(_BIDI).translate(_INVISIBLE)
    kept = "".join(c if c.isspace() or unicodedata.category(c) != "Cc" else "" for c in folded)
    lines = [_SPACES.sub(" ", line).strip() for line in kept.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fold_name(name: str) -> str:
    """Return a firm's name for comparison: normalized, without spaces, brackets and their case."""
    return re.sub(r"[\s()\[\]{}·・.,，。、\-—_]+", "", normalize(name)).casefold()


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: `138****5678`."""
    digits = phone.strip()
    if len(digits) < 8:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def mask_name(name: str) -> str:
    """Return a person's name with all but the first character hidden: `陈××`."""
    return name[:1] + "×" * max(len(name) - 1, 0)
