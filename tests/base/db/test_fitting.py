"""What a column does not hold is refused in words on both engines, and nothing of it is kept."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Invalid
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry import commands as registry
from tests.features.conftest import World, world  # noqa: F401 - a fixture
from tests.features.scene import make_firm, make_people


def test_a_reason_or_number_beyond_its_column_is_told_and_not_a_broken_page(
    world: World,  # noqa: F811
) -> None:
    make_people(world)
    firm = make_firm(world, products=0)

    def pause(reason: str) -> None:
        world.do(
            lambda s: progress.change_enrollment(
                s, clock=world.clock, actor=world.officer, enrollment_id=firm.enrollment_id,
                status=EnrollmentStatus.REMOVED, reason=reason,
            )
        )  # fmt: skip

    with pytest.raises(Invalid) as refused:
        pause("因" * 301)
    [fault] = refused.value.faults
    assert (fault.place, fault.code, fault.facts) == (
        "exit_reason", "text_too_long", {"longest": 300},
    )  # fmt: skip
    kept = world.see(lambda s: s.get(Enrollment, firm.enrollment_id))
    assert kept.status is EnrollmentStatus.ENROLLED
    pause("因" * 300)
    for years in ({"pairs_per_year": 10**20}, {"until_year": 10**12}):
        with pytest.raises(Invalid) as refused:
            world.do(
                lambda s, years=years: registry.record_contract_work(
                    s, clock=world.clock, actor=firm.owner, factory_id=firm.factory_id,
                    from_year=2001, kind="代工", **years,
                )
            )  # fmt: skip
        assert [f.code for f in refused.value.faults] == ["number_too_large"]
