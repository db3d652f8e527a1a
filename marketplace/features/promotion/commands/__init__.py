"""What can be done in promotion."""

from marketplace.features.promotion.commands.collections import (
    create_collection,
    edit_collection,
    publish_collection,
    withdraw_collection,
)
from marketplace.features.promotion.commands.filling import fill_by_rotation, undo_fill
from marketplace.features.promotion.commands.keeping import release_held_slots, run_recheck
from marketplace.features.promotion.commands.listings import (
    end_listing,
    faults_of_listing,
    record_listing,
    take_back_listing,
)
from marketplace.features.promotion.commands.many import (
    KeptListing,
    OnSale,
    listings_numbered,
    record_listings,
)
from marketplace.features.promotion.commands.scans import add_scans
from marketplace.features.promotion.commands.slots import move_slot, pin_product, remove_slot
from marketplace.features.promotion.commands.windows import (
    clear_due_windows,
    decide_objection,
    record_objection,
)

__all__ = [
    "KeptListing",
    "OnSale",
    "add_scans",
    "clear_due_windows",
    "create_collection",
    "decide_objection",
    "edit_collection",
    "end_listing",
    "faults_of_listing",
    "fill_by_rotation",
    "listings_numbered",
    "move_slot",
    "pin_product",
    "publish_collection",
    "record_listing",
    "record_listings",
    "record_objection",
    "release_held_slots",
    "remove_slot",
    "run_recheck",
    "take_back_listing",
    "undo_fill",
    "withdraw_collection",
]
