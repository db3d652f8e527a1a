"""What can be done to the register."""

from marketplace.features.registry.commands.admitting import Admitted, record_factories
from marketplace.features.registry.commands.changes import (
    decide_change_request,
    submit_change_request,
    withdraw_change_request,
)
from marketplace.features.registry.commands.declaring import (
    DeclaredStore,
    KeptStore,
    declare_stores,
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
from marketplace.features.registry.commands.imports import (
    KeptRow,
    Ticket,
    begin_import,
    finish_import,
    keep_import_rows,
)
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
from marketplace.features.registry.commands.taking_back import (
    reopen_conflict,
    take_back_factory,
    take_back_holding,
    take_back_store,
    take_back_value,
)
from marketplace.features.registry.commands.undoing import (
    begin_undo,
    finish_undo,
    keep_undone_rows,
)

__all__ = [
    "Admitted",
    "DeclaredStore",
    "KeptRow",
    "KeptStore",
    "RecordOutcome",
    "Recorded",
    "Ticket",
    "archive_factory",
    "assign_officer",
    "begin_import",
    "begin_undo",
    "confirm_holding",
    "decide_change_request",
    "declare_affiliate",
    "declare_store",
    "declare_stores",
    "edit_factory",
    "end_holding",
    "finish_import",
    "finish_undo",
    "keep_import_rows",
    "keep_undone_rows",
    "record_contract_work",
    "record_factories",
    "record_factory",
    "refresh_store",
    "reject_holding",
    "reopen_conflict",
    "settle_conflict",
    "submit_change_request",
    "take_back_factory",
    "take_back_holding",
    "take_back_store",
    "take_back_value",
    "unmask_phone",
    "withdraw_change_request",
]
