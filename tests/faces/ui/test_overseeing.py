"""Every tab of staff conduct and a replay, as the demo fills them; a verdict by the form."""

from __future__ import annotations

import pytest

from marketplace.base.access import Role
from marketplace.base.words import say
from tests.conftest import open_demo
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, shown, visit, visits_to

__all__ = ["demo", "visit"]  # fixtures


def opened(visit, name: str, lang: str = "zh", **query: str):
    at = visit(Role.AUDITOR, lang)
    for key, value in query.items():
        at.query_params[key] = value
    return open_view(at, name)


def text(at) -> str:
    return "\n".join(shown(at))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tab", ["patterns", "draws", "rotation", "shield"])
def test_every_tab_says_something_and_how_it_is_counted(visit, tab, lang):
    at = opened(visit, "oversight", lang, view=tab)
    assert say("page.oversight.title", lang) in text(at)
    assert [e.label for e in at.expander].count(say("oversight.how", lang)) >= 1


def test_patterns_are_called_questions_and_hold_what_the_demo_made(visit):
    told = text(opened(visit, "oversight", view="patterns"))
    assert "不是结论" in told
    assert "宁潮步" in told  # the firm on which one person decided
    assert "没有任务、办理记录或在办事项" in told


def test_the_half_judged_draw_says_what_is_open(visit):
    at = opened(visit, "oversight", view="draws", draw="1")
    told = text(at)
    assert "4 件能判断的里 1 件有误：25%" in told
    assert "还有 5 件没有复核" in told
    assert "区间 0.6–80.6%" in told  # Clopper-Pearson of 1 in 4


def test_a_draw_or_decision_that_is_not_there_is_refused_in_words(visit):
    assert "没有这次抽取" in text(opened(visit, "oversight", view="draws", draw="999"))
    assert "没有这件抽中的决定" in text(opened(visit, "replay", id="9999"))


def test_a_verdict_is_recorded_from_the_replay(demo_template, tmp_path, monkeypatch):
    with open_demo(demo_template, tmp_path / "own") as app:  # the others count its verdicts
        record_and_read(visits_to(app, monkeypatch))


def record_and_read(visit) -> None:
    at = opened(visit, "replay", id="6")
    form = next(r for r in at.radio if r.label == "这个决定")
    form.set_value("correct").run()
    next(a for a in at.text_area if a.label == "理由").set_value("照片与登记一致").run()
    next(b for b in at.button if b.label == "记录结论").click().run()
    assert not at.exception
    told = text(at)
    assert "照片与登记一致" in told
    assert "更正结论" in [t.label for t in at.toggle]
