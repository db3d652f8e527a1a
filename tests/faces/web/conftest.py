"""The world of the feature tests, for the public site."""

from tests.features.conftest import world

__all__ = ["world"]
