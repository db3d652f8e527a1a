"""Reads the register. Phones are masked here; only `commands.unmask_phone` shows one."""

from marketplace.features.registry.queries.factories import (
    FactoryProfile,
    SourcedValue,
    find_own_factory,
    get_factory,
    list_affiliates,
    list_contract_work,
    list_import_batches,
    list_sources,
)
from marketplace.features.registry.queries.scopes import (
    find_operator,
    scope_of_factory,
    scope_of_operator,
)
from marketplace.features.registry.queries.stores import (
    StoreRow,
    holder_on,
    list_stores,
)
from marketplace.features.registry.queries.work import (
    ChangeRequestRow,
    ConflictRow,
    list_change_requests,
    list_conflicts,
)

__all__ = [
    "ChangeRequestRow",
    "ConflictRow",
    "FactoryProfile",
    "SourcedValue",
    "StoreRow",
    "find_operator",
    "find_own_factory",
    "get_factory",
    "holder_on",
    "list_affiliates",
    "list_change_requests",
    "list_conflicts",
    "list_contract_work",
    "list_import_batches",
    "list_sources",
    "list_stores",
    "scope_of_factory",
    "scope_of_operator",
]
