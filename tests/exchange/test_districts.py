"""Who works in one district writes nothing about firms of another, and takes nothing of theirs back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.clock import month_index
from marketplace.base.errors import Invalid, NotFound, Refused
from marketplace.exchange.exporting import ExportFilter, export_table
from marketplace.exchange.importing import ImportRequest, run_import, undo_import
from marketplace.exchange.importing.reaching import rows_in_reach
from marketplace.exchange.kinds import ImportKind
from marketplace.features.compliance import commands as compliance
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import TraitKind
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import ImportStatus
from marketplace.features.registry.queries import list_drafts, list_import_rows
from marketplace.features.registry.tables import FieldValue, ImportBatch, Store, StoreHolding
from tests.exchange.builders import uscc, xlsx
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once

MAY = month_index(date(2026, 5, 1))
HEADING = [
    "平台", "店铺ID", "店铺名称", "统一社会信用代码", "月份", "在售商品数", "抽查商品数",
    "侵权商品数", "其中主动发现", "其中投诉",
]  # fmt: skip
WHY = "平台发错了文件"


@pytest.fixture
@built_once
def town(world: World) -> World:
    """Firm 1 in 350302 holds store 100, firm 2 in 350303 store 200; 300 only says it is firm 2's."""
    places = ("莆田市城厢区甲路1号", "莆田市涵江区乙路1号")
    firms = [
        {
            "name": f"（虚构）{n}号鞋厂", "uscc": uscc(n), "address": address,
            "district": ("350302", "350303")[n - 1],
        }
        for n, address in enumerate(places, start=1)
    ]  # fmt: skip
    world.do(
        lambda s: registry.record_factories(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            rows=dict(enumerate(firms)), source="工信局",
        )
    )  # fmt: skip
    hold(world, 1, "100", date(2026, 3, 1))
    hold(world, 2, "200", date(2026, 3, 1))
    hold(world, 2, "300", date(2026, 3, 1), confirmed=False)
    return world


def hold(world, factory_id, number, from_on, *, confirmed=True):
    holding = world.do(
        lambda s: registry.declare_store(
            s, clock=world.clock, actor=world.officer, factory_id=factory_id, platform="淘宝",
            store_no=number, name=f"店{number}", from_on=from_on, basis="平台",
        )
    )  # fmt: skip
    if confirmed:
        world.do(
            lambda s: registry.confirm_holding(
                s, clock=world.clock, actor=world.officer, holding_id=holding
            )
        )


def local(world):
    return replace(world.officer, limits=frozenset({(PROGRAM, "350302")}))


def sent(world, kind, *rows, actor=None, dry_run=False):
    world.clock.advance(hours=1)
    return run_import(
        world.app.store, world.rulebook,
        ImportRequest(ImportKind(kind), xlsx(list(rows)), "平台.xlsx"),
        clock=world.clock, actor=actor or world.officer, dry_run=dry_run,
    )  # fmt: skip


def months(*numbers):
    rows = [["淘宝", n, f"店{n}", None, "2026-05", 900, 80, 3, 2, 1] for n in numbers]
    return [HEADING, *rows]


def told(result):
    return {line.row: (line.outcome.value, line.code) for line in result.lines}


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def test_an_import_of_months_takes_the_districts_own_rows_only(town):
    kept = {
        2: ("inserted", ""),
        3: ("rejected", "not_found_here"),
        4: ("rejected", "not_found_here"),
    }
    for dry_run in (True, False):
        result = sent(
            town, "exposure", *months("100", "200", "300"), actor=local(town), dry_run=dry_run
        )
        assert told(result) == kept
    assert {e.store_id for e in rows_of(town, Exposure)} == {1}
    assert {(f.store_id, f.operator_id) for f in rows_of(town, Finding)} == {(1, 1)}


def test_a_list_of_stores_renames_none_of_another_district(town):
    rows = (
        ["平台", "店铺ID", "店铺名称", "企业名称"],
        ["淘宝", "100", "新名一百", "（虚构）1号鞋厂"],
        ["淘宝", "200", "新名二百", "（虚构）1号鞋厂"],
    )
    result = sent(town, "stores", *rows, actor=local(town))
    assert told(result) == {2: ("updated", ""), 3: ("rejected", "not_found_here")}
    assert [s.name for s in rows_of(town, Store)] == ["新名一百", "店200", "店300"]


def test_what_is_written_for_many_stores_or_taken_back_by_number_stays_in_the_district(town):
    sent(town, "exposure", *months("100", "200"))
    away = {"clock": town.clock, "actor": local(town)}
    exposure = next(e.id for e in rows_of(town, Exposure) if e.store_id == 2)
    finding = next(f.id for f in rows_of(town, Finding) if f.store_id == 2)
    many = {**away, "program": PROGRAM, "source": "平台"}
    count = enforcement.MonthCount
    proactive = Origin.PROACTIVE_MODEL
    tried = (
        lambda s: compliance.record_exposures(
            s, **many, rows=[compliance.Quantity(2, MAY + 1, ExposureKind.CHECKED, 5)]
        ),
        lambda s: enforcement.record_monthly_counts(
            s, **many, rows=[count(2, MAY + 1, proactive, 9)]
        ),
        lambda s: enforcement.correct_monthly_counts(
            s, **many, rows=[count(2, MAY, proactive, 0)]
        ),
        lambda s: compliance.take_back_exposure(s, **away, exposure_id=exposure, reason=WHY),
        lambda s: enforcement.take_back_monthly_findings(
            s, **away, finding_id=finding, before=None, after={}, reason=WHY
        ),
    )
    for work in tried:
        with pytest.raises(NotFound, match="not_found_here"):
            town.do(work)
    traits = [
        links.TraitGiven("淘宝", n, TraitKind.PHONE, "13800138000") for n in ("100", "200")
    ]
    with pytest.raises(Invalid) as refused:
        town.do(lambda s: links.record_traits(s, **many, given=traits))
    assert [f.place for f in refused.value.faults] == ["row 3"]


def test_a_month_is_of_the_firm_that_held_the_store_then(town):
    """Sold on in June: firm 1's officer still corrects its May, and nothing from June on."""
    town.do(
        lambda s: registry.end_holding(
            s, clock=town.clock, actor=town.officer, holding_id=1, until_on=date(2026, 6, 1),
            reason="转让店铺",
        )
    )  # fmt: skip
    hold(town, 2, "100", date(2026, 6, 1))

    def record(month):
        return town.do(
            lambda s: compliance.record_exposure(
                s, clock=town.clock, actor=local(town), store_id=1, month=month,
                kind=ExposureKind.CHECKED, quantity=5, source="平台",
            )
        )  # fmt: skip

    assert record(MAY) == "inserted"
    with pytest.raises(NotFound, match="not_found_here"):
        record(MAY + 1)


def undone(world, batch_id, actor, *, dry_run=False):
    return undo_import(
        world.app.store, batch_id=batch_id, clock=world.clock, actor=actor, reason=WHY,
        dry_run=dry_run,
    )  # fmt: skip


def batch_of(world, number):
    return world.see(lambda s: s.get(ImportBatch, number))


def test_an_undo_begins_only_where_every_row_is_within_reach(town):
    both = sent(town, "exposure", *months("100", "200")).batch_id
    for dry_run in (True, False):
        with pytest.raises(Refused, match="undo_out_of_reach") as refused:
            undone(town, both, local(town), dry_run=dry_run)
        assert refused.value.facts == {"number": both, "count": 1}
    assert batch_of(town, both).status is ImportStatus.FINISHED
    assert all(e.current for e in rows_of(town, Exposure))
    assert undone(town, both, town.officer).counts["taken_back"] == 2
    own = sent(town, "exposure", *months("100")).batch_id
    assert undone(town, own, local(town)).counts["taken_back"] == 1
    assert batch_of(town, own).status is ImportStatus.UNDONE


def test_rows_that_an_undo_left_are_taken_back_by_whom_they_are_in_reach_of(town):
    both = sent(town, "exposure", *months("100", "200")).batch_id
    given = {"clock": town.clock, "actor": local(town), "batch_id": both}
    token = town.do(lambda s: registry.begin_undo(s, **given, reason=WHY, total=2))
    town.do(lambda s: registry.keep_undone_rows(s, **given, token=token, told={2: {}}))
    town.do(lambda s: registry.finish_undo(s, **given, token=token, counts={}))
    assert batch_of(town, both).status is ImportStatus.UNDOING
    assert [line.row for line in undone(town, both, town.officer).lines] == [3]
    assert batch_of(town, both).status is ImportStatus.UNDONE
    assert {f.status for f in rows_of(town, Finding) if f.store_id == 2} == {
        FindingStatus.DISMISSED
    }


def test_to_say_that_one_has_a_store_shows_nobody_its_months_of_another_district(town):
    """Firm 1 holds store 100; firm 2, of another district, only says it does."""
    sent(town, "exposure", *months("100", "200"))
    said = town.do(
        lambda s: registry.declare_store(
            s, clock=town.clock, actor=town.officer, factory_id=2, platform="淘宝",
            store_no="100", name="店100", from_on=date(2026, 1, 1), basis="自称",
        )
    )  # fmt: skip
    other = replace(town.officer, limits=frozenset({(PROGRAM, "350303")}))

    def stores(actor, *districts):
        table = town.see(
            lambda s: export_table(
                s, actor, town.rulebook, kind=ImportKind.EXPOSURE,
                wanted=ExportFilter(districts=districts),
            )
        )  # fmt: skip
        return [row[0] for row in table.rows]

    def each_sees_his_own():
        assert stores(town.officer) == ["100", "200"]
        assert stores(other) == stores(town.officer, "350303") == ["200"]
        assert stores(local(town)) == stores(town.officer, "350302") == ["100"]

    each_sees_his_own()
    town.do(
        lambda s: registry.reject_holding(
            s, clock=town.clock, actor=town.officer, holding_id=said, reason="不是他的"
        )
    )
    each_sees_his_own()


def firms_list(*rows):
    return [["企业名称", "统一社会信用代码", "区县", "法定代表人"], *rows]


@pytest.mark.parametrize("district", [None, "城厢区"])
def test_a_list_of_firms_touches_none_of_another_district(town, district):
    """Whichever district the row says or does not say."""
    rows = firms_list(
        ["（虚构）1号鞋厂", uscc(1), "城厢区", "张三"],
        ["（虚构）2号鞋厂", uscc(2), district, "李四"],
    )
    refused = {2: ("updated", ""), 3: ("rejected", "not_found_here")}
    for dry_run in (True, False):
        assert (
            told(sent(town, "factories", *rows, actor=local(town), dry_run=dry_run)) == refused
        )
    taken = [v for v in rows_of(town, FieldValue) if v.source != "工信局"]
    assert {v.entity_id for v in taken} == {1}


def test_a_firm_of_no_known_district_is_everybody_s_until_somebody_says_where_it_lies(town):
    sent(town, "factories", *firms_list(["（虚构）三号鞋厂", None, None, None]))

    def drafts(who):
        rows = town.see(lambda s: list_drafts(s, who, program=PROGRAM))
        return [row.name for row in rows]

    there = replace(town.officer, limits=frozenset({(PROGRAM, "350303")}))
    assert drafts(local(town)) == drafts(there) == ["（虚构）三号鞋厂"]
    town.do(
        lambda s: registry.edit_factory(
            s, town.rulebook, clock=town.clock, actor=local(town), factory_id=3,
            values={"district": "350302"}, reason="上门核实地址",
        )
    )  # fmt: skip
    assert (drafts(local(town)), drafts(there)) == (["（虚构）三号鞋厂"], [])


def test_months_of_a_store_nobody_holds_are_taken_from_any_district_until_somebody_holds_it(
    town,
):
    town.do(
        lambda s: registry.reject_holding(
            s, clock=town.clock, actor=town.officer, holding_id=3, reason="并非其店铺"
        )
    )
    assert told(sent(town, "exposure", *months("300"), actor=local(town))) == {
        2: ("inserted", "")
    }
    hold(town, 2, "300", date(2026, 3, 1))
    later = [HEADING, ["淘宝", "300", "店300", None, "2026-06", 900, 80, 3, 2, 1]]
    refused = {2: ("rejected", "not_found_here")}
    assert told(sent(town, "exposure", *later, actor=local(town))) == refused


def reported(world, result, who):
    found = world.see(
        lambda s: list_import_rows(
            s, who, clock=world.clock, batch_id=result.batch_id, in_reach=rows_in_reach
        )
    )
    return [row.row for row in found.rows], found.elsewhere


def test_of_another_s_import_only_rows_within_reach_are_reported(town):
    """Row 4 is of a store that firm 2 only says it holds, row 5 names none that is known."""
    away = replace(town.officer, account_id=99, limits=frozenset({(PROGRAM, "350302")}))
    sold = sent(town, "exposure", *months("100", "200", "300", "404"))
    assert reported(town, sold, away) == ([2], 3)
    assert reported(town, sold, replace(away, limits=frozenset({(PROGRAM, "350303")}))) == (
        [3, 4],
        2,
    )
    for who in (town.officer, replace(away, limits=frozenset()), local(town)):
        assert reported(town, sold, who) == (
            [2, 3, 4, 5],
            0,
        )  # the sender's own, and the unlimited
    firms = sent(
        town, "factories",
        *firms_list(
            ["（虚构）1号鞋厂", uscc(1), "城厢区", "张三"],
            ["（虚构）2号鞋厂", uscc(2), "涵江区", "李四"],
            ["（虚构）五号鞋厂", None, None, None],
        ),
    )  # fmt: skip
    assert reported(town, firms, away) == ([2, 4], 1)  # where firm 5 lies nobody said yet
    stores = sent(
        town, "stores", ["平台", "店铺ID", "店铺名称", "企业名称"],
        ["淘宝", "100", "新名一百", "（虚构）1号鞋厂"], ["淘宝", "200", "新名二百", "（虚构）2号鞋厂"],
    )  # fmt: skip
    assert reported(town, stores, away) == ([2], 1)


def test_a_district_takes_no_store_from_a_firm_of_another(town):
    """Firm 1 of 350302 says since June it has store 200, which firm 2 of 350303 holds since March."""
    said = town.do(
        lambda s: registry.declare_store(
            s, clock=town.clock, actor=town.officer, factory_id=1, platform="淘宝",
            store_no="200", name="店200", from_on=date(2026, 6, 1), basis="自称",
        )
    )  # fmt: skip

    def confirm(actor):
        town.do(
            lambda s: registry.confirm_holding(
                s, clock=town.clock, actor=actor, holding_id=said
            )
        )

    with pytest.raises(Refused, match="holding_of_other_district"):
        confirm(local(town))
    ends = {h.factory_id: h.until_on for h in rows_of(town, StoreHolding) if h.store_id == 2}
    assert ends == {2: None, 1: None}
    confirm(town.officer)
    ends = {h.factory_id: h.until_on for h in rows_of(town, StoreHolding) if h.store_id == 2}
    assert ends == {2: date(2026, 6, 1), 1: None}
