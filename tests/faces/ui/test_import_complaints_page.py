"""The import page for complaints: the way from the cases page, and the origin of the file."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.base.words import label
from marketplace.exchange.kinds import ImportKind
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.registry.tables import Store
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures

HEAD = "投诉编号,店铺编号,平台,商品ID,来源,内容\n"


def opened(visit, kind: str):
    at = visit(Role.OFFICER)
    at.query_params["kind"] = kind
    return open_view(at, "import_file")


def uploaded(at, content: str):
    at.file_uploader[0].set_value(("12315.csv", content.encode(), "text/csv")).run()
    assert not at.exception, at.exception
    return at


def test_only_complaints_ask_where_they_come_from(visit, demo):
    with read(demo.store) as session:
        number, platform = session.execute(
            sa.select(col(Store.store_no), col(Store.platform)).order_by(col(Store.id)).limit(1)
        ).one()
    row = HEAD + f"A-1,{number},{platform},60001,,收到的鞋与页面图片不一致\n"
    assert "import_origin" not in {
        s.key for s in uploaded(opened(visit, "factories"), row).selectbox
    }
    at = uploaded(opened(visit, "complaints"), row)
    origin = at.selectbox(key="import_origin")
    assert origin.options[1:] == [label(o, "zh") for o in Origin]
    told = "\n".join(shown(at))
    assert "来源" in told
    go = [b for b in at.button if b.label.startswith("确认导入")]
    assert [b.disabled for b in go] == [True]  # no row says who complained
    origin.set_value(Origin.CONSUMER).run()
    assert not at.exception, at.exception
    go = [b for b in at.button if b.label.startswith("确认导入")]
    assert [b.disabled for b in go] == [False]


def test_a_table_without_known_headings_is_refused_with_what_to_do_next(visit):
    at = uploaded(opened(visit, "factories"), "甲,乙\n1,2\n")
    told = "\n".join(shown(at))
    assert "没有找到可识别的表头" in told
    assert "请先看上面选的种类对不对" in told


def test_a_ledger_of_penalties_taken_for_a_list_of_firms_is_told_and_the_file_stays(visit):
    ledger = "单位名称,统一社会信用代码,处罚决定书文号,处罚日期,违法行为,罚款（万元）\n"
    row = "（虚构）某鞋业有限公司,,莆市监处〔2024〕9号,2024-03-05,虚构行为,2\n"
    at = uploaded(opened(visit, "factories"), ledger + row)
    told = label(ImportKind.EARLIER_RECORDS, "zh")
    assert f"更像“{told}”" in "\n".join(shown(at))
    kind = next(c for c in at.segmented_control if told in c.options)
    kind.set_value(ImportKind.EARLIER_RECORDS).run()
    assert not at.exception, at.exception
    assert at.file_uploader[0].value.name == "12315.csv"
    assert "更像" not in "\n".join(shown(at))
