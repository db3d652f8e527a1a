"""A month's count that was overturned stays so when its file is read again."""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base.clock import month_index, today
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from tests.features.conftest import World
from tests.features.enforcement.dealing import overturn
from tests.features.scene import Scene, make_firm, make_people


def one_by_one(firm: Scene, listings: int) -> None:
    firm.do(
        lambda s: enforcement.record_monthly_findings(
            s, clock=firm.clock, actor=firm.world.officer, store_id=firm.store_id,
            month=month_index(today(firm.clock)) - 1, origin=Origin.PROACTIVE_MODEL,
            listings=listings, source="平台月报",
        )
    )  # fmt: skip


def many_at_once(firm: Scene, listings: int) -> None:
    month = month_index(today(firm.clock)) - 1
    row = enforcement.MonthCount(firm.store_id, month, Origin.PROACTIVE_MODEL, listings)
    firm.do(
        lambda s: enforcement.correct_monthly_counts(
            s, clock=firm.clock, actor=firm.world.officer,
            program=firm.world.rulebook.program.key, rows=[row], source="平台月报",
        )
    )  # fmt: skip


@pytest.mark.parametrize("read_again", [one_by_one, many_at_once])
def test_an_overturned_count_is_not_brought_back_by_its_own_file(
    world: World, read_again
) -> None:
    """Only another number is a correction."""
    make_people(world)
    firm = make_firm(world, products=0)
    one_by_one(firm, 5)

    def kept() -> tuple[int, FindingStatus]:
        row = firm.world.see(lambda s: s.execute(select(Finding)).scalar_one())
        return row.listings, row.status

    overturn(firm, firm.world.see(lambda s: s.execute(select(Finding)).scalar_one().key))
    read_again(firm, 5)
    assert kept() == (5, FindingStatus.OVERTURNED)
    read_again(firm, 4)
    assert kept() == (4, FindingStatus.UPHELD)
