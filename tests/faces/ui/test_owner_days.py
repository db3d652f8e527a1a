"""A day beyond its bounds is said to be so, and the form is not sent as if it were empty."""

from __future__ import annotations

import re
from datetime import date, timedelta

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.db import read
from marketplace.features.catalog.tables import Product
from tests.faces.ui.test_keeping import editable_product, open_page, send
from tests.faces.ui.test_pages import demo, visit

__all__ = ["demo", "visit"]  # fixtures


def alerts(at) -> str:
    told = [m.value for m in at.markdown if 'role="alert"' in m.value]
    return re.sub(r"<[^>]+>", "", " ".join(told))


def day_field(at, label: str):
    return next(field for field in at.date_input if field.label == label)


def test_a_design_of_tomorrow_is_refused_in_words_and_one_of_today_is_kept(demo, visit):
    number = editable_product(demo)

    def known() -> date | None:
        with read(demo.store) as session:
            return session.get(Product, int(number)).design_on

    before, day = known(), today(demo.clock)
    at = open_page(visit, Role.OWNER, "my_product", number=number)
    day_field(at, "设计日期").set_value(day + timedelta(days=1)).run()
    said = f"设计日期：不能晚于 {day.isoformat()}，请改一下。"
    assert said in alerts(at)  # beside the field, before anything is pressed
    send(at, "design_").click().run()
    assert said in alerts(at)
    assert known() == before
    assert "toast" not in at.session_state  # nothing says that it was kept
    day_field(at, "设计日期").set_value(day).run()
    assert alerts(at) == ""
    send(at, "design_").click().run()
    assert known() == day
