"""Whether links, agencies and the compliance score do what the file says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marketplace.base.rulebook.checks.given import Found, Given, at, entries, names_of, twice

# What ties two stores, and the kinds of record a score is made of. Another name would be taken
# without a word and never weigh anything; tests hold both against the features that know them.
LINK_REASONS = (
    "operates", "declared", "affiliate", "phone", "person", "payee", "address", "warehouse",
    "picture",
)  # fmt: skip
SCORED = (
    "offenses", "suspensions", "brand_complaints", "near_misses", "site_checks", "product_tests",
)  # fmt: skip
_MOST = 100


def faults_of_conduct(given: Given) -> Iterator[Found]:
    """Give what ties nothing, is sent to nobody or makes a score that does not add up."""
    yield from _of_links(given)
    yield from twice(given, "conduct", "referrals", "agencies", code="agency_twice")
    yield from twice(given, "conduct", "credit", "components", code="component_twice")
    for place, component in entries(given, "conduct", "credit", "components"):
        key = component.get("key")
        if key is not None and key not in SCORED:
            facts: dict[str, object] = {"key": key, "known": " / ".join(SCORED)}
            yield (*place, "key"), "component_unknown", facts
        if component.get("weight_points") == 0:
            yield (*place, "weight_points"), "number_below", {"least": 1}
    yield from _of_score(given)


def _of_links(given: Given) -> Iterator[Found]:
    path = ("conduct", "links", "strength")
    strength = at(given, *path, default={})
    if not isinstance(strength, Mapping):
        return
    for name in strength:
        if name not in LINK_REASONS:
            facts: dict[str, object] = {"key": name, "known": " / ".join(LINK_REASONS)}
            yield (*path, name), "link_reason_unknown", facts
    joins = at(given, "conduct", "links", "joins_from")
    if joins is None or not strength or None in strength.values():
        return
    most = min(_MOST, sum(strength.values()))
    if joins > most:
        yield ("conduct", "links", "joins_from"), "number_above", {"most": most}


def _of_score(given: Given) -> Iterator[Found]:
    """What moves the score down reaches nothing at most, what moves it up a hundred."""
    path = ("conduct", "credit", "components")
    neutral = at(given, "conduct", "credit", "neutral_points", default=0)
    weights = names_of(given, *path, field="weight_points")
    directions = names_of(given, *path, field="direction")
    if neutral is None or not weights or directions is None:
        return
    for direction, room in (("down", neutral), ("up", _MOST - neutral)):
        total = sum(int(w) for w, d in zip(weights, directions, strict=True) if d == direction)
        if total > room:
            facts: dict[str, object] = {"total": total, "room": room}
            yield path, f"score_too_far_{direction}", facts
