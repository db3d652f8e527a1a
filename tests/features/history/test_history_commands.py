"""The past is kept apart: recorded with its source, disclosed freely, looked at by name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.audit.tables import AuditEntry
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.history import commands as history
from marketplace.features.history import queries
from marketplace.features.history.kinds import EarlierKind, QuantityBand, Reliability
from marketplace.features.registry.commands import declare_store
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people

NOTICE = "a" * 64


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def record(firm: Scene, *, actor=None, **more):
    given = {
        "kind": EarlierKind.PENALTY_DECISION,
        "source": "市监局",
        "reliability": Reliability.OFFICIAL,
        "unit": "pairs",
        "quantity": 900,
        "period_from": date(2014, 1, 1),
        "period_until": date(2014, 7, 1),
        "reference_no": "2014-1",
    }
    return firm.do(
        lambda s: history.record_earlier_record(
            s,
            clock=firm.clock,
            actor=actor or firm.world.officer,
            **{"factory_id": firm.factory_id, **given, **more},
        )
    )


def entries(firm: Scene) -> int:
    return len(firm.world.see(lambda s: list(s.execute(select(AuditEntry.seq)).scalars())))


def test_a_record_is_kept_once_and_a_save_that_changes_nothing_writes_nothing(
    firm: Scene,
) -> None:
    number, outcome = record(firm)
    before = entries(firm)
    assert outcome == "inserted"
    assert record(firm) == (number, "unchanged")
    assert entries(firm) == before
    assert record(firm, quantity=950) == (number, "updated")
    (row,) = firm.world.see(
        lambda s: queries.list_earlier_records(s, firm.owner, factory_id=firm.factory_id)
    )
    assert (row.quantity, row.unit, row.source) == (950, "pairs", "市监局")


def test_another_source_that_types_the_number_otherwise_tells_of_the_same_record(
    firm: Scene,
) -> None:
    number, _ = record(firm, reference_no="莆市监罚〔2014〕1号", value_fen=500)
    told = {"reference_no": "莆市监罚（２０１４） 1号", "source": "法院"}
    # What the second source leaves open stays as the first said it.
    assert record(firm, **told, quantity=None, period_from=None, period_until=None) == (
        number,
        "unchanged",
    )
    assert record(firm, **told, quantity=950) == (number, "updated")
    (row,) = firm.world.see(
        lambda s: queries.list_earlier_records(s, firm.owner, factory_id=firm.factory_id)
    )
    assert (row.reference_no, row.quantity, row.value_fen, row.source) == (
        "莆市监罚〔2014〕1号",
        950,
        500,
        "市监局",
    )
    assert record(firm, reference_no="莆市监罚〔2014〕1-1号")[1] == "inserted"


def test_a_record_never_enters_the_points(firm: Scene) -> None:
    record(firm)
    assert firm.world.see(lambda s: s.execute(select(PointsEntry.id)).first()) is None


def test_impossible_values_are_named_all_at_once(firm: Scene) -> None:
    with pytest.raises(Invalid) as caught:
        record(firm, quantity=-1, period_from=date(2030, 1, 1), period_until=None, source=" ")
    assert [f.place for f in caught.value.faults] == ["quantity", "period_from", "source"]
    with pytest.raises(Invalid) as caught:
        record(firm, period_until=date(2013, 1, 1))
    assert [f.place for f in caught.value.faults] == ["period_until"]


def test_a_wrong_record_is_taken_back_with_a_reason_and_once(firm: Scene) -> None:
    number, _ = record(firm)

    def withdraw(reason: str):
        return firm.do(
            lambda s: history.withdraw_earlier_record(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                record_id=number,
                reason=reason,
            )
        )

    with pytest.raises(Refused, match="reason_missing"):
        withdraw(" ")
    withdraw("同名企业，记录有误")
    with pytest.raises(Refused, match="decided_already"):
        withdraw("再来一次")
    listed = firm.world.see(
        lambda s: queries.list_earlier_records(
            s, firm.world.officer, factory_id=firm.factory_id
        )
    )
    assert listed == []


@pytest.mark.parametrize("who", ["marketer", "owner", "other owner"])
def test_only_the_office_records_and_a_marketer_reads_nothing(firm: Scene, who: str) -> None:
    other = make_firm(firm.world, number=2, products=0).owner
    actor = {"marketer": firm.world.marketer, "owner": firm.owner, "other owner": other}[who]
    with pytest.raises((NotAllowed, NotFound)):
        record(firm, actor=actor)
    if who != "owner":
        with pytest.raises((NotAllowed, NotFound)):
            firm.world.see(
                lambda s: queries.list_earlier_records(s, actor, factory_id=firm.factory_id)
            )


def disclose(firm: Scene, band=QuantityBand.SOME, *, actor=None, notice=NOTICE):
    return firm.do(
        lambda s: history.disclose(
            s,
            clock=firm.clock,
            actor=actor or firm.owner,
            operator_id=firm.operator_id,
            quantity_band=band,
            year_band=firm.world.rulebook.disclosure.year_bands[0],
            notice_sha256=notice,
        )
    )


def own(firm: Scene):
    return firm.world.see(
        lambda s: queries.get_own_disclosure(s, firm.owner, operator_id=firm.operator_id)
    )


def test_nobody_discloses_before_the_notice_was_shown(firm: Scene) -> None:
    with pytest.raises(Refused, match="notice_not_read"):
        disclose(firm, notice="")
    assert own(firm) is None


@pytest.mark.parametrize("band", list(QuantityBand))
def test_every_band_can_be_said_and_preferring_not_to_say_too(
    firm: Scene, band: QuantityBand
) -> None:
    disclose(firm, band)
    assert own(firm).quantity_band is band


def test_a_disclosure_is_corrected_not_doubled_and_the_same_again_writes_nothing(
    firm: Scene,
) -> None:
    first = disclose(firm)
    before = entries(firm)
    assert disclose(firm) == first
    assert entries(firm) == before
    second = disclose(firm, QuantityBand.MOST)
    assert second != first
    state = firm.world.see(
        lambda s: queries.find_disclosure(s, firm.world.officer, operator_id=firm.operator_id)
    )
    assert (state.disclosure_id, state.corrected) == (second, True)


def test_each_look_needs_a_reason_is_logged_and_shown_to_the_owner(firm: Scene) -> None:
    disclose(firm)

    def look(reason: str):
        return firm.do(
            lambda s: history.view_disclosure(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                operator_id=firm.operator_id,
                reason=reason,
            )
        )

    with pytest.raises(Refused, match="reason_missing"):
        look("")
    assert look("入库前谈话").quantity_band is QuantityBand.SOME
    (view,) = firm.world.see(
        lambda s: queries.list_disclosure_views(s, firm.owner, operator_id=firm.operator_id)
    )
    assert (view.viewed_by, view.reason) == (firm.world.officer.account_id, "入库前谈话")


def test_a_disclosure_is_taken_back_and_nothing_is_left_to_see(firm: Scene) -> None:
    disclose(firm)
    firm.do(
        lambda s: history.withdraw_disclosure(
            s, clock=firm.clock, actor=firm.owner, operator_id=firm.operator_id
        )
    )
    assert own(firm) is None
    with pytest.raises(NotFound, match="disclosure_not_found"):
        firm.do(
            lambda s: history.view_disclosure(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                operator_id=firm.operator_id,
                reason="入库前谈话",
            )
        )


def test_nobody_discloses_for_another_and_the_trail_holds_no_band(firm: Scene) -> None:
    other = make_firm(firm.world, number=2, products=0).owner
    for actor in (firm.world.officer, firm.world.marketer, other):
        with pytest.raises((NotAllowed, NotFound)):
            disclose(firm, actor=actor)
    disclose(firm, QuantityBand.MOST)
    rows = firm.world.see(lambda s: list(s.execute(select(AuditEntry)).scalars()))
    mine = [str(row.payload) for row in rows if row.action == "history.disclose"]
    assert len(mine) == 1
    assert "most" not in mine[0]


def test_who_only_declares_a_store_reads_nothing_of_its_past(firm: Scene, world: World) -> None:
    """Leave a rival's record unread by a firm that merely says the store is its own."""
    other = make_firm(world, number=2, products=0)
    record(firm, factory_id=None, store_id=firm.store_id)
    other.do(
        lambda s: declare_store(
            s, clock=other.clock, actor=other.owner, factory_id=other.factory_id,
            platform="示例平台", store_no="T1", name="第1店", from_on=date(2026, 1, 1), basis="自营",
        )
    )  # fmt: skip

    def read(of: Scene) -> list[int | None]:
        rows = of.world.see(
            lambda s: queries.list_earlier_records(s, of.owner, factory_id=of.factory_id)
        )
        return [row.store_id for row in rows]

    assert (read(firm), read(other)) == ([firm.store_id], [])
