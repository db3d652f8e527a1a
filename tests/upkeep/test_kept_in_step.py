"""After imports, their undo, overturned findings and upheld appeals, what is kept equals the facts.

Asked without the minute's repair: the transaction of the deed itself leaves the sums right.
"""

from __future__ import annotations

import pytest

from marketplace.base.clock import month_index, month_label, today
from marketplace.exchange.importing import ImportRequest, run_import, undo_import
from marketplace.exchange.kinds import ImportKind
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround
from marketplace.features.compliance import commands as compliance
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.queries import get_program_sums
from marketplace.features.compliance.summary import check, check_years
from marketplace.upkeep.rebuilding import find_differences
from tests.exchange.builders import uscc, xlsx
from tests.features.enforcement.dealing import offenses, overturn, papers
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people
from tests.features.scene import uscc as code_of

HEADING = [
    "平台", "店铺ID", "店铺名称", "统一社会信用代码", "月份", "抽查商品数", "侵权商品数",
    "其中主动发现", "其中投诉",
]  # fmt: skip


def drifts(world):
    return world.see(
        lambda s: (
            check(s, rulebook=world.rulebook)
            + check_years(s, rulebook=world.rulebook, clock=world.clock)
        )
    )


def kept(world):
    """Checked, listings and overturned of everybody, summed over the kept months."""
    last = month_index(today(world.clock))
    months = world.see(
        lambda s: get_program_sums(s, world.officer, world.rulebook, last=last)
    ).months
    return (
        sum(m.exposure for m in months),
        sum(m.listings for m in months),
        sum(m.overturned for m in months),
    )


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world, products=0)


def take(world, kind, content, filename):
    return run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(ImportKind(kind), content, filename),
        clock=world.clock,
        actor=world.officer,
    )


def undo(world, done):
    undo_import(
        world.app.store, batch_id=done.batch_id, clock=world.clock, actor=world.officer,
        reason="整批导错了文件",
    )  # fmt: skip


def check_month(firm, quantity: int = 100):
    world = firm.world
    firm.do(
        lambda s: compliance.record_exposure(
            s, clock=world.clock, actor=world.officer, store_id=firm.store_id,
            month=month_index(today(world.clock)), kind=ExposureKind.CHECKED,
            quantity=quantity, source="月报",
        )
    )  # fmt: skip


def test_months_that_came_by_an_import_and_left_by_its_undo(firm, world):
    store = ["示例平台", "T1", "第1店", code_of(1)]
    last = month_index(today(world.clock)) - 1
    content = xlsx(
        [
            HEADING,
            [*store, month_label(last - 1), 100, 3, 1, 2],
            [*store, month_label(last), 200, 0, 0, 0],
        ]
    )
    before = kept(world)
    done = take(world, "exposure", content, "平台_月报.xlsx")
    assert {line.outcome.value for line in done.lines} == {"inserted"}
    assert drifts(world) == []
    assert find_differences(world.app) == []
    assert kept(world) == (before[0] + 300, before[1] + 3, before[2])
    undo(world, done)
    assert drifts(world) == []
    assert find_differences(world.app) == []
    assert kept(world) == before


def test_firms_that_came_by_an_import_and_left_by_its_undo(world):
    content = xlsx(
        [
            ["企业名称", "统一社会信用代码", "地址", "联系电话"],
            ["（虚构）青禾鞋业", uscc(1), "莆田市荔城区甲路1号", "13100000001"],
        ]
    )
    done = take(world, "factories", content, "工信局_名单.xlsx")
    assert drifts(world) == []
    undo(world, done)
    assert drifts(world) == []
    assert find_differences(world.app) == []


def test_a_finding_overturned_leaves_the_kept_months_at_once(firm, world):
    check_month(firm)
    offenses(firm, 2)
    assert drifts(world) == []
    exposure, listings, _none = kept(world)
    overturn(firm, papers(firm)[0].finding_id)
    assert drifts(world) == []
    assert kept(world)[0] == exposure
    assert kept(world)[1] < listings
    assert kept(world)[2] == 1


def test_an_upheld_appeal_leaves_the_kept_months_right(firm, world):
    check_month(firm)
    offenses(firm, 1)
    paper = papers(firm)[0]
    appeal = firm.do(
        lambda s: appeals.file_appeal(
            s, world.rulebook, clock=firm.clock, actor=firm.owner,
            statement_id=paper.statement_id, ground=AppealGround.FACTS,
            text="所指的款是我们自有品牌，图形登记在先。", use_ids=(),
        )
    )  # fmt: skip
    firm.do(
        lambda s: appeals.decide_appeal(
            s, world.rulebook, clock=firm.clock, actor=world.deputy, appeal_id=appeal,
            uphold=True, reason="登记在先属实，图形并不近似，原认定撤销。",
        )
    )  # fmt: skip
    assert drifts(world) == []
    assert kept(world)[1:] == (0, 1)
    assert find_differences(world.app) == []
