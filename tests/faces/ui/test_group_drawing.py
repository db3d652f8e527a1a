"""The drawing of a linked group: same places at every run, no line through a name, words for all."""

from __future__ import annotations

from marketplace.base.draw import LIGHT
from marketplace.faces.ui.linking.graph import MOST_NODES, placed, plot
from marketplace.features.links.kinds import LinkReason, LinkSource
from marketplace.features.links.queries import Group, Member
from marketplace.features.links.queries.names import SubjectName
from marketplace.features.links.rules import Derived
from marketplace.features.registry.kinds import StoreStatus


def store(number: int, steps: int, status: StoreStatus = StoreStatus.OPEN) -> Member:
    name = SubjectName(f"store:{number}", "store", f"第{number}店（虚构）", status)
    return Member(name, 0, None, steps)


def group(*members: Member) -> Group:
    link = Derived(
        "store:1", "store:2", LinkReason.PAYEE, "k", "****4417", 90, LinkSource.IMPORT, "表"
    )
    return Group("store:1", members, 0, 0, (link,))


def test_the_store_one_started_from_stands_left_and_columns_are_spread():
    places = placed([store(1, 0), store(2, 1), store(3, 1)])
    # two in a column: 1 - 2 * 0.5/2 = 0.5 and 1 - 2 * 1.5/2 = -0.5, the second a little aside
    assert places == {"store:1": (0.0, 0.0), "store:2": (1.0, 0.5), "store:3": (1.22, -0.5)}


def test_hovering_a_line_tells_reason_evidence_and_strength():
    drawn = plot(group(store(1, 0), store(2, 1)), lambda r: r.value, LIGHT)
    told = [t.customdata[0][0] for t in drawn.data if t.customdata is not None]
    assert told[0] == "payee ****4417 90/100"


def test_a_closed_store_is_told_by_shape_and_not_by_color_alone():
    drawn = plot(group(store(1, 0), store(2, 1, StoreStatus.CLOSED)), lambda r: r.value, LIGHT)
    symbols = [t.marker.symbol for t in drawn.data if t.text and "店" in t.text[0]]
    assert symbols == ["circle", "square"]


def test_a_large_group_draws_the_nearest_and_no_more():
    members = [store(1, 0), *(store(n, 1) for n in range(2, 60))]
    drawn = plot(group(*members), lambda r: r.value, LIGHT)
    assert sum("店" in t.text[0] for t in drawn.data if t.text) == MOST_NODES
