"""Reads listings, eligibility and collections."""

from marketplace.features.promotion.queries.collections import (
    CollectionRow,
    ExportRow,
    PublicCollection,
    SlotRow,
    export_collection,
    get_collection,
    get_collection_preview,
    get_public_collection,
    list_collections,
    list_public_collections,
    list_slots,
)
from marketplace.features.promotion.queries.gathering import Offer, gather_offers
from marketplace.features.promotion.queries.offers import (
    ItemAnswer,
    ListingRow,
    check_items,
    get_eligibility,
    list_listed_products,
    list_listings,
    list_offers,
)
from marketplace.features.promotion.queries.public_stores import (
    PublicStore,
    list_public_listings,
    list_public_stores,
)
from marketplace.features.promotion.queries.sampling_frame import list_sampling_frame
from marketplace.features.promotion.queries.scans import ScanSummary, get_public_scans
from marketplace.features.promotion.queries.windows import (
    ObjectionRow,
    WindowRow,
    list_decided_objections,
    list_objections,
    list_products_in_objection_window,
)

__all__ = [
    "CollectionRow",
    "ExportRow",
    "ItemAnswer",
    "ListingRow",
    "ObjectionRow",
    "Offer",
    "PublicCollection",
    "PublicStore",
    "ScanSummary",
    "SlotRow",
    "WindowRow",
    "check_items",
    "export_collection",
    "gather_offers",
    "get_collection",
    "get_collection_preview",
    "get_eligibility",
    "get_public_collection",
    "get_public_scans",
    "list_collections",
    "list_decided_objections",
    "list_listed_products",
    "list_listings",
    "list_objections",
    "list_offers",
    "list_products_in_objection_window",
    "list_public_collections",
    "list_public_listings",
    "list_public_stores",
    "list_sampling_frame",
    "list_slots",
]
