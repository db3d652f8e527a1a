"""Figures over the database are tried on the real features, through the real handlers."""

from tests.features.conftest import world

__all__ = ["world"]
