"""Keeps the output of a part of a year from being read as what a firm can make in a year.

产量 alone is taken for a year's; below a title that names a quarter or a half year it is not one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from marketplace.exchange.heading import Located
from marketplace.exchange.kinds import Basis
from marketplace.exchange.periods import Precision
from marketplace.exchange.stated import stated_period
from marketplace.exchange.untold import titles_of

_FIELD = "capacity_pairs_per_year"
_OF_A_YEAR = re.compile(r"年|能|capacity|annual|year", re.IGNORECASE)
_PART = re.compile(
    r"季度|半年|月报|季报|月度|快报|[1一]\s*[-~至到]\s*[\d一二三四五六七八九十]+\s*月"
)
_SHORTEST_YEAR = timedelta(days=365)


def without_part_of_year(located: Located) -> Located:
    """Return the place without a column of output that a title says is of a part of a year.

    A column that a person chose stays, and so does one whose heading says year or capacity.
    """
    mapping = located.mapping
    use = mapping.find(_FIELD)
    if use is None or use.basis is Basis.CHOSEN or _OF_A_YEAR.search(use.header):
        return located
    if not _names_part_of_year(titles_of(located)):
        return located
    columns = tuple(one for one in mapping.columns if one is not use)
    unmapped = tuple(sorted((*mapping.unmapped, (use.index, use.header))))
    return replace(located, mapping=replace(mapping, columns=columns, unmapped=unmapped))


def _names_part_of_year(titles: Iterable[str]) -> bool:
    """A month alone does not tell: forms carry the month they were filled in."""
    told = list(titles)
    stated = stated_period(told)
    if stated is not None and stated.period.precision is Precision.SPAN:
        return stated.period.until_on - stated.period.from_on < _SHORTEST_YEAR
    return any(_PART.search(title) for title in told)
