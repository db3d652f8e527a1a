"""Reads links, the groups they make, and the reviews they opened."""

from marketplace.features.links.queries.facts import (
    cut_affiliates,
    gather,
    links_of_program,
    scope_of_subject,
    standing_links,
    subject_of_store,
)
from marketplace.features.links.queries.groups import (
    Group,
    Member,
    get_group,
    group_of_factory,
)
from marketplace.features.links.queries.links import LinkRow, list_links
from marketplace.features.links.queries.reviews import (
    ReviewRow,
    get_review,
    list_reviews,
)

__all__ = [
    "Group",
    "LinkRow",
    "Member",
    "ReviewRow",
    "cut_affiliates",
    "gather",
    "get_group",
    "get_review",
    "group_of_factory",
    "links_of_program",
    "list_links",
    "list_reviews",
    "scope_of_subject",
    "standing_links",
    "subject_of_store",
]
