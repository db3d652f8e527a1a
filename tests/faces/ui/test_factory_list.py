"""The list of factories is a grid on a desk and cards on a phone; both lead on from every row."""

from __future__ import annotations

import re

from marketplace.base.access import Role
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures

CARD = re.compile(r'<li><a href="/dossier\?id=(\d+)" target="_self">([^<]+)</a>')


def cards_of(at) -> list[tuple[str, str]]:
    """Return (number of the dossier, name) of every card."""
    return [found for m in at.markdown for found in CARD.findall(m.value)]


def choice_of(at):
    return next(m for m in at.multiselect if m.label == "选几家一起办理")


def test_every_row_of_the_grid_is_a_card_that_opens_its_dossier(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories", district="350304", sort="points")
    names = list(at.dataframe[0].value["名称"])
    assert len(names) == 24  # the factories of 荔城区 in the demo, one page of at most 25
    assert [name for _, name in cards_of(at)] == names
    number, name = cards_of(at)[0]
    opened = at_page(visit, Role.OFFICER, "dossier", id=number)
    assert any(name in m.value for m in opened.markdown)


def test_what_is_chosen_among_the_cards_can_be_acted_on_together(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories")
    assert not any("已选" in m.value for m in at.markdown)
    choice_of(at).set_value([2, 0]).run()
    assert any("已选 2 家" in m.value for m in at.markdown)
    assert at.button(key="ask_assign").label == "改派经办人"


def test_a_choice_does_not_stay_when_other_rows_are_shown(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories")
    choice_of(at).set_value([0]).run()
    at.selectbox(key="f_sort").set_value("points").run()
    assert not any("已选" in m.value for m in at.markdown)


def test_an_auditor_opens_cards_and_chooses_none(visit):  # noqa: F811
    at = at_page(visit, Role.AUDITOR, "factories")
    assert len(cards_of(at)) == 25
    assert not [m for m in at.multiselect if m.label == "选几家一起办理"]


def test_a_firm_that_left_has_no_next_step_in_list_and_dossier(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories", status="withdrawn")
    rows = at.dataframe[0].value
    assert set(rows["状态"]) == {"主动退出"}
    assert set(rows["下一步"]) == set(rows["在谁手里"]) == set(rows["期限"]) == {"—"}
    opened = at_page(visit, Role.OFFICER, "dossier", id=cards_of(at)[0][0])
    assert any("离开项目（主动退出），没有下一步" in m.value for m in opened.markdown)
    assert "发提醒" not in {b.label for b in opened.button}


def test_the_english_grid_says_steps_and_holders_in_words_that_fit(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories", lang="en")
    rows = at.dataframe[0].value
    assert list(rows.columns)[5] == "With"
    assert set(rows["With"]) <= {"Factory", "Office", "TM office", "Lab", "—"}
    assert "Real name" in set(rows["Next"])  # "Real-name authentication" was cut
    assert max(len(word) for word in rows["Next"]) <= len("Trademark filed")
