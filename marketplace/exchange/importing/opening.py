"""Decides, row by row, which products of a portion may be taken ahead of the others.

A row that is left may begin a product, or be the first of a brand and take its slug. What comes
after it and may depend on that is left too.
"""

from __future__ import annotations

import re
from collections.abc import Hashable

_NUMBERED = re.compile(r"-\d+$")


class Openings:
    """What earlier rows of the portion may still begin."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        self._products: set[Hashable] = set()  # begun by a row, taken or left
        self._brands: set[Hashable] = set()  # begun by a row that is taken
        self._slugs: set[str] = set()  # wanted by a row that is left
        self._stems: set[str] = set()  # the same without their number

    def takes(
        self,
        identity: tuple[Hashable, str],
        slug: str,
        *,
        is_plain: bool,
        is_known: bool,
        is_new: bool,
    ) -> bool:
        """Tell whether the next row may be taken ahead, and remember what it begins.

        Args:
            identity: the row's brand and model number.
            slug: what the slug of its brand begins with, were it new.
            is_plain: nothing about the row itself is open.
            is_known: its brand is there.
            is_new: its product is not.
        """
        brand = identity[0]
        has_brand = is_known or brand in self._brands
        taken = (
            is_plain and identity not in self._products and (has_brand or self._is_free(slug))
        )
        if is_new or not taken:
            self._products.add(identity)
        if not has_brand:
            if taken:
                self._brands.add(brand)
            else:
                self._slugs.add(slug)
                self._stems.add(_NUMBERED.sub("", slug))
        return taken

    def _is_free(self, slug: str) -> bool:
        """No row that is left may end with the slug, or push it on: `a` and `a-2` meet."""
        return (
            slug not in self._slugs
            and slug not in self._stems
            and _NUMBERED.sub("", slug) not in self._slugs
        )
