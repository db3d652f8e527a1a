"""The data layer: one table base, two engines, one place that commits."""

from marketplace.base.db.columns import (
    Row,
    VersionedRow,
    day_column,
    enum_column,
    instant_column,
    json_column,
    metadata,
)
from marketplace.base.db.engines import Store, open_store, synced_later
from marketplace.base.db.idempotency import is_known, once
from marketplace.base.db.unit import (
    announce,
    defer,
    housekeeping_write,
    read,
    unit_of_work,
    write,
)

__all__ = [
    "Row",
    "Store",
    "VersionedRow",
    "announce",
    "day_column",
    "defer",
    "enum_column",
    "housekeeping_write",
    "instant_column",
    "is_known",
    "json_column",
    "metadata",
    "once",
    "open_store",
    "read",
    "synced_later",
    "unit_of_work",
    "write",
]
