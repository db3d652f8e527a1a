"""Decides when two written numbers of a decision, judgment or seizure are one document's.

It compares and never rewrites: a record shows the number as its first source wrote it.
"""

from __future__ import annotations

import re

from marketplace.base.text import normalize

# 〔2021〕 is also typed [2021], (2021), 【2021】 and 〖2021〗; full-width ones are narrow by then.
_OPENING = re.compile("[〔\\[{【〖〘〚「『《〈﹝]")
_CLOSING = re.compile("[〕\\]}】〗〙〛」』》〉﹞]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
# Some clerks write 〔2021〕第12号, some leave the word out.
_ORDINAL = re.compile(r"(?<=\))第(?=\d)")


def fold_reference(number: str) -> str:
    """Return a document's number for comparison: one kind of bracket and dash, no spaces, no case.

    Digits and dashes stay as they are: 12-1号 is another document than 121号.
    """
    plain = re.sub(r"\s", "", normalize(number)).casefold()
    plain = _CLOSING.sub(")", _OPENING.sub("(", _DASHES.sub("-", plain)))
    return _ORDINAL.sub("", plain).replace("號", "号")
