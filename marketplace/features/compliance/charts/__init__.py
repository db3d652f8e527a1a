"""Figures: one drawing model, one card, the same numbers wherever a figure appears."""

from marketplace.features.compliance.charts.before_after import figure_of
from marketplace.features.compliance.charts.beneath import Beside
from marketplace.features.compliance.charts.figure import Figure

__all__ = ["Beside", "Figure", "figure_of"]
