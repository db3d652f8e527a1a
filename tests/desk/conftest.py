"""Read models are tried on the small world of the features."""

from tests.features.conftest import world

__all__ = ["world"]
