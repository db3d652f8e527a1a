"""A collection before it is public: the public's page to those who arrange it, nothing to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.applications import Starlette

from marketplace.base.access import Role
from marketplace.base.words import format_instant, say
from marketplace.faces.web.previews import preview_routes
from marketplace.features.promotion import commands as promotion
from tests.faces.web.test_papers import Answer, Client, Desk, desk, world
from tests.features.promotion.test_promotion_commands import create, pin
from tests.features.scene import clear_windows, make_firm, make_people

__all__ = ["desk", "world"]


@pytest.fixture
def collection(desk: Desk) -> int:
    """A draft that begins in two days, with one shoe pinned."""
    make_people(desk.world)
    firm = make_firm(desk.world, number=1, products=1)
    clear_windows(desk.world)
    firm.list_on_platform(firm.product_ids[0], "6000010")  # its stock is known anew
    number = create(desk.world, hours=48)
    pin(desk.world, number, firm.product_ids[0])
    return number


def look(desk: Desk, number: int, role: Role | None, lang: str = "zh") -> Answer:
    client = Client(Starlette(routes=preview_routes(desk.world.app)))
    headers = desk.as_role(role) if role else {}
    return client.get(f"/preview/collections/{number}?lang={lang}", headers=headers)


def test_the_marketer_sees_the_public_page_with_what_it_is_said_above(desk, collection):
    page = look(desk, collection, Role.MARKETER)
    assert page.status_code == 200
    assert "春季专场" in page.text
    assert say("promo.preview_draft", "zh") in page.text
    assert "/showcase/products/" in page.text  # the shoe, as the public would reach it
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    english = look(desk, collection, Role.MARKETER, "en")
    assert "Spring" in english.text
    assert say("promo.preview_draft", "en") in english.text


def test_a_published_collection_says_from_when_it_is_seen(desk, collection):
    desk.world.do(
        lambda s: promotion.publish_collection(
            s,
            desk.world.rulebook,
            clock=desk.world.clock,
            actor=desk.world.marketer,
            collection_id=collection,
        )
    )
    begins = desk.world.clock.now() + timedelta(hours=48)
    page = look(desk, collection, Role.MARKETER)
    assert format_instant(begins) in page.text
    assert say("promo.preview_draft", "zh") not in page.text


def test_nobody_signed_in_is_sent_to_the_door(desk, collection):
    answer = look(desk, collection, None)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/auth/login?next=/preview/collections/")
    assert "春季专场" not in answer.text


def test_whoever_is_signed_in_and_astray_is_led_back_to_their_own_first_page(desk):
    answer = look(desk, 999_999, Role.MARKETER)
    assert answer.status_code == 404
    assert say("showcase.not_found.own_first", "zh") in answer.text
    assert 'href="/"' in answer.text
    assert 'action="/verify' not in answer.text  # no question for a code, as visitors get


def test_an_owner_learns_nothing_not_even_that_it_is_there(desk, collection):
    refused, missing = look(desk, collection, Role.OWNER), look(desk, 999_999, Role.OWNER)
    assert (refused.status_code, missing.status_code) == (404, 404)
    assert "春季专场" not in refused.text
    place = "/preview/collections/"
    assert refused.text.replace(f"{place}{collection}", "") == missing.text.replace(
        f"{place}999999", ""
    )
