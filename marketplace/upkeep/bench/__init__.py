"""Measures the house against plain floors, side by side in one run: ratios, never lone times."""

from marketplace.upkeep.bench.building import build_scaled
from marketplace.upkeep.bench.desk import sign_in_officer
from marketplace.upkeep.bench.importing import measure_imports
from marketplace.upkeep.bench.measuring import (
    GOAL_EVENTS,
    GOAL_FACTORIES,
    Figure,
    measure_all,
)

__all__ = [
    "GOAL_EVENTS",
    "GOAL_FACTORIES",
    "Figure",
    "build_scaled",
    "measure_all",
    "measure_imports",
    "sign_in_officer",
]
