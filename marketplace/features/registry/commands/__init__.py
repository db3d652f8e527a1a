"""What can be done to the register."""

from marketplace.features.registry.commands.changes import (
    decide_change_request,
    submit_change_request,
    withdraw_change_request,
)
from marketplace.features.registry.commands.factories import (
    Recorded,
    RecordOutcome,
    edit_factory,
    record_factory,
)
from marketplace.features.registry.commands.filing import (
    archive_factory,
    assign_officer,
    settle_conflict,
    unmask_phone,
)
from marketplace.features.registry.commands.imports import finish_import
from marketplace.features.registry.commands.relations import (
    declare_affiliate,
    record_contract_work,
)
from marketplace.features.registry.commands.store_facts import refresh_store
from marketplace.features.registry.commands.stores import (
    confirm_holding,
    declare_store,
    end_holding,
    reject_holding,
)

__all__ = [
    "RecordOutcome",
    "Recorded",
    "archive_factory",
    "assign_officer",
    "confirm_holding",
    "decide_change_request",
    "declare_affiliate",
    "declare_store",
    "edit_factory",
    "end_holding",
    "finish_import",
    "record_contract_work",
    "record_factory",
    "refresh_store",
    "reject_holding",
    "settle_conflict",
    "submit_change_request",
    "unmask_phone",
    "withdraw_change_request",
]
