"""The public site as a visitor meets it: what is live, what is not, and nothing else."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

from PIL import Image

from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.queries import get_product
from tests.faces.web.visitor import Answer, Visitor
from tests.features.conftest import World
from tests.features.scene import Scene


def code_of(scene: Scene, at: int = 0) -> str:
    return scene.world.see(
        lambda s: get_product(
            s, scene.world.reviewer, clock=scene.clock, product_id=scene.product_ids[at]
        )
    ).code


def linked_data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_a_product_page_says_where_to_buy_it_and_what_it_rests_on(
    shop: Scene, visitor: Visitor
) -> None:
    code = code_of(shop)
    page = visitor.get(f"/showcase/products/{code}").text
    assert "https://shop.example/6000010" in page
    assert "第1店" in page
    assert "外观设计专利 ZL20240001" in page
    assert "衡川检测" in page
    assert f'content="{visitor.origin}/showcase/products/{code}/card.jpg?lang=zh"' in page
    facts = linked_data(page)
    assert facts["offers"] == [
        {
            "@type": "Offer",
            "url": "https://shop.example/6000010",
            "seller": {"@type": "Organization", "name": "第1店"},
            "price": "299.00",
            "priceCurrency": "CNY",
        }
    ]


def test_the_seal_ends_on_the_earliest_day_of_the_rows_it_shows(
    shop: Scene, visitor: Visitor
) -> None:
    page = visitor.get(f"/verify/{code_of(shop)}").text
    rows = re.search(r'<table class="checks">.*?</table>', page, re.DOTALL)
    assert rows is not None
    # verified on 2026-11-23 for 365 days: the design comparison ends before mark and report
    assert "2027-11-23" in rows[0]
    assert min(re.findall(r"\d{4}-\d\d-\d\d(?=</td>\s*</tr>)", rows[0])) == "2027-11-23"


def test_a_closed_store_is_offered_to_nobody(shop: Scene, visitor: Visitor) -> None:
    for number in range(1, 5):
        shop.uphold(shop.finding(number=number))
    answer = visitor.get(f"/showcase/products/{code_of(shop)}")
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"/verify/{code_of(shop)}")
    page = visitor.get(f"/verify/{code_of(shop)}").text
    assert "shop.example" not in page
    assert "第1店" not in page


def test_a_brand_page_names_its_mark_and_its_stores(shop: Scene, visitor: Visitor) -> None:
    listed = visitor.get("/sitemap.xml").text
    slug = re.search(r"/showcase/brands/([^<]+)<", listed)
    assert slug is not None
    page = visitor.get(f"/showcase/brands/{slug[1]}").text
    assert "第 77000001 号，第 25 类" in page
    assert "第1店" in page
    assert "青禾1" in page


def test_the_share_card_is_a_picture_a_chat_can_show(shop: Scene, visitor: Visitor) -> None:
    address = f"/showcase/products/{code_of(shop)}/card.jpg"
    answer = visitor.get(address)
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(answer.content)) as card:
        assert card.size == (1200, 630)
    again = visitor.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status == 304
    for kept in (address, f"/verify/{code_of(shop)}", "/showcase/products", "/showcase/none"):
        assert (
            visitor.get(kept).headers["cache-control"] == "no-cache"
        )  # it may lapse meanwhile
    shop.do(
        lambda s: catalog.withdraw_product(
            s, shop.world.rulebook, clock=shop.clock, actor=shop.owner,
            product_id=shop.product_ids[0],
        )
    )  # fmt: skip
    assert visitor.get(address).status == 404


def test_the_sitemap_lists_every_live_page_and_nothing_else(
    shop: Scene, visitor: Visitor
) -> None:
    listed = re.findall(r"<loc>([^<]+)</loc>", visitor.get("/sitemap.xml").text)
    for address in listed:
        assert visitor.get(address).status == 200, address
    # five fixed pages, one collection, one brand, two products
    assert len(listed) == 5 + 1 + 1 + 2
    shop.do(
        lambda s: catalog.withdraw_product(
            s, shop.world.rulebook, clock=shop.clock, actor=shop.owner,
            product_id=shop.product_ids[0],
        )
    )  # fmt: skip
    assert len(re.findall("<loc>", visitor.get("/sitemap.xml").text)) == 5 + 1 + 1 + 1


def test_robots_may_read_pictures_and_not_the_house(shop: Scene, visitor: Visitor) -> None:
    text = visitor.get("/robots.txt").text
    assert "Allow: /pictures/" in text
    assert text.splitlines()[-2:] == ["Disallow: /", f"Sitemap: {visitor.origin}/sitemap.xml"]


NOWHERE = (
    "/nope", "/a/b/c", "/index.php", "/showcase/nope", "/showcase/products/1",
    "/showcase/products/350300000006/card.jpg", "/showcase/brands/nobody",
    "/showcase/collections/nothing", "/pictures/abc", "/verify/350303O60417",
    "/verify/1/2", "/today", "/auth/login", "/_stcore/health",
)  # fmt: skip


def test_what_is_not_there_is_a_real_404_with_every_header(visitor: Visitor) -> None:
    for address in NOWHERE:
        answer = visitor.get(address)
        assert answer.status == 404, address
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert 'href="/auth/login"' not in answer.text


def test_a_report_without_its_kind_is_asked_for_it_and_nothing_typed_is_lost(
    shop: Scene, visitor: Visitor
) -> None:
    form = visitor.get(f"/report?code={code_of(shop)}").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token is not None
    given = {"form_token": token[1], "code": code_of(shop), "text": "鞋舌上没有印"}
    answer = visitor.post("/report", given)
    assert answer.status == 422
    assert "鞋舌上没有印" in answer.text
    assert 'aria-describedby="fault-kind"' in answer.text
    taken = visitor.post("/report", {**given, "kind": "looks_fake"})
    assert taken.status == 200
    assert "鞋舌上没有印" not in taken.text
    expired = visitor.post("/report", {**given, "form_token": "x", "kind": "quality"})
    assert expired.status == 403
    assert "鞋舌上没有印" in expired.text


def test_reports_are_bounded_by_the_hour_and_one_press_is_one_report(
    world: World, shop: Scene, visitor: Visitor
) -> None:
    def fill(**more: str) -> dict[str, str]:
        form = visitor.get("/report").text
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        return {**hidden, "kind": "other", "text": "鞋舌上没有印", **more}

    def number_of(answer: Answer) -> str:
        assert answer.status == 200
        return re.findall(r"R\d{6}-\d{6}", answer.text)[0]

    form = fill()
    first = number_of(visitor.post("/report", form))
    assert number_of(visitor.post("/report", form)) == first
    changed = visitor.post("/report", {**form, "text": "鞋舌上没有商标"})
    assert (changed.status, "这份表单已经提交过" in changed.text) == (409, True)
    assert visitor.post("/report", fill(text="假的")).status == 422  # refused: uses nothing up
    for _ in range(4):
        number_of(visitor.post("/report", fill()))
    sixth = visitor.post("/report", fill(text="第六件也要写"))
    assert (sixth.status, "第六件也要写" in sixth.text) == (429, True)
    assert "最多提交 5 件。请在 60 分钟后再试" in sixth.text
    world.clock.advance(minutes=61)
    number_of(visitor.post("/report", fill()))


def test_a_complaint_gets_a_receipt_code_that_alone_leads_back_to_it(
    shop: Scene, visitor: Visitor
) -> None:
    form = visitor.get("/complain").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token is not None
    given = {"form_token": token[1], "shop": "第1店", "item": "600001", "text": "鞋标不同"}
    short = visitor.post("/complain", given)  # four characters, ten are asked for
    assert short.status == 422
    assert 'aria-describedby="fault-text"' in short.text
    assert "第1店" in short.text
    taken = visitor.post("/complain", {**given, "text": "收到的鞋鞋标与页面上的完全不同"})
    assert taken.status == 200
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", taken.text)
    assert code is not None
    told = visitor.get(f"/complain/status?code={code[0].replace('-', '').lower()}")
    assert "已收到，等经办人核对" in told.text
    assert "第1店" not in told.text
    unknown = visitor.get("/complain/status?code=AAAA-BBBB-CCCC")
    assert unknown.status == 404
    assert "没有找到这个回执码" in unknown.text


def test_the_front_page_goes_to_the_showcase_and_keeps_the_language(
    shop: Scene, visitor: Visitor
) -> None:
    answer = visitor.get("/?lang=en")
    assert answer.status == 303
    assert answer.headers["location"] == "/showcase?lang=en"
    page = visitor.get("/showcase?lang=en")
    assert '<html lang="en">' in page.text
    assert "Winter" in page.text
    assert "Contact Program office (demonstration)" in page.text
    assert "Sign in" not in page.text


def test_a_report_is_not_acknowledged_where_the_database_file_was_moved_away(
    shop: Scene, visitor: Visitor
) -> None:
    store = shop.world.app.store
    if store.dialect != "sqlite":
        return  # its server keeps the files
    form = visitor.get("/report").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token is not None
    given = {"form_token": token[1], "text": "鞋舌上没有印", "kind": "looks_fake"}
    file = Path(store.writing.url.database)
    away = file.rename(file.with_name("moved"))
    assert visitor.get("/healthz").status == 503
    refused = visitor.post("/report", given)
    assert refused.status == 503
    assert "没有收下" in refused.text
    assert "moved" not in refused.text
    assert file.name not in refused.text
    away.rename(file)
    assert visitor.get("/healthz").status == 200
    assert visitor.post("/report", given).status == 200
