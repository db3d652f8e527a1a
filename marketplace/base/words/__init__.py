"""Every sentence the product says, in Chinese first and English complete.

One TOML file an area and language (`zh/<area>.toml`, `en/<area>.toml`); a key is
`<area>.<table…>.<name>`. Code holds keys, faces turn them into sentences.
"""

from marketplace.base.words.formats import (
    DASH,
    format_count,
    format_day,
    format_instant,
    format_rate_per_thousand,
    format_ratio,
)
from marketplace.base.words.locales import LANGUAGES, Lang, has_key, keys, label, say

__all__ = [
    "DASH",
    "LANGUAGES",
    "Lang",
    "format_count",
    "format_day",
    "format_instant",
    "format_rate_per_thousand",
    "format_ratio",
    "has_key",
    "keys",
    "label",
    "say",
]
