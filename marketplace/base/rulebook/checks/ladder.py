"""Whether conditions and stages make a ladder that can be climbed."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.base.rulebook.checks.given import (
    Found,
    Given,
    at,
    entries,
    names_of,
    texts,
    twice,
)

# What only a submission has; the system sees a condition with a `source` by itself.
_OF_SUBMISSIONS = ("evidence", "decided_by", "second_person", "valid_days", "handed_in_by")


def faults_of_ladder(given: Given) -> Iterator[Found]:
    """Give what keeps a factory from climbing, or lets it pass something unseen."""
    yield from twice(given, "conditions", code="condition_twice")
    yield from twice(given, "stages", code="stage_twice")
    known = names_of(given, "conditions")
    for place, condition in entries(given, "conditions"):
        for number, need in texts(condition, "needs"):
            if known is not None and need not in known:
                yield (*place, "needs", number), "condition_unknown", {"key": need}
        yield from _evidence_twice(given, place, condition)
        if isinstance(condition.get("source"), str):
            for name in _OF_SUBMISSIONS:
                if name in condition:
                    yield (*place, name), "condition_never_submitted", {"name": name}
    yield from _of_stages(given, known)
    yield from _circles(given)


def _evidence_twice(
    given: Given, place: tuple[str | int, ...], entry: Given
) -> Iterator[Found]:
    for found, code, facts in twice(entry, "evidence", code="evidence_twice"):
        yield (*place, *found), code, facts


def _of_stages(given: Given, known: list[str] | None) -> Iterator[Found]:
    if at(given, "stages") == []:
        yield ("stages",), "stages_none", {}
        return
    kinds = {c.get("key"): c.get("kind") for _, c in entries(given, "conditions")}
    counted: set[str] = set()
    sound = names_of(given, "stages", field="requires") is not None
    for place, stage in entries(given, "stages"):
        if stage.get("requires") == []:
            yield (*place, "requires"), "stage_requires_none", {}
        for number, key in texts(stage, "requires"):
            counted.add(key)
            if known is not None and key not in known:
                yield (*place, "requires", number), "condition_unknown", {"key": key}
            elif kinds.get(key) == "milestone":
                yield (*place, "requires", number), "milestone_never_required", {"key": key}
    if not sound:
        return
    for place, condition in entries(given, "conditions"):
        own = condition.get("key")
        if own is not None and condition.get("kind") == "condition" and own not in counted:
            # A firm would be brand-ready without it.
            yield (*place, "key"), "condition_of_no_stage", {"key": own}


def _circles(given: Given) -> Iterator[Found]:
    left = {
        str(c["key"]): {need for _, need in texts(c, "needs")}
        for _, c in entries(given, "conditions")
        if c.get("key") is not None
    }
    while left:
        needed = {need for needs in left.values() for need in needs}
        # Neither what stands on firm ground nor what nothing stands on is part of a circle.
        free = [k for k, needs in left.items() if not needs & left.keys() or k not in needed]
        if not free:
            first = next(p for p, c in entries(given, "conditions") if c.get("key") in left)
            yield (*first, "needs"), "condition_cycle", {"keys": "、".join(sorted(left))}
            return
        for key in free:
            del left[key]
