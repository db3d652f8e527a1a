"""Two windows on one thing: the second is told, and nothing of either is lost."""

from __future__ import annotations

import re

from marketplace.base.access import Role
from tests.faces.ui.test_desk_forms import at_page, fields, open_dialog, press
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures

FORM = "edit_firm_9"


def opened(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "dossier", id="9")
    open_dialog(at, "edit")
    return at


def staff_in(at):
    return next(n for n in at.number_input if n.label == "用工人数")


def alerts(at) -> list[str]:
    return [m.value for m in at.markdown if 'role="alert"' in m.value]


def staff_of(visit) -> str:  # noqa: F811
    at = at_page(visit, Role.OFFICER, "dossier", id="9")
    row = next(m.value for m in at.markdown if "用工人数" in m.value and "z-table" in m.value)
    cell = row.split("用工人数")[1].split("<td")[1].split(">", 1)[1].split("</td>")[0]
    return re.sub(r"<[^>]+>", " ", cell).split()[0]


def test_the_second_window_is_told_what_the_first_one_saved(visit):  # noqa: F811
    first, second = opened(visit), opened(visit)
    staff_in(first).set_value(1111).run()
    press(first, FORM)
    assert staff_of(visit) == "1,111"
    staff_in(second).set_value(2222).run()
    press(second, FORM)
    assert any("同事已改为“1111”" in told for told in alerts(second))
    assert staff_of(visit) == "1,111"
    press(second, FORM)  # seen, and meant
    assert staff_of(visit) == "2,222"


def test_what_a_colleague_decided_meanwhile_is_not_followed_by_another_thing_unseen(visit):  # noqa: F811
    first = at_page(visit, Role.OFFICER, "decide", only="change_request")
    second = at_page(visit, Role.OFFICER, "decide", only="change_request")
    number = number_of(second)
    form = f"decide_change_request_{number}"
    for at, words in ((first, "人数与社保记录不符"), (second, "请附社保记录，谢谢")):
        fields(at, form)["reason"].set_value(words).run()
    press(first, form, "return")
    second.run()
    assert any("这一件已经办结" in m.value for m in second.markdown)
    assert not [b for b in second.button if (b.key or "").startswith("send_")]
    second.button(key="next_waiting").click().run()
    assert not any("这一件已经办结" in m.value for m in second.markdown)
    assert number_of(second) != number


def test_the_browser_leads_back_to_the_list_as_it_was_narrowed(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "factories", district="350304")
    total = shown_of(at)
    go(at, "dossier", id="9")
    go(at, "factories", id="9")  # as after the back button: the list's own query is gone
    assert shown_of(at) == total
    assert at.query_params["district"] in ("350304", ["350304"])
    go(at, "today")
    go(at, "factories")  # from the menu it is the whole list
    assert shown_of(at) != total


def test_a_product_sent_in_anew_since_it_was_drawn_is_shown_before_it_is_decided(visit):  # noqa: F811
    at = at_page(visit, Role.REVIEWER, "decide", only="product")
    number = number_of(at)
    at.session_state[f"seen_product_{number}"] = None  # what it showed was sent in before
    press(at, f"decide_product_{number}", "verified")
    assert any("在此期间改过了" in told for told in alerts(at))
    press(
        at, f"decide_product_{number}", "verified"
    )  # seen by now: the next refusal is another
    assert not any("在此期间改过了" in told for told in alerts(at))


def number_of(at) -> str:
    told = at.query_params["id"]
    return told[0] if isinstance(told, list) else told


def shown_of(at) -> str:
    return next(m.value for m in at.markdown if "<b>共 " in m.value)


def go(at, name, **address):
    at.switch_page(f"views/{name}.py")
    for key in [k for k in at.query_params if k != "lang"]:
        del at.query_params[key]
    for key, value in address.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
