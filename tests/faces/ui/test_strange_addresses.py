"""An old, shortened or mistyped address is answered on the page; it never breaks it."""

from __future__ import annotations

import pytest

from marketplace.base.access import Role
from marketplace.base.words import say
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, shown, visit  # noqa: F401 - fixtures

NOBODY_HAS = str(2**63)  # one more than a number of the database can be


@pytest.mark.parametrize(
    ("role", "name", "part"),
    [
        (Role.OFFICER, "dossier", "id"),
        (Role.OFFICER, "store", "id"),
        (Role.OFFICER, "case", "id"),
        (Role.OFFICER, "holds", "id"),
        (Role.OFFICER, "referrals", "id"),
        (Role.OFFICER, "sampling", "draw"),
        (Role.OFFICER, "imports", "batch"),
        (Role.OFFICER, "appeals", "appeal"),
        (Role.AUDITOR, "replay", "id"),
    ],
    ids=str,
)
def test_a_number_beyond_all_numbers_is_not_found_like_any_other(visit, role, name, part):  # noqa: F811
    far = at_page(visit, role, name, **{part: NOBODY_HAS})
    missing = at_page(visit, role, name, **{part: "999999"})
    assert [t.replace("999999", "0") for t in shown(missing)] == shown(far)


def test_a_draw_beyond_all_numbers_is_not_found(visit):  # noqa: F811
    at = at_page(visit, Role.AUDITOR, "oversight", view="draws", draw=NOBODY_HAS)
    assert any(say("error.oversight_draw_not_found", "zh") in text for text in shown(at))


@pytest.mark.parametrize("part", ["status", "stage", "district", "band", "officer"])
def test_a_list_narrowed_to_what_is_no_more_is_empty_and_can_be_cleared(visit, part):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories", **{part: "gone"})
    assert any("没有符合条件的鞋企" in text for text in shown(at))
    at.button(key="clear").click().run()
    assert any("共 122 家" in text for text in shown(at))


@pytest.mark.parametrize("part", ["status", "step", "turn", "origin", "officer", "late"])
def test_the_cases_leave_out_a_filter_that_is_no_more(visit, part):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "cases", **{part: "gone"})
    assert at.session_state[part] == []


def test_the_cases_of_somebody_who_is_no_more_can_be_left_again(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "cases", officer="999999")
    assert at.session_state["officer"] == ["999999"]
