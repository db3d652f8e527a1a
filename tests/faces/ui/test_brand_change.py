"""The owner asks for another brand name on his page; the reviewer sees it beside the old one."""

from __future__ import annotations

import sqlalchemy as sa

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.features.catalog.tables import BrandChange
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_keeping import kept, open_page, send
from tests.faces.ui.test_pages import demo, shown, visit  # noqa: F401 - fixtures


def test_a_name_asked_for_waits_and_comes_back_with_its_reason(demo, visit):  # noqa: F811
    at = open_page(visit, Role.OWNER, "my_brands")
    field = next(k for k in kept(at) if "_story_" in k and k.endswith("name_en"))
    old = kept(at)[field].value
    kept(at)[field].set_value("NIKE Air").run()
    send(at, "story_").click().run()
    assert [t.value for t in at.toast] == ["已提交审核，通过后公开页面才会更新"]
    assert kept(at)[field].value == old
    waiting = " ".join(shown(at))
    assert "英文名称 NIKE Air" in waiting
    assert "最晚" in waiting

    with read(demo.store) as session:
        asked = session.execute(sa.select(sa.func.max(BrandChange.id))).scalar_one()
    desk = at_page(visit, Role.REVIEWER, "decide", kind="brand_change", id=str(asked))
    text = " ".join(shown(desk))
    assert old in text
    assert "NIKE Air" in text
    desk.text_area[0].set_value("不是本企业的品牌").run()
    next(b for b in desk.button if b.label == "退回补正").click().run()
    assert not desk.exception

    told = " ".join(shown(open_page(visit, Role.OWNER, "my_brands")))
    assert "不是本企业的品牌" in told
