"""What a visitor on a phone meets in the shop window: search, pages, pictures as wide as shown."""

from __future__ import annotations

import dataclasses
import re
from io import BytesIO

import sqlalchemy as sa
from PIL import Image

from marketplace.base.access import PUBLIC
from marketplace.base.db import housekeeping_write
from marketplace.base.files import receive_file
from marketplace.desk.indexing import index_product
from marketplace.desk.shop import list_shelf
from marketplace.faces.web import public_figures, render
from marketplace.faces.web.renditions import WIDTHS, Renditions
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import PhotoRole
from marketplace.features.catalog.queries import get_product, get_public_product
from marketplace.features.catalog.tables import Product
from tests.faces.web import showcase_samples as samples
from tests.faces.web.visitor import Visitor
from tests.features.conftest import PROGRAM
from tests.features.scene import Scene


def code_of(scene: Scene, at: int = 0) -> str:
    found = scene.world.see(
        lambda s: get_product(
            s, scene.world.reviewer, clock=scene.clock, product_id=scene.product_ids[at]
        )
    )
    return found.code or ""


def withdraw(scene: Scene, at: int = 0) -> None:
    scene.do(
        lambda s: catalog.withdraw_product(
            s, scene.world.rulebook, clock=scene.clock, actor=scene.owner,
            product_id=scene.product_ids[at],
        )
    )  # fmt: skip


def codes_on(page: str) -> set[str]:
    return set(re.findall(r'href="/showcase/products/(\d{12})"', page))


def test_a_search_finds_by_chinese_pinyin_and_brand_and_nothing_else(
    shop: Scene, visitor: Visitor
) -> None:
    both = {code_of(shop, 0), code_of(shop, 1)}
    for words in ("晨跑", "chenpao", "青禾", "qh"):
        assert codes_on(visitor.get(f"/showcase/products?q={quoted(words)}").text) == both, (
            words
        )
    none = visitor.get(f"/showcase/products?q={quoted('皮鞋')}")
    assert none.status == 200
    assert codes_on(none.text) == set()
    assert "没有符合条件的产品" in none.text
    assert 'value="皮鞋"' in none.text  # what was asked stays in the field


def test_nobody_types_the_space_between_the_names(shop: Scene, visitor: Visitor) -> None:
    index_product_named(shop, "晨跑 板鞋")
    one = {code_of(shop, 0)}
    for words in ("晨跑板鞋", "chenpaobanxie", "cpbx", "晨跑板"):
        assert codes_on(visitor.get(f"/showcase/products?q={quoted(words)}").text) == one, words


def index_product_named(scene: Scene, name: str) -> None:
    """Name the first product anew and have it found so."""

    store = scene.world.app.store
    with store.writing.begin() as line:
        line.execute(
            sa.update(Product.__table__)  # type: ignore[attr-defined]
            .where(Product.__table__.c.id == scene.product_ids[0])  # type: ignore[attr-defined]
            .values(name_zh=name)
        )
    with housekeeping_write(store) as session:
        index_product(session, scene.product_ids[0])


def test_a_pasted_address_is_read_as_its_code_and_no_sign_leads_astray(
    shop: Scene, visitor: Visitor
) -> None:
    code = code_of(shop)
    for typed in (
        f"https://site.example/verify/{code}?lang=zh",
        f" http://site.example/showcase/products/{code} ",
        f"{code[:4]} {code[4:8]} {code[8:]}",
    ):
        answer = visitor.get(f"/verify?code={quoted(typed)}")
        assert answer.headers["location"] == f"/verify/{code}?lang=zh", typed
    answer = visitor.get(f"/verify?code={quoted('a/b?c#d&e')}")
    assert answer.headers["location"] == "/verify/a-b%3Fc%23d%26e?lang=zh"
    told = visitor.get(answer.headers["location"])
    assert told.status == 404
    assert "没有查到这个编号" in told.text


def quoted(words: str) -> str:
    from urllib.parse import quote

    return quote(words, safe="")


def test_a_search_finds_nothing_that_is_not_live(shop: Scene, visitor: Visitor) -> None:
    gone, left = code_of(shop, 0), code_of(shop, 1)
    withdraw(shop)
    assert codes_on(visitor.get(f"/showcase/products?q={quoted('晨跑')}").text) == {left}
    shelf = shop.world.see(
        lambda s: list_shelf(s, PUBLIC, clock=shop.clock, program=PROGRAM, query="晨跑")
    )
    assert [p.code for p in shelf.products] == [left]
    assert (shelf.total, shelf.by_category) == (1, {shop.category: 1})
    assert [b.products for b in shelf.by_brand] == [1]
    answer = visitor.get(f"/showcase/products?q={gone}")  # its code is answered for, not hidden
    assert (answer.status, answer.headers["location"]) == (303, f"/verify/{gone}?lang=zh")


def test_a_withdrawn_product_is_named_on_no_public_page_but_its_own_answer(
    shop: Scene, visitor: Visitor
) -> None:
    gone = code_of(shop, 0)
    name = shop.world.see(
        lambda s: get_public_product(s, PUBLIC, clock=shop.clock, code=gone)
    ).name_zh
    withdraw(shop)
    sitemap = visitor.get("/sitemap.xml").text
    pages = [a.removeprefix(visitor.origin) for a in re.findall(r"<loc>([^<]+)<", sitemap)]
    assert any("/brands/" in page for page in pages)
    assert any("/collections/" in page for page in pages)
    for page in pages:
        text = visitor.get(page).text
        assert gone not in text, page
        assert name not in text, page
    assert name in visitor.get(f"/verify/{gone}").text


def test_no_number_of_a_page_breaks_the_list(shop: Scene, visitor: Visitor) -> None:
    for number in ("0", "-1", "999", "99999999999999999999", "%C2%B2", "abc", ""):
        answer = visitor.get(f"/showcase/products?page={number}")
        assert answer.status == 200, number
        assert len(codes_on(answer.text)) == 2, number


def test_an_address_with_a_stroke_too_many_leads_to_the_page_meant(
    shop: Scene, visitor: Visitor
) -> None:
    code = code_of(shop)
    for path in (f"/verify/{code}", "/showcase", f"/showcase/products/{code}"):
        answer = visitor.get(f"{path}/?lang=en")
        assert (answer.status, answer.headers["location"]) == (308, f"{path}?lang=en")


def test_one_page_has_one_address_in_each_language(shop: Scene, visitor: Visitor) -> None:
    path = f"/showcase/products/{code_of(shop)}"
    for asked, own in (("?from=chat", ""), ("?lang=en&from=chat", "?lang=en")):
        page = visitor.get(path + asked).text
        assert f'<link rel="canonical" href="{visitor.origin}{path}{own}">' in page
        assert f'<meta property="og:url" content="{visitor.origin}{path}{own}">' in page


def test_a_lapsed_answer_leads_to_what_is_valid_of_the_brand_and_a_recall_does_not(
    shop: Scene, visitor: Visitor
) -> None:
    withdraw(shop)
    page = visitor.get(f"/verify/{code_of(shop)}").text
    brand = re.search(r'href="(/showcase/brands/[^"]+)"', page)
    assert brand is not None
    assert codes_on(visitor.get(brand[1]).text) == {code_of(shop, 1)}
    shop.do(
        lambda s: catalog.recall_product(
            s, shop.world.rulebook, clock=shop.clock, actor=shop.world.reviewer,
            product_id=shop.product_ids[0], reason="鞋底有异物",
        )
    )  # fmt: skip
    recalled = visitor.get(f"/verify/{code_of(shop)}").text
    assert "这一款正在召回" in recalled
    assert "/showcase/brands/" not in recalled


def test_an_answer_leads_to_no_brand_that_has_nothing_valid(
    shop: Scene, visitor: Visitor
) -> None:
    withdraw(shop, 0)
    withdraw(shop, 1)
    assert "/showcase/brands/" not in visitor.get(f"/verify/{code_of(shop)}").text


def photograph(width: int, height: int) -> bytes:
    """Return what a camera makes: every pixel another, so that it is large."""
    buffer = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def test_a_phone_is_not_sent_what_a_camera_made(shop: Scene, visitor: Visitor) -> None:
    product = shop.product_ids[0]
    use = shop.do(
        lambda s: receive_file(
            s, clock=shop.clock, actor=shop.owner, content=photograph(2400, 1600),
            name="IMG_1.jpg", purpose="product", subject=f"product:{product}", program=PROGRAM,
            operator_id=shop.operator_id, data_dir=shop.world.app.data_dir,
        )
    )  # fmt: skip
    withdraw(shop)
    draft = shop.draft("9-9")
    shop.report(draft, "R9-9")
    shop.do(
        lambda s: catalog.attach_photo(
            s, clock=shop.clock, actor=shop.owner, product_id=draft, use_id=use,
            role=PhotoRole.DETAIL,
        )
    )  # fmt: skip
    shop.submit(draft)
    shop.decide(draft)
    shop.product_ids.append(draft)
    page = visitor.get(f"/showcase/products/{code_of(shop, 2)}").text
    offered = re.findall(r"(/pictures/[0-9a-f]{64})\?w=(\d+) \d+w", page)
    assert {int(width) for _src, width in offered} == set(WIDTHS)
    large = next(
        src for src in {src for src, _ in offered} if len(visitor.get(src).content) > 1_000_000
    )
    whole = visitor.get(large)
    small = visitor.get(f"{large}?w=480")
    assert small.headers["content-type"] == "image/webp"
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(BytesIO(small.content)) as shown:
        assert shown.size == (480, 320)
    assert len(small.content) * 10 < len(whole.content)
    # An endless number of widths would be an endless amount of work.
    assert visitor.get(f"{large}?w=481").content == whole.content


def test_the_latest_renditions_are_kept_up_to_some_bytes_and_small_ones_stay_as_they_are() -> (
    None
):
    photo = photograph(1000, 600)
    kept = Renditions(most_bytes=1)
    first = kept.of("a", photo, 480)
    assert first is not None
    assert kept.of("a", b"not looked at again", 480) == first
    assert kept.of("b", photo, 480) == first
    assert kept.of("a", b"looked at again", 480) is None  # `b` took its place
    assert kept.of("c", photo, 1440) is None  # it is narrower already


def test_a_browser_keeps_what_cannot_change_and_asks_again_for_what_can(
    visitor: Visitor,
) -> None:
    page = visitor.get("/showcase").text
    sheet = re.search(r'href="(/assets/site\.css\?v=[0-9a-f]{10})"', page)
    assert sheet is not None
    assert "immutable" in visitor.get(sheet[1]).headers["cache-control"]
    seal = visitor.get("/assets/pictures/seal-program.svg")
    assert seal.headers["cache-control"] == "public, max-age=3600"
    assert "cache-control" not in visitor.get("/assets/nothing.css").headers


def test_a_brand_with_more_than_a_page_leads_to_the_rest() -> None:
    few = samples.brand("木兰笙")
    assert "/showcase/products?brand=" not in render.render_brand(few, "zh")
    many = dataclasses.replace(few, total=31, all_href="/showcase/products?brand=mulansheng")
    page = render.render_brand(many, "zh")
    assert 'href="/showcase/products?brand=mulansheng">看这个品牌的全部 31 款</a>' in page


def test_a_share_of_a_few_is_not_said_to_be_none() -> None:
    # 2 of 6,807 is 0.03 %: rounded it would read 0.0 %
    drawn = public_figures.bars([("valid", 6805), ("withdrawn", 2), ("recalled", 0)], "zh")
    shares = re.findall(r'class="fig-share">([^<]+)<', drawn)
    assert shares == ["&gt;99.9%", "&lt;0.1%", "0.0%"]
