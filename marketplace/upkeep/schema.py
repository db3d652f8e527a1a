"""Makes the schema of an empty database: every table, then what tables alone cannot say."""

from __future__ import annotations

from marketplace.base.db import Store, metadata
from marketplace.base.db.extras import import_all_tables, install


def create_schema(store: Store) -> None:
    """Create every table, trigger and index; existing ones stay as they are."""
    import_all_tables()
    with store.housekeeping.begin() as connection:
        metadata.create_all(connection)
        install(connection)


__all__ = ["create_schema", "import_all_tables"]
