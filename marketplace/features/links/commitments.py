"""Turns phones, payees and names into keyed commitments, so that the database holds none of them.

The same value gives the same commitment in one installation, and says nothing outside of it. A
value without its key cannot be guessed by trying all phone numbers.
"""

from __future__ import annotations

import re

from marketplace.base.keys import KeyRing
from marketplace.base.text import fold_name, mask_name, mask_phone, normalize
from marketplace.features.links.kinds import LinkReason

_NOT_DIGIT = re.compile(r"\D")
_COUNTRY = "86"
_HAS_COUNTRY = 13
_LENGTH = 40  # of hexadecimal digits: 160 bits


def commitment_of(keys: KeyRing, reason: LinkReason, value: str) -> str:
    """Return the commitment of a value; empty for a value that says nothing."""
    plain = canonical(reason, value)
    if not plain:
        return ""
    return keys.mac(b"links:", reason.value.encode(), b":", plain.encode())[:_LENGTH]


def canonical(reason: LinkReason, value: str) -> str:
    """Return a value as it is compared: digits of numbers, folded names and addresses."""
    text = normalize(value)
    if reason is LinkReason.PHONE:
        digits = _NOT_DIGIT.sub("", text)
        if len(digits) == _HAS_COUNTRY and digits.startswith(_COUNTRY):
            digits = digits[2:]
        return digits
    return fold_name(text)


def masked(reason: LinkReason, value: str) -> str:
    """Return what people may read of a value: enough to talk about it, not to use it."""
    text = normalize(value)
    if reason is LinkReason.PHONE:
        return mask_phone(canonical(reason, text))
    if reason is LinkReason.PAYEE:
        return f"****{text[-4:]}" if len(text) > 4 else "****"
    if reason is LinkReason.PERSON:
        return mask_name(text)
    return text
