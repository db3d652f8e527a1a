"""What can be done in promotion."""

from marketplace.features.promotion.commands.collections import (
    create_collection,
    edit_collection,
    publish_collection,
    withdraw_collection,
)
from marketplace.features.promotion.commands.listings import (
    clear_due_windows,
    record_listing,
    record_objection,
)
from marketplace.features.promotion.commands.slots import (
    fill_by_rotation,
    move_slot,
    pin_product,
    release_held_slots,
    remove_slot,
    run_recheck,
    undo_fill,
)

__all__ = [
    "clear_due_windows",
    "create_collection",
    "edit_collection",
    "fill_by_rotation",
    "move_slot",
    "pin_product",
    "publish_collection",
    "record_listing",
    "record_objection",
    "release_held_slots",
    "remove_slot",
    "run_recheck",
    "undo_fill",
    "withdraw_collection",
]
