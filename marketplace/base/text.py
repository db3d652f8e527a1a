"""Text as it comes in from people, files and scanners, made safe to keep and compare."""

from __future__ import annotations

import re
import unicodedata

_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_EMPTY_LINES = re.compile(r"\n{3,}")


def normalize(text: str) -> str:
    """Return NFKC text, trimmed, with runs of white space as one space.

    Control characters, bidi overrides and invisible joiners are taken out: they make two names
    look alike that are not.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", _without_tricks(text))).strip()


def normalize_prose(text: str) -> str:
    """Return a sentence as it was written: NFC, with its Chinese punctuation and line breaks.

    For reasons, stories and notes that people read. Names, codes and numbers are compared and take
    `normalize`, which turns a full-width comma into an ASCII one. What misleads the eye is taken
    out here too; blanks within a line become one, and empty lines in a row one.
    """
    plain = unicodedata.normalize("NFC", _without_tricks(_LINE_ENDS.sub("\n", text)))
    lines = (_SPACES.sub(" ", line).strip() for line in plain.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def fold_name(name: str) -> str:
    """Return a firm's name for comparison: normalized, without spaces, brackets and their case."""
    return re.sub(r"[\s()\[\]{}·・.,，。、\-—_]+", "", normalize(name)).casefold()


def _without_tricks(text: str) -> str:
    plain = text.translate(_BIDI).translate(_INVISIBLE)
    return "".join(c for c in plain if c.isspace() or unicodedata.category(c) != "Cc")


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: `138****5678`."""
    digits = phone.strip()
    if len(digits) < 8:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def mask_name(name: str) -> str:
    """Return a person's name with all but the first character hidden: `陈××`."""
    return name[:1] + "×" * max(len(name) - 1, 0)
