"""The doors: a remembered phone is asked for its PIN, every refusal says what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from marketplace.base.access import Actor, Role
from marketplace.base.access.commands import disable_account, issue_sign_in_link
from marketplace.base.access.signin import MAX_TRIES
from marketplace.faces.web.auth import auth_routes
from marketplace.features.registry.queries import scope_of_operator
from tests.faces.web.visitor import Answer, Visitor, visiting
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people

PIN = "280519"


@pytest.fixture
def store(sqlite_store):
    """One engine is enough for what the doors say; the commands are tried on both."""
    return sqlite_store


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


@pytest.fixture
def visitor(world: World) -> Iterator[Visitor]:
    with visiting(Starlette(routes=auth_routes(world.app))) as somebody:
        yield somebody


def link(firm: Scene) -> str:
    token = firm.do(
        lambda s: issue_sign_in_link(
            s, clock=firm.clock, actor=firm.world.officer, account_id=firm.owner.account_id,
            scope_of=scope_of_operator,
        )
    )  # fmt: skip
    return f"/auth/link/{token}"


def hidden(page: Answer) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))


def set_pin(visitor: Visitor, address: str, pin: str = PIN, again: str = PIN) -> Answer:
    return visitor.post(
        address, {**hidden(visitor.get(address)), "pin": pin, "pin_again": again}
    )


def remembered(visitor: Visitor, firm: Scene) -> dict[str, str]:
    """Scan a link and set a PIN; return the header of that phone's browser after signing out."""
    answer = set_pin(visitor, link(firm))
    assert (answer.status, answer.headers["location"]) == (303, "/")
    return {
        "Cookie": "device=" + re.findall(r"device=([^;]+)", answer.headers["set-cookie"])[0]
    }


def test_a_remembered_phone_that_signed_out_is_led_to_its_pin_and_back_to_its_page(
    firm, visitor
):
    phone = remembered(visitor, firm)
    door = visitor.get("/auth/login?next=/my_cases", phone)
    assert (door.status, door.headers["location"]) == (303, "/auth/pin?next=%2Fmy_cases")
    asked = visitor.get(door.headers["location"], phone)
    assert "请输入数字密码" in asked.text
    wrong = visitor.post("/auth/pin", {**hidden(asked), "pin": "280520"}, phone)
    assert wrong.status == 401
    assert "数字不对" in wrong.text
    # The page asked for outlives a wrong PIN.
    right = visitor.post("/auth/pin", {**hidden(wrong), "pin": PIN}, phone)
    assert (right.status, right.headers["location"]) == (303, "/my_cases")
    # Staff on the same phone still reach the form with account and password.
    assert 'name="password"' in visitor.get("/auth/login?staff=1", phone).text


def test_a_phone_nobody_remembers_is_told_how_it_comes_to_be_one(firm, visitor):
    assert 'href="/auth/pin?next=%2Fmy_day"' in visitor.get("/auth/login?next=/my_day").text
    for phone in ({}, {"Cookie": "device=made-up"}):
        page = visitor.get("/auth/pin", phone)
        assert "请经办人当面给一个二维码" in page.text
        assert 'name="pin"' not in page.text
    assert 'name="password"' in visitor.get("/auth/login", {"Cookie": "device=made-up"}).text


def test_too_many_pins_say_how_long_to_wait(firm, visitor):
    phone = remembered(visitor, firm)
    for _ in range(MAX_TRIES):
        visitor.post("/auth/pin", {"pin": "000001"}, phone)
    tired = visitor.post("/auth/pin", {"pin": PIN}, phone)
    assert tired.status == 429
    assert "请 5 分钟后再试" in tired.text


def test_a_spent_link_and_one_of_a_disabled_account_ask_for_another(firm, visitor):
    spent = link(firm)
    assert set_pin(visitor, spent).status == 303
    assert "用过了或过期了" in visitor.get(spent).text
    late = visitor.post(spent, {"pin": PIN, "pin_again": PIN})  # from a page opened before
    assert "用过了或过期了" in late.text
    never = link(firm)
    firm.do(
        lambda s: disable_account(
            s, clock=firm.clock, actor=Actor(0, "admin", "admin", Role.ADMIN),
            account_id=firm.owner.account_id, reason="停用核实",
        )
    )  # fmt: skip
    assert "用过了或过期了" in visitor.get(never).text


def test_whoever_opens_the_old_link_again_on_his_own_phone_gets_in_by_pin(firm, visitor):
    spent = link(firm)
    answer = set_pin(visitor, spent)
    token = re.findall(r"device=([^;]+)", answer.headers["set-cookie"])[0]
    own = {"Cookie": f"device={token}"}
    for page in (visitor.get(spent, own), visitor.post(spent, {"pin": PIN}, own)):
        assert "这台手机已经记住了您的企业" in page.text
        assert 'href="/auth/pin"' in page.text
    stranger = visitor.get(spent).text
    assert 'href="/auth/pin"' not in stranger
    assert "请让经办人再给一个" in stranger


def test_a_pin_set_after_the_network_changed_is_asked_for_again_and_says_why(firm, visitor):
    address = link(firm)
    form = hidden(visitor.get(address))
    moved = {"User-Agent": "another browser"}  # a new address of the phone acts alike
    again = visitor.post(address, {**form, "pin": PIN, "pin_again": PIN}, moved)
    assert "请把数字密码再输一次" in again.text
    sent = visitor.post(address, {**hidden(again), "pin": PIN, "pin_again": PIN}, moved)
    assert (sent.status, sent.headers["location"]) == (303, "/")


def test_a_second_tap_sends_no_form_of_the_door_twice(firm, visitor):
    phone = remembered(visitor, firm)
    for page in (visitor.get(link(firm)), visitor.get("/auth/pin", phone)):
        assert re.search(r'<form class="form" [^>]*data-once>', page.text)


def test_a_weak_or_mistyped_pin_says_what_to_change_and_spends_nothing(firm, visitor):
    address = link(firm)
    for pin, again, said in (
        ("123456", "123456", "不要全部相同或连号"),
        ("28051", "28051", "不要全部相同或连号"),
        (PIN, "280518", "两次输入的数字不一样"),
    ):
        assert said in set_pin(visitor, address, pin, again).text
    assert set_pin(visitor, address).status == 303


def test_a_form_from_another_network_says_press_again_and_keeps_the_account_typed(
    firm, visitor
):
    given = {
        "login": "officer",
        "password": "x",
        "form_token": "of yesterday",
        "next": "/today",
    }
    answer = visitor.post("/auth/login", given)
    assert answer.status == 403
    assert "请再点一次" in answer.text
    assert 'value="officer"' in answer.text
    assert hidden(answer)["next"] == "/today"


def test_another_language_stays_on_the_page(visitor):
    for referer, back in (
        (f"{visitor.origin}/my_product?id=7", "/my_product?id=7"),
        (f"{visitor.origin}/auth/login", "/"),
        ("https://elsewhere.example/x", "/"),
        ("", "/"),
    ):
        headers = {"Referer": referer} if referer else {}
        answer = visitor.get("/auth/language/en", headers)
        assert answer.headers["location"] == back
        assert "lang=en" in answer.headers["set-cookie"]
