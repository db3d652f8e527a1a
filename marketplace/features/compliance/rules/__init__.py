"""The arithmetic of honest comparison; pure, every figure with its n and interval."""

from marketplace.features.compliance.rules.comparison import (
    Before,
    Comparison,
    Side,
    Title,
    compare,
)
from marketplace.features.compliance.rules.dispersion import (
    Spread,
    pooled_dispersion,
    spread_of,
)
from marketplace.features.compliance.rules.intervals import (
    proportion_interval,
    rate_interval,
    ratio_interval,
    scaled_rate_interval,
    scaled_ratio_interval,
)
from marketplace.features.compliance.rules.sides import StoreMonth, Watched

__all__ = [
    "Before",
    "Comparison",
    "Side",
    "Spread",
    "StoreMonth",
    "Title",
    "Watched",
    "compare",
    "pooled_dispersion",
    "proportion_interval",
    "rate_interval",
    "ratio_interval",
    "scaled_rate_interval",
    "scaled_ratio_interval",
    "spread_of",
]
