"""What can be done about links and their reviews."""

from marketplace.features.links.commands.cutting import cut_link, restore_link
from marketplace.features.links.commands.refreshing import (
    Refreshed,
    hash_pictures,
    is_stale,
    refresh_links,
)
from marketplace.features.links.commands.reviewing import decide_review, open_reviews
from marketplace.features.links.commands.traits import TraitGiven, record_trait, record_traits

__all__ = [
    "Refreshed",
    "TraitGiven",
    "cut_link",
    "decide_review",
    "hash_pictures",
    "is_stale",
    "open_reviews",
    "record_trait",
    "record_traits",
    "refresh_links",
    "restore_link",
]
