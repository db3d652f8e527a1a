"""Reads the register. Phones are masked here; only `commands.unmask_phone` shows one."""

from marketplace.features.registry.queries.factories import (
    FactoryProfile,
    SourcedValue,
    find_own_factory,
    get_factory,
    list_affiliates,
    list_contract_work,
    list_own_factories,
    list_sources,
)
from marketplace.features.registry.queries.imports import (
    BatchRow,
    ImportedRow,
    OpenRow,
    get_import_batch,
    list_import_batches,
    list_import_rows,
    open_import_rows,
)
from marketplace.features.registry.queries.scopes import (
    find_operator,
    scope_of_factory,
    scope_of_operator,
)
from marketplace.features.registry.queries.stores import (
    Holder,
    StoreRow,
    holder_on,
    list_holders,
    list_stores,
)
from marketplace.features.registry.queries.work import (
    ChangeRequestRow,
    ConflictRow,
    DraftRow,
    SettledRow,
    list_change_requests,
    list_conflicts,
    list_drafts,
    list_settled_conflicts,
)

__all__ = [
    "BatchRow",
    "ChangeRequestRow",
    "ConflictRow",
    "DraftRow",
    "FactoryProfile",
    "Holder",
    "ImportedRow",
    "OpenRow",
    "SettledRow",
    "SourcedValue",
    "StoreRow",
    "find_operator",
    "find_own_factory",
    "get_factory",
    "get_import_batch",
    "holder_on",
    "list_affiliates",
    "list_change_requests",
    "list_conflicts",
    "list_contract_work",
    "list_drafts",
    "list_holders",
    "list_import_batches",
    "list_import_rows",
    "list_own_factories",
    "list_settled_conflicts",
    "list_sources",
    "list_stores",
    "open_import_rows",
    "scope_of_factory",
    "scope_of_operator",
]
