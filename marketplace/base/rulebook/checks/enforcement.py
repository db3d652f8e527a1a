"""Whether measures, appeals, holds and category policies fit together."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.base.rulebook.checks.given import (
    Found,
    Given,
    Path,
    at,
    entries,
    names_of,
    texts,
    twice,
)
from marketplace.base.rulebook.enforcement import PAUSED, AppealRules
from marketplace.base.rulebook.holds import HoldRules
from marketplace.base.text import normalize


def faults_of_enforcement(given: Given) -> Iterator[Found]:
    """Give what measures and appeals promise and could not keep."""
    yield from twice(given, "enforcement", "measures", "courses", code="course_twice")
    yield from twice(
        given, "enforcement", "appeals", "while_open",
        code="measure_twice", field="measure", fact="measure",
    )  # fmt: skip
    rules = AppealRules()
    file_in = at(given, "enforcement", "appeals", "file_working_days",
                 default=list(rules.file_working_days))  # fmt: skip
    decide_in = at(given, "enforcement", "appeals", "decide_working_days",
                   default=list(rules.decide_working_days))  # fmt: skip
    if file_in is not None and decide_in is not None and len(file_in) != len(decide_in):
        yield ("enforcement", "appeals"), "appeal_instances_differ", {}
    if file_in == []:
        yield ("enforcement", "appeals", "file_working_days"), "appeal_instances_none", {}
    for place, stated in entries(given, "enforcement", "appeals", "while_open"):
        measure = stated.get("measure")
        if stated.get("effect") != "paused" or measure is None:
            continue
        if measure == "payment_hold":
            # To pause a hold is to pay it out, and what is paid out cannot be had back.
            yield (*place, "effect"), "hold_never_paused", {}
        elif measure not in PAUSED:
            yield (*place, "effect"), "measure_never_paused", {"measure": measure}


def faults_of_categories(given: Given) -> Iterator[Found]:
    """Give what leaves a product without a policy, or a policy without an end."""
    path = ("enforcement", "categories")
    yield from twice(given, *path, code="category_twice")
    keys = names_of(given, *path)
    parents = {c.get("key"): c.get("inherits") for _, c in entries(given, *path)}
    for place, policy in entries(given, *path):
        parent = policy.get("inherits")
        if keys is not None and parent is not None and parent not in keys:
            yield (*place, "inherits"), "category_unknown", {"key": parent}
        if policy.get("key") is not None and _is_in_circle(policy["key"], parents):
            yield (*place, "inherits"), "category_circle", {"key": policy["key"]}
    for place, category in entries(given, "product", "categories"):
        key = category.get("key")
        if keys and key is not None and key not in keys:
            # Told where the policies are: that is where one is to be added.
            yield path, "category_without_policy", {"key": key}
        if category.get("standards", []) == []:
            yield (*place, "standards"), "standards_none", {}
        yield from _of_standards(place, category, "standards")
    for place, policy in entries(given, *path):
        yield from _of_standards(place, policy, "tests")


def faults_of_holds(given: Given) -> Iterator[Found]:
    """Give what lets a hold outlast its review."""
    yield from twice(given, "holds", "bases", code="hold_basis_twice")
    grace = at(given, "holds", "grace_days", default=HoldRules().grace_days)
    for place, basis in entries(given, "holds", "bases"):
        review, most = basis.get("review_days"), basis.get("max_days")
        if None in (grace, review, most):
            continue
        if review + grace > most:
            facts: dict[str, object] = {"days": review + grace, "most": most}
            yield (*place, "review_days"), "hold_review_too_late", facts


def _of_standards(place: Path, entry: Given, name: str) -> Iterator[Found]:
    for number, standard in texts(entry, name):
        # A report's standard is kept in this form; any other would never be met.
        if standard.strip() == standard != normalize(standard):
            wanted = normalize(standard)
            yield (
                (*place, name, number),
                "standard_form",
                {"standard": standard, "wanted": wanted},
            )


def _is_in_circle(key: object, parents: dict[object, object]) -> bool:
    seen: set[object] = set()
    here = parents.get(key)
    while here is not None and here not in seen:
        if here == key:
            return True
        seen.add(here)
        here = parents.get(here)
    return False
