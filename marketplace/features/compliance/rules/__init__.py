"""The arithmetic of honest comparison; pure, every figure with its n and interval."""

from marketplace.features.compliance.rules.comparison import (
    Before,
    Comparison,
    Side,
    Title,
    compare,
    pooled_dispersion,
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
]
