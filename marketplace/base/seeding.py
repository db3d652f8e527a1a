"""Draws keys by a seed: the same frame and seed give the same ones, to anybody who computes it.

The keys are ordered by SHA-256("<seed>|<key>") and the first N are drawn, without replacement. Any
beginning of the order is itself a random sample, so that working in order may stop anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

ALGORITHM = "sha256-order-1"


def draw(keys: Iterable[str], *, seed: str, count: int) -> list[str]:
    """Return the first `count` keys in the order of the seed; all of a smaller frame."""

    def place(key: str) -> str:
        return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()

    return sorted(set(keys), key=lambda key: (place(key), key))[:count]


def frame_digest(keys: Iterable[str]) -> str:
    """Return SHA-256 over the sorted keys, one a line; what the frame was can be shown by it."""
    return hashlib.sha256("\n".join(sorted(set(keys))).encode()).hexdigest()
