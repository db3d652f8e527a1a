"""Who must not decide an appeal, for each kind of measure and at each instance."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Refused
from marketplace.features.appeals.queries import may_decide
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import MeasureKind, StatementBasis
from marketplace.features.registry.kinds import StoreStatus
from tests.features.appeals.parting import (
    BRAND,
    House,
    after_closure_by_points,
    after_course,
    after_finding,
    after_suspended_before,
    after_suspension,
    closed_by_complaints,
    file,
    held,
    plan_missing,
    reject,
    suspended_pending,
)
from tests.features.enforcement.dealing import status

OF_FINDING = {"opener", "recorder", "hearer", "decider"}
KINDS = {
    "finding": (after_finding, OF_FINDING),
    "course": (after_course, OF_FINDING),
    "suspension": (after_suspension, OF_FINDING),
    "closure by points": (after_closure_by_points, OF_FINDING),
    "suspension pending decision": (suspended_pending, {"opener", "recorder", "suspender"}),
    "finding suspended first": (after_suspended_before, OF_FINDING | {"suspender"}),
    "plan missing": (plan_missing, OF_FINDING | {"returner"}),
    "hold": (held, OF_FINDING | {"placer", "agreer", "extender"}),
    "closure by complaints": (
        closed_by_complaints,
        {f"{part}{n}" for part in ("taker", "upholder") for n in (1, 2, 3)},
    ),
}


def barred(house: House, appeal_id: int) -> set[str]:
    """Return who of the house may not decide, and see that a try is refused for just them."""
    world = house.firm.world
    found = set()
    for name, who in house.people.items():
        may = world.see(
            lambda s, who=who: may_decide(s, who, world.rulebook, appeal_id=appeal_id)
        )
        if not may:
            found.add(name)
            with pytest.raises(Refused, match="had_a_part_before"):
                reject(house, appeal_id, name)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_with_a_part_in_a_measure_is_barred_at_both_instances(house, kind):
    build, parts = KINDS[kind]
    statement = build(house)
    first = file(house, statement)
    assert barred(house, first) == parts | {"tied"}
    reject(house, first, "earlier")
    second = file(house, statement)
    assert barred(house, second) == parts | {"tied", "earlier"}
    reject(house, second, "free")


def test_a_complaint_that_did_not_count_bars_nobody(house):
    """Two an hour apart are one: who counted the second had no part in what the closure rests on."""
    firm = house.firm
    counting = [
        ("upholder1", 0), ("taker1", 1), ("upholder2", 73), ("taker2", 73), ("upholder3", 73),
    ]  # fmt: skip
    for n, (name, hours) in enumerate(counting):
        firm.clock.advance(hours=hours)
        brand = "别的标" if name == "taker2" else BRAND
        house.do(
            enforcement.count_complaint, name, store_id=firm.store_id, brand=brand,
            complaint_ref=f"c{n}",
        )  # fmt: skip
    assert status(firm) is StoreStatus.CLOSED
    appeal = file(house, house.statement(StatementBasis.COMPLAINTS, MeasureKind.CLOSURE))
    assert barred(house, appeal) == {"upholder1", "upholder2", "upholder3", "tied"}
