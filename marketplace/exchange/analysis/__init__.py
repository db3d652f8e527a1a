"""Takes out what every published figure is made of, so that others can compute them again.

Firms and stores stand under aliases; names, numbers and days of events stay in the house.
"""

from marketplace.exchange.analysis.package import (
    pack_analysis,
    require_empty,
    write_package,
    zip_package,
)
from marketplace.exchange.analysis.queries import gather_analysis
from marketplace.exchange.analysis.schema import Analysis

__all__ = [
    "Analysis",
    "gather_analysis",
    "pack_analysis",
    "require_empty",
    "write_package",
    "zip_package",
]
