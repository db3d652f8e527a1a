"""Gives firms, stores and findings names that say nothing and stay the same.

The salt is the installation's own secret and never leaves it: whoever has the export and a list
of all firms cannot compute which is which. The same thing has the same alias in every export of
one installation, so that exports can be joined over time.
"""

from __future__ import annotations

from marketplace.base.keys import KeyRing

_DIGITS = 12  # 48 bits: of 10,000 firms two are alike in one of five million installations


def alias_of(keys: KeyRing, program: str, kind: str, number: int) -> str:
    """Return e.g. `O-3f9a0c11d2e4`; `kind` is operator, store or finding."""
    mark = keys.mac(b"analysis-alias:v1:", f"{program}:{kind}:{number}".encode())
    return f"{kind[0].upper()}-{mark[:_DIGITS]}"
