"""Decides whether a code or number somebody gives can be one at all: USCC, GTIN, phone.

Pure and offline: it proves a form, never that the firm or the article exists. It never
repairs silently; `suggest_uscc` only proposes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from stdnum import ean
from stdnum.cn import uscc as gb32100

from marketplace.base.text import normalize

# Rows are numbered in 64 bits by either engine; asked for a larger number, it breaks.
LARGEST_ROW_NUMBER = 2**63 - 1
# GB 32100-2015, 4: ten digits and Latin capitals without I, O, S, V, Z.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
# GB 32100-2015, table 1: the registering authorities.
_AUTHORITIES = "123456789ANY"
_KINDS_OF_BODY = "123456789"
_LOOK_ALIKE = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"}
_LIKELY_LETTERS_FOR = {"O": "0Q", "I": "1", "S": "5", "Z": "2", "V": "UY"}
_MAX_LOOK_ALIKES = 4
# GS1 General Specifications, 7.9: the lengths that carry this check digit.
GTIN_LENGTHS = (8, 12, 13, 14)

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(?:#\d{1,6})?")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
# 0594-2345678-801: the third part is the extension.
_DIRECT_LINE = re.compile(r"^(\(?0\d{2,3}\)?[- ]\d{7,8})[-—–](\d{1,6})$")
_SERVICE = re.compile(r"(?:400|800)\d{7}")


@dataclass(frozen=True, slots=True)
class IdFault:
    """Why a code cannot be one; `code` names the sentence `error.<code>`."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def clean_uscc(text: str) -> str:
    """Return the code in its one written form: half-width capitals without spaces or hyphens."""
    return re.sub(r"[\s\-]", "", normalize(text)).upper()


def check_uscc(uscc: str) -> IdFault | None:
    """Return the first fault of a unified social credit code in written form, or None.

    Lower case, spaces and full-width forms are faults here; `clean_uscc` comes first.
    """
    if len(uscc) != USCC_LENGTH:
        return IdFault("uscc_length", {"length": len(uscc), "expected": USCC_LENGTH})
    for position, character in enumerate(uscc, start=1):
        if character not in USCC_ALPHABET:
            return _foreign_character(character, position)
    if uscc[0] not in _AUTHORITIES or uscc[1] not in _KINDS_OF_BODY:
        return IdFault("uscc_prefix", {"given": uscc[:2]})
    if not uscc[2:8].isdigit():
        return IdFault("uscc_region_digits", {"given": uscc[2:8]})
    expected = uscc_check_digit(uscc)
    if uscc[-1] != expected:
        return IdFault("uscc_check_digit", {"given": uscc[-1], "expected": expected})
    return None


def uscc_check_digit(uscc: str) -> str:
    """Return the check character that the first 17 characters ask for.

    Raises:
        ValueError: when one of them is outside the alphabet.
    """
    return str(gb32100.calc_check_digit(uscc[: USCC_LENGTH - 1]))


def suggest_uscc(uscc: str) -> str | None:
    """Return the one valid code that differs only in look-alike letters (O for 0, I for 1 …).

    None when nothing fits or more than one code does: a guess is not a suggestion.
    """
    text = clean_uscc(uscc)
    if len(text) != USCC_LENGTH or check_uscc(text) is None:
        return None
    places = [i for i, c in enumerate(text) if c in _LIKELY_LETTERS_FOR]
    if not places or len(places) > _MAX_LOOK_ALIKES:
        return None
    found = {
        candidate
        for choice in product(*(_LIKELY_LETTERS_FOR[text[i]] for i in places))
        if check_uscc(candidate := _with(text, dict(zip(places, choice, strict=True)))) is None
    }
    return found.pop() if len(found) == 1 else None


def uscc_region(uscc: str) -> str:
    """Return the six digits of the place of registration."""
    return uscc[2:8]


def clean_gtin(text: str) -> str:
    """Return a trade item number without spaces and hyphens; leading zeros stay."""
    return re.sub(r"[\s\-]", "", normalize(text))


def check_gtin(gtin: str) -> IdFault | None:
    """Return the first fault of a GTIN-8, -12, -13 or -14, or None."""
    if not re.fullmatch(r"[0-9]+", gtin):
        return IdFault("gtin_digits", {"given": gtin})
    if len(gtin) not in GTIN_LENGTHS:
        return IdFault("gtin_length", {"length": len(gtin)})
    expected = str(ean.calc_check_digit(gtin[:-1]))
    if gtin[-1] != expected:
        return IdFault("gtin_check_digit", {"given": gtin[-1], "expected": expected})
    return None


def clean_phone(text: str) -> str:
    """Return a phone number as digits; the country code 86 goes, an extension follows `#`."""
    plain = normalize(text).casefold()
    plain = re.sub(r"(?:ext\.?|转|分机)\s*(?=\d)", "#", plain)
    plain = _DIRECT_LINE.sub(r"\1#\2", plain)
    plain = re.sub(r"[\s\-()./—–]", "", plain)
    abroad = re.match(r"(?:\+|00)86(?=\d)", plain)
    if abroad is not None:
        plain = plain[abroad.end() :]
        # +86 594 2345678: the zero of the area code is not dialled from abroad.
        if (
            plain[0] != "0"
            and _MOBILE.fullmatch(plain) is None
            and _LANDLINE.match(f"0{plain}")
        ):
            plain = f"0{plain}"
    if re.fullmatch(r"86(1[3-9]\d{9})", plain):
        plain = plain[2:]
    return plain


def check_phone(phone: str) -> IdFault | None:
    """Return a fault when this cannot be a mainland mobile, landline or service number."""
    if any(form.fullmatch(phone) for form in (_MOBILE, _LANDLINE, _LOCAL, _SERVICE)):
        return None
    return IdFault("phone_form", {"length": len(phone)})


def _foreign_character(character: str, position: int) -> IdFault:
    facts = {"character": character, "position": position}
    if character == "O":
        return IdFault("uscc_letter_o", facts)
    instead = _LOOK_ALIKE.get(character)
    if character.upper() in USCC_ALPHABET:
        instead = character.upper()
    if instead is not None:
        return IdFault("uscc_look_alike", {**facts, "instead": instead})
    return IdFault("uscc_alphabet", facts)


def _with(text: str, changes: Mapping[int, str]) -> str:
    return "".join(changes.get(i, c) for i, c in enumerate(text))
