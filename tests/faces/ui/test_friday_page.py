"""The Friday page: what was just issued is what is shown."""

from __future__ import annotations

from marketplace.base.access import Role
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, shown, visit  # noqa: F401 - fixtures


def test_after_issuing_the_issue_is_shown_and_not_the_draft(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "friday")
    assert any("尚未出具" in text for text in shown(at))
    next(b for b in at.button if b.label == "出具本期").click().run()
    assert not at.exception
    assert at.query_params["issue"] in ("1", ["1"])
    text = " ".join(shown(at))
    assert "第 1 期" in text
    assert "尚未出具" not in text


def test_the_draft_of_a_day_with_an_issue_is_not_compared_with_itself(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "friday")
    for button in [b for b in at.button if b.label == "出具本期"]:
        button.click().run()
    at = at_page(visit, Role.OFFICER, "friday")
    text = " ".join(shown(at))
    assert "今天已出具第 1 期" in text
    assert "持平" not in text
    assert text.count("没有上一期可比") == 5
