"""What the office types stays until its deed is done, and with the one thing it was meant for."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.base.words import say
from marketplace.desk.tables import FormDraft
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.faces.ui import navigation
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.complaints.kinds import ComplaintStatus, NoticeState
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.promotion.kinds import CollectionStatus
from marketplace.features.promotion.tables import Collection, Listing
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_keeping import _actor, kept
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures

FACES = Path(navigation.__file__).parent
# Choices, single words and passwords, which must not be kept: a plain form does for them.
PLAIN = {
    "casework/bulk.py",
    "casework/dialogs.py",
    "deciding/evidence.py",
    "dossier/forms_firm.py",
    "dossier/uploads.py",
    "holder/admitting.py",
    "importing/drafts.py",
    "importing/remembered.py",
    "views/accounts.py",
}
OTHERS = {"mine"}  # the owner's pages have a test of their own


@dataclass(frozen=True)
class Deed:
    """A form of a dialog: where, what is typed, what it lacks at first."""

    role: Role
    dialog: str
    form: str
    typed: dict[str, str]
    lacking: dict[str, str]


AFFILIATE = Deed(
    Role.OFFICER,
    "affiliate",
    "affiliate_{}",
    {"relation": "同一控制人"},
    {"name": "（虚构）甲"},
)
EDIT = Deed(
    Role.OFFICER,
    "edit",
    "edit_firm_{}",
    {"name_en": "Fictional Shoes", "uscc": "91350300"},  # ten signs are missing
    {"uscc": "", "reason": "按执照更正"},
)


def at_page(visit, role, name, /, **address):  # noqa: F811
    at = visit(role)
    for key in [k for k in at.query_params if k != "lang"]:
        del at.query_params[key]
    for key, value in address.items():
        at.query_params[key] = value
    return open_view(at, name)


def open_dialog(at, name):
    at.session_state["z_open"].ask(name)
    at.run()
    assert not at.exception, at.exception
    return at


def fields(at, form):
    """Return the kept text fields of one form by their own names."""
    return {
        key.split(f"_{form}_", 1)[1]: field
        for key, field in kept(at).items()
        if f"_{form}_" in key
    }


def fill(at, form, words):
    for name, text in words.items():
        fields(at, form)[name].set_value(text).run()


def press(at, form, choice=""):
    start = f"send_{form}_{choice}"
    next(b for b in at.button if b.key and b.key.startswith(start)).click().run()
    assert not at.exception, at.exception
    return at


def is_refused(at):
    return any('role="alert"' in str(m.value) for m in at.markdown)


def drafts(demo, form):  # noqa: F811
    with read(demo.store) as session:
        return session.execute(select(FormDraft).where(FormDraft.form == form)).all()


@pytest.mark.parametrize("deed", [AFFILIATE, EDIT], ids=lambda d: d.dialog)
def test_words_refused_for_one_firm_stay_and_lend_themselves_to_no_other(demo, visit, deed):  # noqa: F811
    form = deed.form.format(1)
    at = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    fill(at, form, deed.typed)
    assert is_refused(press(at, form))
    assert {n: fields(at, form)[n].value for n in deed.typed} == deed.typed

    other = open_dialog(at_page(visit, deed.role, "dossier", id="2"), deed.dialog)
    assert not fields(other, form)
    assert {f.value for f in fields(other, deed.form.format(2)).values()} == {""}

    again = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    assert {n: fields(again, form)[n].value for n in deed.typed} == deed.typed
    fill(again, form, deed.lacking)
    press(again, form)
    assert again.toast
    assert not drafts(demo, form)
    anew = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    assert {f.value for f in fields(anew, form).values()} == {""}


def test_a_decision_sent_back_for_a_reason_keeps_what_was_written(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        officer = _actor(session, _account(session, "officer"))
        tasks = list_todo(session, officer, demo.rulebook("putian-footwear"), clock=demo.clock)
    first, second = [t for t in tasks if t.kind is TaskKind.CERTIFICATION][:2]
    form = f"decide_certification_{first.entity_id}"
    address = {"kind": "certification", "id": str(first.entity_id)}
    at = at_page(visit, Role.OFFICER, "decide", **address)
    fill(at, form, {"reason": "门牌照片看不清，请补拍"})
    assert is_refused(press(at, form, "returned"))  # no reason code was chosen
    assert fields(at, form)["reason"].value == "门牌照片看不清，请补拍"

    other = at_page(
        visit, Role.OFFICER, "decide", kind="certification", id=str(second.entity_id)
    )
    assert fields(other, f"decide_certification_{second.entity_id}")["reason"].value == ""

    again = at_page(visit, Role.OFFICER, "decide", **address)
    assert fields(again, form)["reason"].value == "门牌照片看不清，请补拍"
    code = next(s for s in again.selectbox if s.key and s.key.endswith(f"{form}_code"))
    code.set_value("unreadable").run()
    press(again, form, "returned")
    assert not drafts(demo, form)


def test_an_answer_refused_as_too_short_stays_with_its_complaint(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        rows = session.execute(
            select(Complaint.id, Complaint.case_id).where(
                Complaint.status == ComplaintStatus.OPEN,
                Complaint.state == NoticeState.FORWARDED,
            )
        ).all()
    number, case_id = rows[0]
    form = f"refuse_{number}"
    at = open_dialog(at_page(visit, Role.OFFICER, "case", id=str(case_id)), f"refuse_{number}")
    fill(at, form, {"reason": "太短"})
    assert is_refused(press(at, form))
    assert fields(at, form)["reason"].value == "太短"
    again = open_dialog(at_page(visit, Role.OFFICER, "case", id=str(case_id)), form)
    assert fields(again, form)["reason"].value == "太短"
    fill(
        again,
        form,
        {"reason": "权利证书的商品范围不含拖鞋，与所投诉的商品不相符，请核对后再提交。" * 2},
    )
    press(again, form)
    assert not drafts(demo, form)


def test_no_plain_form_of_the_office_takes_sentences():
    """`st.form` keeps what is typed in the browser only; a refusal or a lost line loses it."""
    found, tall = set(), set()
    for path in FACES.rglob("*.py"):
        name = str(path.relative_to(FACES))
        if name.split("/", maxsplit=1)[0] in OTHERS:
            continue
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        found |= {name} if "form" in calls else set()
        tall |= {name} if "text_area" in calls else set()
    assert found == PLAIN
    assert tall == {"keeping.py"}


def _account(session, login):
    from marketplace.base.access.tables import Account

    return session.execute(select(Account.id).where(Account.login == login)).scalar_one()


def tap(at, key):
    next(b for b in at.button if b.key == key).click().run()
    assert not at.exception, at.exception
    return at


def draft_of(demo):  # noqa: F811
    """Return the demo's collection in preparation."""
    with read(demo.store) as session:
        return session.execute(
            select(Collection)
            .where(
                Collection.status == CollectionStatus.DRAFT, Collection.category.is_not(None)
            )
            .order_by(Collection.id)
        ).scalars().first()  # fmt: skip


def test_a_pin_and_a_new_collection_refused_for_something_missing_keep_every_word(demo, visit):  # noqa: F811
    row = draft_of(demo)
    at = at_page(visit, Role.MARKETER, "picker", c=str(row.key))
    ask = next(b.key for b in at.button if b.key.startswith("ask_pin_") and not b.disabled)
    form = f"pin_{row.key}_{ask.removeprefix('ask_pin_')}"
    tap(at, ask)
    fill(at, form, {"reason": "主推"})  # two characters, four are needed
    assert is_refused(press(at, form))
    again = open_dialog(
        at_page(visit, Role.MARKETER, "picker", c=str(row.key)), ask.removeprefix("ask_")
    )
    assert fields(again, form)["reason"].value == "主推"
    fill(again, form, {"reason": "主推新款"})
    press(again, form)
    assert not drafts(demo, form)

    form = "collection_putian-footwear"
    at = open_dialog(at_page(visit, Role.MARKETER, "collections"), "new_collection")
    fill(at, form, {"title_zh": "雨季专场", "intro_zh": "防滑的鞋"})
    assert is_refused(press(at, form))  # no English title
    again = open_dialog(at_page(visit, Role.MARKETER, "collections"), "new_collection")
    assert fields(again, form)["title_zh"].value == "雨季专场"
    fill(again, form, {"title_en": "Rainy season"})
    press(again, form)
    assert not drafts(demo, form)
    with read(demo.store) as session:
        made = session.execute(
            select(Collection).where(Collection.title_en == "Rainy season")
        ).scalar_one()
    assert (made.title_zh, made.intro_zh, made.slot_count) == ("雨季专场", "防滑的鞋", 12)


def test_taking_a_collection_down_keeps_its_reason_until_it_stands(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        key = session.execute(
            select(Collection.id)
            .where(Collection.status == CollectionStatus.PUBLISHED)
            .order_by(Collection.starts_at.desc())
        ).scalars().first()  # fmt: skip
    form = f"withdraw_c{key}"
    at = open_dialog(at_page(visit, Role.MARKETER, "collections"), form)
    fill(at, form, {"reason": "短"})
    assert is_refused(press(at, form))
    again = open_dialog(at_page(visit, Role.MARKETER, "collections"), form)
    assert fields(again, form)["reason"].value == "短"


def test_numbers_pasted_for_a_collection_or_to_be_checked_are_there_after_a_reload(
    demo,  # noqa: F811
    visit,  # noqa: F811
):
    row = draft_of(demo)
    with read(demo.store) as session:
        mine, other = (
            session.execute(
                select(Listing.item_no)
                .join(Product, Product.id == Listing.product_id)
                .where(Product.category.in_(kinds), Product.status == Moderation.VERIFIED)
            ).scalars().first()
            for kinds in ([row.category], ["running"])
        )  # fmt: skip
    form = f"paste_{row.key}"
    picker = {"c": str(row.key)}
    at = open_dialog(at_page(visit, Role.MARKETER, "picker", **picker), "paste")
    fill(at, form, {"numbers": f"{mine}\n{other}"})
    again = open_dialog(at_page(visit, Role.MARKETER, "picker", **picker), "paste")
    assert fields(again, form)["numbers"].value == f"{mine}\n{other}"
    told = " ".join(str(m.value) for m in again.markdown)
    assert "是跑步鞋，本专场只放儿童运动鞋" in told

    checked = at_page(visit, Role.MARKETER, "check_items")
    fill(checked, "items", {"numbers": f"{mine}\n{other}"})
    reloaded = at_page(visit, Role.MARKETER, "check_items")
    assert fields(reloaded, "items")["numbers"].value == f"{mine}\n{other}"
    tap(reloaded, "collect")  # they come along into the paste of the collection
    assert fields(reloaded, form)["numbers"].value == f"{mine}\n{other}"


def test_a_number_of_two_platforms_is_told_by_platform_and_not_put_in_together(
    demo,  # noqa: F811
    visit,  # noqa: F811
):
    row = draft_of(demo)

    with read(demo.store) as session:
        listed = session.execute(
            select(Listing)
            .join(Product, Product.id == Listing.product_id)
            .where(Product.category == row.category, Product.status == Moderation.VERIFIED)
            .order_by(Listing.id)
        ).scalars().all()  # fmt: skip
        first, last = listed[0], listed[-1]
    assert first.product_id != last.product_id
    platform, number = first.platform, first.item_no
    table = Listing.__table__
    with demo.store.writing.begin() as connection:
        connection.execute(
            table.update()
            .where(table.c.id == last.id)
            .values(platform="另一平台", item_no=number)
        )
    form = f"paste_{row.key}"
    at = open_dialog(at_page(visit, Role.MARKETER, "picker", c=str(row.key)), "paste")
    fill(at, form, {"numbers": number})
    told = " ".join(str(m.value) for m in at.markdown)
    assert f"{platform} {number}" in told
    assert f"另一平台 {number}" in told
    captions = [str(c.value) for c in at.caption]
    assert any("1 个商品号在不同平台是不同的商品" in c for c in captions)
    assert say("officer.market.paste_none", "zh") not in captions  # both may be shown


def test_what_is_too_long_to_be_kept_says_so_and_can_still_be_checked(demo, visit):  # noqa: F811
    at = at_page(visit, Role.MARKETER, "check_items")
    fill(at, "items", {"numbers": "6" * 200_001})
    assert any("最多保存 200000 个字" in t.value for t in at.toast)
    assert "不认识 1" in " ".join(str(m.value) for m in at.markdown)
    again = fields(at_page(visit, Role.MARKETER, "check_items"), "items")["numbers"].value
    assert len(again) < 200_001  # what was kept before it, if anything


def test_the_lines_of_a_notice_outlive_a_reload_and_go_once_it_is_filed(demo, visit):  # noqa: F811
    form = "notice_putian-footwear"
    at = at_page(visit, Role.RIGHT_HOLDER, "file_notice")
    lines = "DEMO0000\t655001\t鞋侧弧线与注册商标近似，见附图\n不存在的店\t1\t近似近似近似"
    fill(at, form, {"lines": lines})
    again = at_page(visit, Role.RIGHT_HOLDER, "file_notice")
    assert fields(again, form)["lines"].value == lines
    fill(again, form, {"said": "短"})  # ten characters are needed
    assert is_refused(press(again, form))
    once_more = at_page(visit, Role.RIGHT_HOLDER, "file_notice")
    assert fields(once_more, form)["lines"].value == lines
    fill(once_more, form, {"said": "本人确认以上内容属实，愿意承担责任。"})
    press(once_more, form)
    assert not drafts(demo, form)
    with read(demo.store) as session:
        filed = session.execute(
            select(InfringementCase).where(InfringementCase.item_no == "655001")
        ).scalars().all()  # fmt: skip
    assert len(filed) == 1


def test_a_refused_listing_is_corrected_from_a_narrowed_list_under_the_lines_begun(demo, visit):  # noqa: F811
    form = "notice_putian-footwear"
    at = at_page(visit, Role.RIGHT_HOLDER, "file_notice")
    fill(at, form, {"lines": "DEMO0000\t655002\t鞋侧弧线与注册商标近似"})
    for _ in range(2):  # a second press does not put it there twice
        home = visit(Role.RIGHT_HOLDER)
        home.query_params["state"] = ComplaintStatus.REFUSED.value
        home.run()
        at = tap(home, next(b.key for b in home.button if b.key.startswith("cure_")))
    kept_lines = fields(at, form)["lines"].value.splitlines()
    assert kept_lines[0] == "DEMO0000\t655002\t鞋侧弧线与注册商标近似"
    assert len(kept_lines) == 2
    assert len(kept_lines[1].split("\t")) == 3
    press(at, form)
    assert not drafts(demo, form), [str(m.value) for m in at.markdown][-6:]


def test_a_collection_that_is_not_there_is_not_taken_for_another_in_silence(demo, visit):  # noqa: F811
    row = draft_of(demo)
    known = at_page(visit, Role.MARKETER, "picker", c=str(row.key))
    for asked in ("99999", "nonsense"):
        other = at_page(visit, Role.MARKETER, "picker", c=asked)
        assert notes_of(other) - notes_of(known) == {say("page.picker.unknown", "zh")}


def notes_of(at) -> set[str]:
    found = re.findall(
        r'class="z-note[^"]*">(.*?)</div>', " ".join(m.value for m in at.markdown)
    )
    return set(found)


@pytest.mark.parametrize(
    ("view", "ask", "key"),
    [
        ("dossier", "reassign", "officer.list.assign_to"),
        ("case", "assign", "complaints.column.officer"),
    ],
)
def test_work_is_offered_to_officers_of_the_place_alone(demo, visit, view, ask, key):  # noqa: F811
    at = open_dialog(at_page(visit, Role.OFFICER, view, id="1"), ask)
    [box] = [s for s in at.selectbox if s.label == say(key, "zh")]
    assert sorted(box.options) == ["林晓岚（演示）", "陈一舟（演示）"]
