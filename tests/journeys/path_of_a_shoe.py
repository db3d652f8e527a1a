"""The second half of the long journey: a shoe is featured, found wanting, and gone by itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from marketplace.base.clock import SHANGHAI
from marketplace.base.words import say
from tests.journeys.pace import ready
from tests.journeys.path_of_a_firm import enter_by_link, link_for
from tests.journeys.walking import Walk, fill, press, year_of

TITLE_ZH, TITLE_EN, SLUG = "远行专场", "Long road", "long-road"


def feature(walk: Walk, marketer) -> None:
    """8. The marketer makes a collection, lets rotation fill it, looks at it, publishes it."""
    yesterday = datetime.now(SHANGHAI) - timedelta(days=1)
    walk.go(marketer, "/collections")
    press(marketer, "新建专场")
    dialog = marketer.get_by_role("dialog")
    dialog.get_by_role("textbox", name="中文标题").fill(TITLE_ZH)
    dialog.get_by_role("textbox", name="英文标题").fill(TITLE_EN)
    year_of(dialog, "开始").click()
    marketer.keyboard.type(yesterday.strftime("%Y%m%d"))
    dialog.get_by_role("spinbutton", name="展位数").fill("6")
    dialog.get_by_role("button", name="新建", exact=True).click()
    marketer.get_by_text(f"为“{TITLE_ZH}”选 6 款", exact=False).wait_for()
    ready(marketer)
    board = marketer.locator(".st-key-card_slots")
    board.get_by_role("button", name="按轮换补满 6 个").click()
    board.get_by_text("已放 6，还空 0", exact=False).wait_for()
    ready(marketer)
    walk.shot(marketer, "collection-filled")
    press(marketer, "发布专场")
    marketer.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    marketer.get_by_role("dialog").wait_for(state="detached")


def look_as_public(walk: Walk) -> None:
    """9. Anybody sees the collection and asks for a code, in both languages, on a phone."""
    nobody = walk.visit(width=390)
    answer = nobody.goto(f"{walk.site}/showcase/collections/{SLUG}")
    assert answer.status == 200
    walk.shot(nobody, "showcase-collection")
    found = nobody.locator("a[href*='/showcase/products/']").evaluate_all(
        "links => [...new Set(links.map(a => a.getAttribute('href')))]"
    )
    walk.known["shown"] = " ".join(found)
    for lang, person in (("zh", nobody), ("en", walk.visit(width=390, lang="en"))):
        person.goto(f"{walk.site}/verify/{code_of(found[0])}")
        heading = say("showcase.verify.valid.title", lang)
        person.get_by_role("heading", name=heading).wait_for()
        walk.shot(person, f"verify-valid-{lang}")


def code_of(address: str) -> str:
    """Return the code at the end of a product's address."""
    return address.rstrip("/").rsplit("/", 1)[-1].split("?")[0]


def open_dossier_of_a_shown_shoe(walk: Walk, officer) -> None:
    """10. The officer looks for the firm of a shown shoe and opens its dossier from the list."""
    nobody = walk.visit()
    for address in walk.known["shown"].split():
        nobody.goto(f"{walk.site}/verify/{code_of(address)}")
        maker = nobody.locator("dl.facts dd").first.inner_text()
        firm = re.split(r"\s*[·・]\s*", maker)[0].strip()
        shoe = nobody.locator(".verify-name b").inner_text().split(" ", 1)[-1].strip()
        walk.go(officer, f"/factories?q={firm}")
        place = officer.locator('[data-testid="stDataFrame"]').first.bounding_box()
        officer.mouse.click(place["x"] + 16, place["y"] + 56)  # the box of the first row
        ready(officer)
        officer.get_by_role("link", name="打开档案").first.click()
        officer.wait_for_url(re.compile(r"/dossier\?id=\d+"))
        ready(officer)
        number = re.search(r"id=(\d+)", officer.url).group(1)
        waiting = officer.locator(".st-key-card_tasks")
        busy = waiting.get_by_text(re.compile("发现|案件")).count()  # heard on that first
        # Rotation draws by lot: now and then a firm of another story, whose head signs in already.
        people = officer.locator(".st-key-card_people")
        if people.get_by_text(say("officer.dossier.nobody", "zh")).count() and not busy:
            walk.known |= {"found": number, "shoe": shoe, "code": code_of(address)}
            walk.known["address"] = address
            return
    raise AssertionError("every shown shoe belongs to another story")


def record(walk: Walk, officer) -> None:
    """10. The officer records what was seen, as suspected: nothing leaves the showcase yet."""
    press(officer, "记录发现")
    dialog = officer.get_by_role("dialog")
    fill(dialog, "看到了什么", "鞋侧图形与他人设计近似，1 件商品")
    named = dialog.locator('[data-testid="stMultiSelect"] input').first
    named.fill(walk.known["shoe"])
    named.press("Enter")
    officer.keyboard.press("Escape")
    ready(officer)
    walk.shot(officer, "finding")
    officer.get_by_role("dialog").get_by_role("button", name="保存").click()
    dialog.wait_for(state="detached")
    ready(officer)
    walk.known["link2"] = link_for(officer, "林远（演示）")
    nobody = walk.visit()
    assert nobody.goto(f"{walk.site}{walk.known['address']}").status == 200


def be_heard(walk: Walk):
    """10. The head is told on his phone and says his side before anything is decided."""
    phone = enter_by_link(walk, walk.known["link2"])
    card = phone.locator(".st-key-card_next")
    card.get_by_text("还没有认定，先听您说").wait_for()
    fill(card, "陈述申辩", "图案由外包公司提供，已换下")
    walk.shot(phone, "heard")
    press(card, "提交说明")
    phone.get_by_text("已收到您的说明").first.wait_for()
    return phone


def decide(walk: Walk, reviewer) -> None:
    """10. Somebody else decides, with a reason."""
    walk.go(reviewer, f"/dossier?id={walk.known['found']}")
    tasks = reviewer.locator(".st-key-card_tasks")
    row = tasks.locator('[data-testid="stHorizontalBlock"]', has_text="发现待办")
    row.last.get_by_role("button", name="处理").click()
    dialog = reviewer.get_by_role("dialog")
    ready(reviewer)
    dialog.get_by_text("图案由外包公司提供").wait_for()
    ready(reviewer)
    dialog.get_by_role("textbox", name="理由").fill("与登记设计逐点对照，近似成立")
    walk.shot(reviewer, "decision")
    dialog.get_by_role("button", name="认定", exact=True).click()
    dialog.wait_for(state="detached")


def see_it_gone(walk: Walk, phone) -> None:
    """10, 11. The shoe is gone by itself; public and owner are each told what is theirs."""
    for lang in ("zh", "en"):
        person = walk.visit(width=390, lang=lang)
        person.goto(f"{walk.site}/verify/{walk.known['code']}")
        heading = say("showcase.verify.lapsed.title", lang)
        person.get_by_role("heading", name=heading).wait_for()
        assert "近似" not in person.inner_text("body")  # why is not for the public
        walk.shot(person, f"verify-lapsed-{lang}")
    person.goto(f"{walk.site}/showcase/collections/{SLUG}")
    assert person.locator(f"a[href='{walk.known['address']}']").count() == 0
    person.goto(f"{walk.site}{walk.known['address']}")
    assert "/verify/" in person.url  # its own page leads to what is true of it now
    walk.go(phone, "/my_messages")
    phone.get_by_text(walk.known["shoe"]).first.wait_for()
    walk.shot(phone, "owner-told")


def chart_and_friday(walk: Walk, officer) -> None:
    """10. The chart says n and exposure; the Friday page is issued and frozen."""
    walk.go(officer, f"/dossier?id={walk.known['found']}")
    officer.locator(".st-key-card_conduct").get_by_text(
        re.compile(r"第 \d 次")
    ).first.wait_for()
    walk.shot(officer, "dossier-after")
    walk.go(officer, "/overview")
    officer.locator("svg, img[alt]").first.wait_for()
    assert officer.get_by_text(re.compile(r"n=\d")).count() >= 1
    walk.shot(officer, "chart")
    walk.go(officer, "/friday")
    press(officer, "出具本期")
    press(officer, "确认出具")
    officer.get_by_text(re.compile(r"第 \d+ 期，.*出具")).wait_for()
    walk.shot(officer, "friday")
