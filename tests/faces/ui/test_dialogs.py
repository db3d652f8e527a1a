"""What opens and closes a dialog, in whatever order the messages of a browser arrive."""

import streamlit as st

from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.look import Open


def test_a_dialog_that_is_dismissed_late_leaves_the_one_opened_since():
    desk = Open(where=("远行鞋业", "7"))
    desk.ask("finding")
    first = desk.number
    desk.ask("signin")
    desk.close(first)
    assert desk.name == "signin"
    desk.close(desk.number)
    assert desk.name == ""


def test_the_same_dialog_asked_for_again_outlives_its_own_late_dismissal():
    desk = Open()
    desk.ask("signin")
    first = desk.number
    desk.ask("signin")
    desk.close(first)
    assert desk.name == "signin"


def test_a_press_is_heard_without_touching_what_a_later_message_could_stop(monkeypatch):
    pressed = {}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "button", lambda *_, **how: pressed.update(how))
    look.open_button("给负责人登录链接", "signin")
    desk = look.opened()
    monkeypatch.setattr(st, "session_state", None)  # every look at it is where a run may stop
    pressed["on_click"](*pressed["args"])
    assert (desk.name, desk.number) == ("signin", 1)
