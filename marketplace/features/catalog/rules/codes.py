"""Verification codes: twelve digits, the last a Luhn check digit (ISO/IEC 7812-1 annex B).

Digits only, so that a code can be read over the phone; the check digit finds every single wrong
digit and most swapped neighbors.
"""

from __future__ import annotations

import re

from marketplace.base.text import normalize

_LOOKS_LIKE = {"O": "0", "o": "0", "I": "1", "l": "1", "S": "5", "B": "8", "Z": "2"}
_IN_ADDRESS = re.compile(r"/(?:verify|products)/(\d{12})(?!\d)")


def make_code(region_code: str, serial: int) -> str:
    """Return the code of a serial number: four region digits, seven of the serial, a check digit.

    Raises:
        ValueError: for a serial that does not fit.
    """
    if not 0 <= serial < 10**7:
        msg = "serial out of range"
        raise ValueError(msg)
    # 7 is coprime to 10**7: consecutive products do not get consecutive codes.
    scattered = (serial * 7_654_321 + 1_234_567) % 10**7
    head = f"{region_code[:4]:0>4}{scattered:07d}"
    return head + _luhn(head)


def is_code(code: str) -> bool:
    """Tell whether a text is twelve digits with the right check digit."""
    return (
        len(code) == 12 and code.isascii() and code.isdigit() and _luhn(code[:11]) == code[11]
    )


def clean_code(text: str) -> str:
    """Return what a person typed without spaces and hyphens; of a pasted address its code."""
    plain = normalize(text)
    if address := _IN_ADDRESS.search(plain):
        return address.group(1)
    return "".join(c for c in plain if c not in " -—·")


def code_hint(text: str) -> tuple[int, str] | None:
    """Return (position, digit meant) of the first letter typed for a digit, 1-based."""
    for i, char in enumerate(clean_code(text)):
        if char in _LOOKS_LIKE:
            return i + 1, _LOOKS_LIKE[char]
    return None


def _luhn(head: str) -> str:
    total = 0
    for i, char in enumerate(reversed(head)):
        digit = int(char) * (2 if i % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)
