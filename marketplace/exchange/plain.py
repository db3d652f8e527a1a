"""Normalizes the text of cells once: a row asks for the same cell several times."""

from __future__ import annotations

from functools import lru_cache

from marketplace.base.text import normalize

# Small on purpose: enough for the cells of a few rows, nothing of a file stays long.
plain = lru_cache(maxsize=1_024)(normalize)
