"""A page that breaks shows a number and nothing of the inside."""

from __future__ import annotations

import ast
import logging
import re

from streamlit.testing.v1 import AppTest

from marketplace.base.settings import ROOT


def broken_page() -> None:
    from marketplace.faces.ui.failing import show_failure

    show_failure(RuntimeError("canary-7f3a password=hunter2"))


def test_a_broken_page_shows_its_number_and_not_its_inside(caplog):
    with caplog.at_level(logging.ERROR, logger="marketplace"):
        at = AppTest.from_function(broken_page).run()
    shown = " ".join(m.value for m in at.markdown)
    numbers = re.findall(r"编号 ([0-9a-f]{8})", shown)
    assert len(numbers) == 1
    assert "canary" not in shown
    assert "hunter2" not in shown
    assert not at.exception
    # Whoever maintains it finds the whole fault under that number.
    record = next(r for r in caplog.records if numbers[0] in r.getMessage())
    assert record.exc_info is not None
    assert "canary-7f3a" in str(record.exc_info[1])


def page_of_a_moved_database() -> None:
    from types import SimpleNamespace

    from marketplace.base.errors import Unavailable
    from marketplace.faces.ui.failing import show_failure
    from marketplace.faces.ui.navigation import _say_unkept

    fault = Unavailable("database_moved", file="m.sqlite3")

    def refuse() -> None:
        raise fault

    store = SimpleNamespace(require_place=refuse)
    _say_unkept(SimpleNamespace(app=SimpleNamespace(store=store), lang="zh"))
    show_failure(fault)


def test_where_nothing_can_be_kept_every_page_says_so_and_what_to_do():
    at = AppTest.from_function(page_of_a_moved_database).run()
    assert not at.exception
    told = [m.value for m in at.markdown]
    assert len(told) == 2  # above the page, and where something was to be saved
    assert all("m.sqlite3 已被移走或替换" in t and 'role="alert"' in t for t in told)


def test_the_front_door_hands_failures_to_that_page():
    tree = ast.parse((ROOT / "app.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    handed = {k.arg: ast.unparse(k.value) for call in calls for k in call.keywords}
    assert handed["on_script_error"] == "show_failure"
