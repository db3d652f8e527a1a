"""The page of drawn listings as the demo fills it: the plan, a draw, one look by the form."""

from __future__ import annotations

import pytest

from marketplace.base.access import Role
from marketplace.base.words import say
from tests.conftest import open_demo
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, shown, visit, visits_to

__all__ = ["demo", "visit"]  # fixtures


def opened(visit, role=Role.OFFICER, lang: str = "zh", **query: str):
    at = visit(role, lang)
    for key, value in query.items():
        at.query_params[key] = value
    return open_view(at, "sampling")


def text(at) -> str:
    return "\n".join(shown(at))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plan_gives_each_category_its_rate_and_a_drawn_quarter_offers_no_second_draw(
    visit, lang
):
    at = opened(visit, lang=lang)
    told = text(at)
    assert say("sampling.drawn_this_quarter", lang) in told
    assert "10%" in told  # children's shoes, by the program file
    assert say("sampling.draw", lang, count=63) not in [b.label for b in at.button]


def test_a_draw_that_is_not_there_is_refused_in_words(visit):
    assert "没有这次抽样" in text(opened(visit, draw="99"))


def test_the_auditor_reads_and_records_nothing(visit):
    told = text(opened(visit, Role.AUDITOR, draw="2", look="126"))
    assert "由经办人查看并记录" in told


def test_an_officer_records_what_he_saw_and_it_stands_in_the_list(
    demo_template, tmp_path, monkeypatch
):
    with open_demo(demo_template, tmp_path / "own") as app:  # the others count its looks
        at = opened(visits_to(app, monkeypatch), draw="2", look="126")
        assert say("sampling.record", "zh") in [b.label for b in at.button if b.disabled]
        next(r for r in at.radio if r.label == "结果").set_value("nothing_found").run()
        note = next(a for a in at.text_area if a.label == "看到了什么")
        note.set_value("鞋侧图形与登记商标一致").run()
        next(b for b in at.button if b.label == "记录结果").click().run()
        assert not at.exception
        at = opened(visits_to(app, monkeypatch), draw="2", look="126")
        assert "鞋侧图形与登记商标一致" in text(at)


def test_a_look_is_put_right_and_both_entries_are_read(demo_template, tmp_path, monkeypatch):
    with open_demo(demo_template, tmp_path / "own") as app:
        at = opened(visits_to(app, monkeypatch), draw="2", look="90")  # seen by the demo
        send = next(b for b in at.button if b.label == "保存更正")
        next(r for r in at.radio if r.label == "结果").set_value("gone").run()
        next(a for a in at.text_area if a.label == "看到了什么").set_value("打开时已下架").run()
        next(a for a in at.text_area if a.label == "更正原因").set_value("看错了商品").run()
        send = next(b for b in at.button if b.label == "保存更正")
        send.click().run()
        assert not at.exception
        told = text(opened(visits_to(app, monkeypatch), draw="2", look="90"))
        assert "更正原因：看错了商品" in told
        assert "打开时已下架" in told


def test_the_seed_is_told_to_follow_from_its_signature(visit):
    told = text(opened(visit, Role.AUDITOR, draw="2"))
    assert "系统签名得出，与签名相符" in told
    assert "sampling-seed-1|putian-footwear|" in told
