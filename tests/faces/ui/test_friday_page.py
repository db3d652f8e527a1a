"""The Friday page: what was just issued is what is shown."""

from __future__ import annotations

from marketplace.base.access import Role
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, shown, visit  # noqa: F401 - fixtures


def press(at, label: str) -> None:
    next(b for b in at.button if b.label == label).click().run()
    assert not at.exception


def test_after_issuing_the_issue_is_shown_and_a_draft_is_not_compared_with_it(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "friday")
    assert any("尚未出具" in text for text in shown(at))
    press(at, "出具本期")
    assert "出具后编号并冻结" in " ".join(shown(at))
    assert "issue" not in at.query_params  # it was only asked
    press(at, "确认出具")
    assert at.query_params["issue"] in ("1", ["1"])
    text = " ".join(shown(at))
    assert "第 1 期" in text
    assert "尚未出具" not in text

    at = at_page(visit, Role.OFFICER, "friday")
    text = " ".join(shown(at))
    assert "今天已出具第 1 期" in text
    assert "持平" not in text
    assert text.count("没有上一期可比") == 5
    assert not [b for b in at.button if b.label == "出具本期"]
