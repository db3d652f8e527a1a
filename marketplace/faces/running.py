"""The one installation this process runs; faces share it."""

from __future__ import annotations

from functools import cache

from marketplace.assembly import App, open_app
from marketplace.base.settings import settings


@cache
def the_app() -> App:
    """Open the installation the settings name, once per process."""
    return open_app(settings())
