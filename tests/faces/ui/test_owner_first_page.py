"""The owner's first page: money held is said at once, and no picture of it is a broken one."""

from __future__ import annotations

import re

from sqlmodel import select

from marketplace.base.access import PUBLIC, Role
from marketplace.base.access.sessions import open_session, resolve
from marketplace.base.access.tables import Account
from marketplace.base.db import read
from marketplace.base.money import format_amount
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import is_public_picture
from marketplace.features.catalog.tables import Product
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.tables import PaymentHold
from tests.faces.ui.test_keeping import editable_product, open_page, send
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures


def as_account(app, at, login: str):
    """Sign another account of the demo in."""
    with read(app.store) as session:
        account = session.execute(select(Account).where(Account.login == login)).scalar_one()
        number = account.key
    token = open_session(
        app.store, clock=app.clock, account_id=number, owner=True, user_agent="test"
    )
    found = resolve(app.store, clock=app.clock, token=token)
    assert found is not None
    at.user = {"session": found.public_id}
    return at


def test_an_owner_whose_money_is_held_reads_how_much_before_anything_else(demo, visit):
    at = as_account(demo, visit(Role.OWNER), "owner3").run()
    assert not at.exception
    told = re.sub(r"<[^>]+>", "", " ".join(shown(at)))
    found = re.search(r"货款暂缓 (¥[\d,.]+)(\d+) 笔有争议", told)
    assert found is not None
    with read(demo.store) as session:
        running = (
            session.execute(select(PaymentHold).where(PaymentHold.status == HoldStatus.RUNNING))
            .scalars()
            .all()
        )
        sums = {
            format_amount(sum(h.remaining_fen for h in running if h.operator_id == number))
            for number in {h.operator_id for h in running}
        }
    assert found[1] in sums
    assert told.index("货款暂缓") < told.index("我的进度")


def test_one_whose_money_is_not_held_reads_nothing_of_it(demo, visit):
    at = visit(Role.OWNER).run()
    assert "货款暂缓" not in " ".join(shown(at))


def test_every_picture_of_the_first_page_may_be_seen(demo, visit):
    at = visit(Role.OWNER).run()
    pictures = re.findall(r"/pictures/([0-9a-f]{64})\?w=480", " ".join(shown(at)))
    assert pictures
    with read(demo.store) as session:
        for sha256 in pictures:
            assert is_public_picture(session, PUBLIC, sha256=sha256), sha256


def test_what_may_stay_empty_is_not_counted_and_every_fault_names_its_field(demo, visit):
    number = editable_product(demo)
    at = open_page(visit, Role.OWNER, "my_product", number=number)
    assert re.search(r"完整度 \d+/10", " ".join(shown(at)))
    send(at, "report_").click().run()
    alerts = [re.sub(r"<[^>]+>", "", m.value) for m in at.markdown if 'role="alert"' in m.value]
    fields = ("报告编号", "检验机构", "CMA 编号", "结论", "签发日期", "有效期至")
    assert set(alerts) >= {f"{name}：请填写。" for name in fields}


def test_what_was_sent_in_can_be_read_with_the_day_of_the_answer(demo, visit):
    with read(demo.store) as session:
        product = session.execute(
            select(Product).where(
                Product.status == Moderation.SUBMITTED, Product.operator_id == 1
            )
        ).scalars().first()  # fmt: skip
        assert product is not None
        number, due, about = str(product.key), product.due_on, product.description_zh
    at = open_page(visit, Role.OWNER, "my_product", number=number)
    told = re.sub(r"<[^>]+>", "", " ".join(shown(at)))
    assert f"正在审核，最晚 {due.isoformat()} 答复" in told
    assert about in told


def test_an_owner_corrects_a_name_and_gives_a_draft_up_only_once_he_knows_what_follows(
    demo, visit
):
    number = editable_product(demo, max)  # the others look at the oldest

    def known() -> Product:
        with read(demo.store) as session:
            return session.get(Product, int(number))

    at = open_page(visit, Role.OWNER, "my_product", number=number)
    name = next(f for f in at.text_input if f.label == "款名")
    name.set_value("👟").run()
    send(at, "facts_").click().run()
    alerts = [re.sub(r"<[^>]+>", "", m.value) for m in at.markdown if 'role="alert"' in m.value]
    assert alerts == ["名称：里面要有汉字、字母或数字。"]
    next(f for f in at.text_input if f.label == "款名").set_value("改过的款名").run()
    send(at, "facts_").click().run()
    assert known().name_zh == "改过的款名"
    assert send(at, "withdraw_").disabled
    next(b for b in at.checkbox if b.key == f"off_sure_{number}").check().run()
    send(at, "withdraw_").click().run()
    assert not at.exception
    assert known().status is Moderation.WITHDRAWN
    assert not [b for b in at.button if (b.key or "").startswith("send_")]


def test_how_to_cure_a_refused_complaint_is_said_to_its_author_alone(demo, visit):
    at = open_page(visit, Role.OWNER, "my_cases")
    told = " ".join(shown(at))
    assert "不成立的原因" in told  # one against him was refused, and he reads why
    assert "怎样补正" not in told
