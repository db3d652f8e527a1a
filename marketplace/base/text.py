"""Text as it comes in from people, files and scanners, made safe to keep and compare."""

from __future__ import annotations

import re
import unicodedata

# Control characters but white space, bidi overrides, invisible joiners.
_TRICKS = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\u00ad\u200b\u200c\u200d\u2060\ufeff]"
)
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_FULL_BRACKETS = str.maketrans("()", "（）")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile(r"[\s()\[\]{}·・.,，。、\-—_]+")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_EMPTY_LINES = re.compile(r"\n{3,}")


def normalize(text: str) -> str:
    """Return NFKC text, trimmed, with runs of white space as one space.

    Control characters, bidi overrides and invisible joiners are taken out: they make two names
    look alike that are not.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", _without_tricks(text))).strip()


def normalize_name(name: str) -> str:
    """Return a name as `normalize` does, a Chinese one with the brackets licenses print.

    （福建） of a firm's name is written with full-width brackets; `fold_name` compares without any.
    """
    plain = normalize(name)
    return plain.translate(_FULL_BRACKETS) if _CHINESE.search(plain) else plain


def is_wordless(name: str) -> bool:
    """Tell whether a name has neither letter nor digit: signs and pictures name nothing."""
    return not any(sign.isalnum() for sign in name)


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
    return _MARKS.sub("", normalize(name)).casefold()


def _without_tricks(text: str) -> str:
    return _TRICKS.sub("", text)


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: `138****5678`."""
    digits = phone.strip()
    if len(digits) < 8:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def mask_name(name: str) -> str:
    """Return a person's name with all but the first character hidden: `陈××`."""
    return name[:1] + "×" * max(len(name) - 1, 0)


def mask_contact(contact: str) -> str:
    """Return how somebody is reached, hidden: a number as a phone, else its first character only.

    People write a mailbox, a chat name or a whole sentence; how long it is stays untold too.
    """
    said = contact.strip()
    digits = "".join(c for c in said if c not in " -+()")
    if digits.isdigit():
        return mask_phone(digits)
    return f"{said[:1]}****"
