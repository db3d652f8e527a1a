"""Begun forms outlive their session, are sent once, and a save that changes nothing does nothing."""

from __future__ import annotations

import html
import json
import re
import zlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.base.db import housekeeping_write, read
from marketplace.desk.drafts import drop_draft, keep_draft
from marketplace.desk.tables import FormDraft
from marketplace.faces.ui import mine, navigation
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.tables import Factory, Operator, StoreHolding
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, session_of, visit  # noqa: F401 - fixtures

PAGES = [
    (Role.OWNER, "my_day"),
    (Role.OWNER, "my_products"),
    (Role.OWNER, "my_brands"),
    (Role.OWNER, "my_product"),
    (Role.OWNER, "my_profile"),
    (Role.OFFICER, "register"),
]


def open_page(visit, role, name, *, number="1"):  # noqa: F811
    at = visit(role)
    at.query_params["do" if name == "my_day" else "id"] = number
    return open_view(at, name)


def kept(at):
    """Return the text fields of a page that are kept, by key."""
    fields = [*at.text_input, *at.text_area]
    return {f.key: f for f in fields if f.key and f.key.startswith("kept_")}


def editable_product(app, which=min) -> str:
    with read(app.store) as session:
        found = session.execute(
            select(Product.id).where(
                Product.operator_id == 1, col(Product.status) == Moderation.DRAFT
            )
        ).scalars()
        return str(which(found))


def open_statement(app) -> str:
    """Return the owner's task to state his side of a finding that no case led to."""
    with read(app.store) as session:
        found = session.execute(
            select(Finding.id)
            .join(StoreHolding, col(StoreHolding.store_id) == Finding.store_id)
            .join(Factory, col(Factory.id) == StoreHolding.factory_id)
            .outerjoin(InfringementCase, col(InfringementCase.finding_id) == col(Finding.id))
            .where(
                Finding.status == FindingStatus.SUSPECTED,
                col(Finding.heard_at).is_(None),
                col(InfringementCase.id).is_(None),
                Factory.operator_id == 1,
            )
        ).scalars()
        return f"statement.{min(found)}"


@pytest.mark.parametrize(("role", "name"), PAGES)
def test_every_field_that_was_left_is_there_on_another_device(demo, visit, role, name):  # noqa: F811
    number = {"my_product": editable_product, "my_day": open_statement}.get(
        name, lambda _app: "1"
    )(demo)
    at = open_page(visit, role, name, number=number)
    keys = list(kept(at))
    assert keys, "a page of forms keeps at least one"
    typed = {key: f"写{n}" for n, key in enumerate(keys)}
    for key, text in typed.items():
        kept(at)[key].set_value(text)
        at.run()
        assert not at.exception
    again = kept(open_page(visit, role, name, number=number))
    assert {key: again[key].value for key in typed} == typed
    with housekeeping_write(demo.store) as session:
        session.execute(sa.delete(FormDraft))


def told_of(at, form: str) -> dict[str, str]:
    """Return what a page tells the browser of a form: its token, what is spent, what is held."""
    found = [
        h.proto.body
        for h in at.get("html")
        if "z-held" in h.proto.body and form in h.proto.body
    ]
    assert len(found) == 1, "a form tells it once"
    return {
        name: html.unescape(text)
        for name, text in re.findall(r'data-(\w+)="([^"]*)"', found[0])
    }


def test_the_browser_is_told_what_the_server_holds_and_never_the_words(demo, visit):  # noqa: F811
    at = open_page(visit, Role.OWNER, "my_brands")
    key = next(k for k in kept(at) if "_brand_" in k and k.endswith("name_zh"))
    form = key.removesuffix("name_zh")
    before = told_of(at, form)
    assert before["form"] == form  # `keep.js` knows the fields of a form by this beginning
    assert json.loads(before["held"]) == {}
    kept(at)[key].set_value("听风牌")
    at.run()
    held = told_of(at, form)
    assert json.loads(held["held"])["name_zh"] == zlib.crc32("听风牌".encode())
    assert "听风牌" not in str(held)
    assert held["token"] == before["token"]  # else the browser would take it for sent
    send(at, "brand_").click().run()
    sent = told_of(at, form)
    assert sent["spent"] == held["token"]
    assert json.loads(sent["held"]) == {}


def test_no_form_of_an_owner_or_of_the_register_page_is_left_to_the_browser():
    """`st.form` keeps what is typed in the browser only; one dialog of two choices may."""
    views = Path(navigation.__file__).parent / "views"
    files = [
        *Path(mine.__file__).parent.glob("*.py"),
        *views.glob("my_*.py"),
        views / "register.py",
    ]
    found = {f.name for f in files if re.search(r"st\.form\(", f.read_text(encoding="utf-8"))}
    assert found == {"past.py"}  # the disclosure: nothing of it is kept before it is sent


def test_the_lines_of_a_table_come_back_with_their_types(demo, visit):  # noqa: F811
    at = open_page(visit, Role.OFFICER, "register")
    form = (
        next(k for k in kept(at) if k.endswith("_name")).split("_", 2)[2].removesuffix("_name")
    )
    account = int(next(iter(kept(at))).split("_")[1])
    rows = {
        "work": [{"from_year": 2009, "until_year": None, "kind": "代工鞋面", "pairs": 120000}],
        "stores": [{"platform": "淘宝（演示）", "store_no": "K-1", "name": "试", "from_on": "2026-01-05", "basis": "执照"}],
    }  # fmt: skip
    with read(demo.store) as session:
        actor = _actor(session, account)
    with housekeeping_write(demo.store) as session:
        keep_draft(
            session, clock=demo.clock, actor=actor, form=form,
            values={k: json.dumps(v, ensure_ascii=False) for k, v in rows.items()},
        )  # fmt: skip
    at = open_page(visit, Role.OFFICER, "register")
    work, stores = (
        (e.value for e in at.get("arrow_data_frame")[:2])
        if at.get("arrow_data_frame")
        else (at.dataframe[0].value, at.dataframe[1].value)
    )
    assert work.iloc[0][["from_year", "kind", "pairs"]].tolist() == [2009, "代工鞋面", 120000]
    assert str(stores.iloc[0]["from_on"])[:10] == "2026-01-05"
    with housekeeping_write(demo.store) as session:
        drop_draft(session, actor=actor, form=form)


def _actor(session, account_id):
    from marketplace.base.access.sessions import actor_of

    return actor_of(session, account_id)


def send(at, prefix):
    return next(b for b in at.button if b.key and b.key.startswith(f"send_{prefix}"))


def test_one_brand_however_often_and_wherever_it_is_sent(demo, visit):  # noqa: F811
    first = open_page(visit, Role.OWNER, "my_brands")
    field = next(k for k in kept(first) if k.endswith("_name_zh"))
    kept(first)[field].set_value("并蒂牌").run()
    second = open_page(visit, Role.OWNER, "my_brands")  # the same draft on another device
    assert kept(second)[field].value == "并蒂牌"
    button = send(second, "brand_")
    send(first, "brand_").click().run()
    button.click().run()  # a tap on what was drawn before the first was sent
    assert not first.exception
    assert not second.exception
    with read(demo.store) as session:
        made = (
            session.execute(select(Brand.id).where(Brand.name_zh == "并蒂牌")).scalars().all()
        )
    assert len(made) == 1
    assert kept(open_page(visit, Role.OWNER, "my_brands"))[field].value == ""


def test_a_firm_is_registered_once_by_two_devices(demo, visit):  # noqa: F811
    first = open_page(visit, Role.OFFICER, "register")
    name = next(k for k in kept(first) if k.endswith("_name"))
    kept(first)[name].set_value("（虚构）珊瑚礁木屐作坊").run()
    second = open_page(visit, Role.OFFICER, "register")
    send(first, "register_").click().run()
    send(second, "register_").click().run()
    assert not first.exception
    assert not second.exception
    with read(demo.store) as session:
        made = session.execute(
            select(Factory.id)
            .join(Operator, col(Operator.id) == Factory.operator_id)
            .where(Operator.name == "（虚构）珊瑚礁木屐作坊")
        ).all()
    assert len(made) == 1


def test_a_refused_sending_keeps_every_word(demo, visit):  # noqa: F811
    number = editable_product(demo)
    at = open_page(visit, Role.OWNER, "my_product", number=number)
    price = next(k for k in kept(at) if k.endswith("_price"))
    kept(at)[price].set_value("很贵").run()
    send(at, "facts_").click().run()
    assert any("价格应是数字" in m.value for m in at.markdown)
    again = open_page(visit, Role.OWNER, "my_product", number=number)
    assert kept(again)[price].value == "很贵"
    kept(again)[price].set_value("318").run()
    send(again, "facts_").click().run()
    with read(demo.store) as session:
        assert session.get(Product, int(number)).price_fen == 31_800  # 318 yuan in fen


@pytest.mark.parametrize(("name", "prefix"), [("my_product", "facts_"), ("my_product", "design_"), ("my_brands", "story_"), ("my_profile", "profile_")])  # fmt: skip
def test_a_save_that_changes_nothing_leaves_no_trace(demo, visit, name, prefix):  # noqa: F811
    number = editable_product(demo) if name == "my_product" else "1"
    at = open_page(visit, Role.OWNER, name, number=number)
    if name == "my_profile":
        back = [b for b in at.button if b.label == "撤回正在等待的变更"]
        if back:
            back[0].click().run()

    def entries():
        with read(demo.store) as session:
            return [e.seq for e in list_entries(session, who="owner", limit=500)]

    before = entries()
    send(at, prefix).click().run()
    assert not at.exception
    assert [t.value for t in at.toast] == ["内容没有变化，未作改动"]
    assert entries() == before
