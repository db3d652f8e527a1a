"""The quarterly page with two editions of one report, in a demo of its own."""

from __future__ import annotations

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import say
from marketplace.desk.quarters import quarter_on
from tests.faces.ui.test_quarter_page import demo, labels, told, visit  # noqa: F401


def test_an_officer_issues_a_corrected_edition_and_both_stay_readable(demo, visit):  # noqa: F811
    last = quarter_on(today(demo.clock)).previous
    quarter = last.previous.previous.key  # corrected since in the demo
    at = visit(Role.OFFICER, quarter=quarter)
    send = next(b for b in at.button if b.label == say("editions.send", "zh", edition=2))
    send.click().run()
    assert say("error.reason_missing", "zh") in told(at)
    next(a for a in at.text_area if a.label == say("editions.reason", "zh")).input(
        "平台更正了一个店铺月"
    )
    next(b for b in at.button if b.label == say("editions.send", "zh", edition=2)).click().run()
    assert not at.exception
    assert say("editions.name", "zh", number=1, edition=2) in told(at)
    assert say("quarter.uncorrected", "zh") in told(at)
    assert "平台更正了一个店铺月" in told(at)
    assert not [b for b in labels(at) if b == say("editions.send", "zh", edition=3)]
    first = visit(Role.AUDITOR, "en", quarter=quarter, edition="1")
    assert say("editions.replaced", "en", edition=1, latest=2) in told(first)
    assert say("quarter.corrected", "en") in told(first)
