"""Imports that are committed need the same small world as the features do."""

from tests.features.conftest import world

__all__ = ["world"]
