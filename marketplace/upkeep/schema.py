"""Makes the schema of an empty database: every table, then what tables alone cannot say."""

from __future__ import annotations

import importlib
import pkgutil

import marketplace
from marketplace.base.audit import ddl
from marketplace.base.db import Store, metadata


def import_all_tables() -> None:
    """Import every `tables` module, so that the metadata is complete."""
    for module in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)


def create_schema(store: Store) -> None:
    """Create every table and trigger; existing ones stay as they are."""
    import_all_tables()
    with store.housekeeping.begin() as connection:
        metadata.create_all(connection)
        ddl.install(connection)
