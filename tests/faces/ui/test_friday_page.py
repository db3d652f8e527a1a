"""The Friday page: what was just issued is what is shown."""

from __future__ import annotations

import re

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
    at.query_params["rows"] = "overdue"  # what waited that day is in nobody's list any more
    at.run()
    assert not at.exception
    assert "过后无法重新清点" in " ".join(shown(at))

    at = at_page(visit, Role.OFFICER, "friday")
    text = " ".join(shown(at))
    assert "今天已出具第 1 期" in text
    assert "持平" not in text
    assert text.count("没有上一期可比") == 5
    assert not [b for b in at.button if b.label == "出具本期"]


def test_a_number_leads_to_its_rows_and_a_day_gone_by_says_that_it_cannot(visit):  # noqa: F811
    at = at_page(visit, Role.REVIEWER, "friday", rows="enrolled")
    told = shown(at)
    count = re.search(r"已入库企业.*?<b>(\d+)</b>", "".join(told))[1]
    assert any(f"已入库企业：{count} 行" in text for text in told)
    assert not at.exception
    at = at_page(visit, Role.REVIEWER, "friday", rows="nonsense")
    assert not any("已入库企业：" in text for text in shown(at))


def test_a_count_of_answer_times_leads_to_its_complaints(visit):  # noqa: F811
    at = at_page(visit, Role.AUDITOR, "answer_times", rows="enrolled", state="waiting")
    assert any("收到时已入库：逐件投诉" in text for text in shown(at))
    assert at.session_state["state"] == "waiting"
