"""What the office reads before it decides, and deeds that need their own way in; on the demo."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlmodel import select

from marketplace.base.access import Actor, Role
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Account
from marketplace.base.clock import month_index, today
from marketplace.base.db import read, write
from marketplace.base.words import format_day, say
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.complaints.commands import open_case, register_right
from marketplace.features.complaints.kinds import RightKind
from marketplace.features.complaints.queries import list_rights
from marketplace.features.complaints.tables import RightHolder
from marketplace.features.enforcement.commands import hear_owner
from marketplace.features.enforcement.kinds import (
    FindingBasis,
    FindingStatus,
    Origin,
    ViolationKind,
)
from marketplace.features.enforcement.queries import get_finding
from marketplace.features.enforcement.rules import last_hearing_day
from marketplace.features.enforcement.tables import Finding, FindingDetail, NearMiss
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, StoreHolding
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_desk_forms import at_page, fill, is_refused, open_dialog, press
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures
PROGRAM = "putian-footwear"


def opened(visit, view: str, role=Role.OFFICER, **query: str) -> str:
    at = visit(role, "zh")
    for key, value in query.items():
        at.query_params[key] = value
    open_view(at, view)
    return "\n".join(shown(at))


def test_a_heard_finding_tells_what_upholding_it_brings(demo, visit):
    with read(demo.store) as session:
        heard = session.execute(
            select(Finding.id).where(
                Finding.status == FindingStatus.SUSPECTED,
                Finding.basis == FindingBasis.CASE,
                ~Finding.reference.startswith("case:"),
            )
        ).scalars().first()  # fmt: skip
    officer = Actor(2, "officer", "officer", Role.OFFICER, frozenset({PROGRAM}))
    write(
        demo.store,
        lambda s: hear_owner(
            s, clock=demo.clock, actor=officer, finding_id=heard, statement="厂方没有意见"
        ),
    )
    told = opened(visit, "decide", Role.REVIEWER, kind="finding", id=str(heard))
    assert say("complaints.if_upheld", "zh") in told
    assert "次违规，扣" in told


def test_that_the_owner_said_nothing_can_be_noted_once_his_days_are_over(demo, visit):
    with read(demo.store) as session:
        found = session.execute(
            select(Finding)
            .where(
                Finding.status == FindingStatus.SUSPECTED,
                Finding.basis == FindingBasis.CASE,
                Finding.heard_at.is_(None),
                ~Finding.reference.startswith("case:"),
            )
            .order_by(Finding.recorded_at.desc())
        ).scalars().first()  # fmt: skip
    number = found.id
    table = Finding.__table__

    def offered(recorded_at: datetime, word: str) -> set[str]:
        """Return what can be pressed on the page of a finding recorded then."""
        with demo.store.writing.begin() as connection:
            moved = table.update().where(table.c.id == number)
            connection.execute(moved.values(recorded_at=recorded_at))
        at = at_page(visit, Role.REVIEWER, "decide", kind="finding", id=str(number))
        until = last_hearing_day(demo.rulebook(), recorded_at)
        told = re.sub("<[^>]+>", "", "\n".join(shown(at)))  # a date does not break
        assert say(word, "zh", day=format_day(until)) in told
        return {b.label for b in at.button}

    said = say("page.decide.silent", "zh")
    now = demo.clock.now()
    assert said not in offered(now, "officer.decide.hear_first")
    assert said in offered(now - timedelta(days=60), "officer.decide.hear_over")
    at = at_page(visit, Role.REVIEWER, "decide", kind="finding", id=str(number))
    form = f"decide_finding_{number}"
    fill(at, form, {"reason": "11 月 20 日电话告知，未作说明"})
    press(at, form, "silent")
    with read(demo.store) as session:
        kept = session.get_one(Finding, number)
        assert kept.hearing == "11 月 20 日电话告知，未作说明"
        assert kept.heard_at is not None


def test_a_decided_appeal_is_read_with_its_answer_and_offers_no_decision(demo, visit):
    with read(demo.store) as session:
        appeal = session.execute(
            select(Appeal).where(Appeal.status == AppealStatus.REJECTED)
        ).scalars().first()  # fmt: skip
    told = opened(visit, "appeals", Role.AUDITOR, appeal=str(appeal.id))
    assert appeal.text in told
    assert appeal.decision in told
    assert say("appeals.to_decide", "zh") not in told
    assert "没有" in opened(visit, "appeals", Role.AUDITOR, appeal="999999")


def test_the_administrator_admits_a_right_holder_who_then_registers_a_right(demo, visit):
    at = at_page(visit, Role.ADMIN, "accounts")

    def typed(label: str, text: str) -> None:
        next(f for f in at.text_input if label in {f.key, f.label}).set_value(text)

    typed("权利人名称（企业或个人）", "（虚构）青禾品牌有限公司")
    typed("holder_login", "qinghe")
    typed("holder_name", "青禾法务")
    next(b for b in at.button if b.key and b.key.startswith("FormSubmitter:holder-")).click()
    at.run()
    assert not at.exception, at.exception
    with read(demo.store) as session:
        holder, role = session.execute(
            select(RightHolder, Account.role)
            .join(Account, Account.id == RightHolder.account_id)
            .where(Account.login == "qinghe")
        ).one()
        actor = actor_of(session, holder.account_id)
    assert (holder.name, role) == ("（虚构）青禾品牌有限公司", Role.RIGHT_HOLDER)
    write(
        demo.store,
        lambda s: register_right(
            s, clock=demo.clock, actor=actor, kind=RightKind.TRADEMARK, mark="青禾",
            number="60012345", nice_classes="25",
        ),
    )  # fmt: skip
    with read(demo.store) as session:
        assert [r.mark for r in list_rights(session, actor, program=PROGRAM)] == ["青禾"]


def test_warnings_heeded_are_recorded_from_the_dossier_and_say_who_told_them(demo, visit):
    form = "near_miss_2"
    at = open_dialog(at_page(visit, Role.OFFICER, "dossier", id="2"), "heeded")
    with read(demo.store) as session:
        store = session.execute(
            select(StoreHolding.store_id).where(
                StoreHolding.factory_id == 2, StoreHolding.status == HoldingStatus.CONFIRMED,
                StoreHolding.until_on.is_(None),
            )
        ).scalars().first()  # fmt: skip
        before = session.execute(select(NearMiss.id)).scalars().all()
    next(b for b in at.selectbox if b.key and f"_{form}_store" in b.key).set_value(
        str(store)
    ).run()
    next(n for n in at.number_input if f"_{form}_listings" in n.key).set_value(3).run()
    assert is_refused(press(at, form))  # nobody told it
    fill(at, form, {"source": "平台月报（虚构）"})
    press(at, form)
    with read(demo.store) as session:
        new = session.execute(select(NearMiss).where(NearMiss.id.not_in(before))).scalar_one()
    assert (new.store_id, new.listings, new.source) == (store, 3, "平台月报（虚构）")
    assert new.month == month_index(today(demo.clock))


def test_a_finding_is_recorded_with_its_kind_and_value_and_no_amount_is_guessed(demo, visit):
    form = "finding_5"
    at = open_dialog(at_page(visit, Role.OFFICER, "dossier", id="5"), "finding")
    fill(at, form, {"statement": "吊牌图形与登记商标近似（虚构）", "value": "12.345"})
    next(b for b in at.selectbox if b.key and f"_{form}_category" in b.key).set_value(
        "look_alike"
    ).run()
    assert is_refused(press(at, form))  # parts of a fen
    fill(at, form, {"value": "1,299.50"})
    press(at, form)
    with read(demo.store) as session:
        detail = session.execute(
            select(FindingDetail).join(Finding, Finding.id == FindingDetail.finding_id).where(
                Finding.statement == "吊牌图形与登记商标近似（虚构）"
            )
        ).scalar_one()  # fmt: skip
    assert (detail.category, detail.value_fen) == (ViolationKind.LOOK_ALIKE, 129_950)


def test_who_operates_a_store_is_ended_in_the_dossier_with_a_reason(demo, visit):
    with read(demo.store) as session:
        holding = session.execute(
            select(StoreHolding).where(
                StoreHolding.factory_id > 30, StoreHolding.status == HoldingStatus.CONFIRMED,
                StoreHolding.until_on.is_(None),
            )
        ).scalars().first()  # fmt: skip
    form, number = f"end_holding_{holding.factory_id}", str(holding.factory_id)
    at = open_dialog(at_page(visit, Role.OFFICER, "dossier", id=number), "end")
    box = next((b for b in at.selectbox if b.key and f"_{form}_store" in b.key), None)
    box.set_value(str(holding.id)).run()
    assert is_refused(press(at, form))  # no reason yet
    fill(at, form, {"reason": "店铺已转让给他人"})
    press(at, form)
    with read(demo.store) as session:
        ended = session.get(StoreHolding, holding.id)
    assert ended.until_on == today(demo.clock)


def test_an_enrollment_made_by_mistake_is_reversed_by_the_reviewer_alone(demo, visit):
    with read(demo.store) as session:
        factory_id, number = session.execute(
            select(Factory.id, Enrollment.id)
            .join(Enrollment, Enrollment.operator_id == Factory.operator_id)
            .where(
                Enrollment.status == EnrollmentStatus.ENROLLED, Factory.id > 20, Factory.id < 30
            )
        ).first()
    form = f"reverse_enrollment_{number}"
    at = open_dialog(at_page(visit, Role.REVIEWER, "dossier", id=str(factory_id)), "unenroll")
    fill(at, form, {"reason": "承诺书不是本人签的"})
    press(at, form)
    with read(demo.store) as session:
        assert session.get(Enrollment, number).reversed_at is not None


def chosen_products(at, form: str) -> list[str]:
    box = next(m for m in at.multiselect if m.key and f"_{form}_products" in m.key)
    return [box.options[n] for n in box.indices]


def officer_of(session) -> Actor:
    login = session.execute(select(Account).where(Account.login == "officer")).scalar_one()
    actor = actor_of(session, login.id)
    assert actor is not None
    return actor


def a_listed_product(demo) -> tuple[Product, Listing]:
    with read(demo.store) as session:
        found = session.execute(
            select(Product, Listing)
            .join(Listing, Listing.product_id == Product.id)
            .join(StoreHolding, StoreHolding.store_id == Listing.store_id)
            .where(
                Product.status == Moderation.VERIFIED,
                StoreHolding.factory_id == Product.factory_id,
                StoreHolding.status == HoldingStatus.CONFIRMED,
                StoreHolding.until_on.is_(None),
            )
            .order_by(Product.id)
        ).first()
    assert found is not None
    return found.Product, found.Listing


def test_a_finding_opened_on_a_product_names_it_already(demo, visit):
    product, _ = a_listed_product(demo)
    form = f"finding_{product.factory_id}_{product.id}"
    at = at_page(visit, Role.OFFICER, "dossier", id=str(product.factory_id))
    open_dialog(at, f"finding_{product.id}")
    assert chosen_products(at, form) == [product.name_zh]
    fill(at, form, {"statement": "鞋舌标签与登记商标近似，从该产品记录（虚构）"})
    press(at, form)
    with read(demo.store) as session:
        finding = session.execute(
            select(Finding).where(
                Finding.statement == "鞋舌标签与登记商标近似，从该产品记录（虚构）"
            )
        ).scalar_one()
        assert get_finding(session, officer_of(session), finding_id=finding.id).product_ids == (
            product.id,
        )
    anew = open_dialog(
        at_page(visit, Role.OFFICER, "dossier", id=str(product.factory_id)), "finding"
    )
    assert chosen_products(anew, f"finding_{product.factory_id}") == []


def test_a_case_of_a_listing_has_the_product_sold_there_chosen_for_its_finding(demo, visit):
    product, listing = a_listed_product(demo)
    with read(demo.store) as session:
        officer = officer_of(session)
    case_id = write(
        demo.store,
        lambda s: open_case(
            s, demo.rulebook(PROGRAM), clock=demo.clock, actor=officer,
            store_id=listing.store_id, origin=Origin.INSPECTION, item=listing.item_no,
            statement="抽查时看到的链接（虚构）",
        ),
    )  # fmt: skip
    at = open_dialog(at_page(visit, Role.OFFICER, "case", id=str(case_id)), "record")
    chosen = chosen_products(at, f"record_{case_id}")
    assert chosen == [f"{product.name_zh} {product.model_no}"]
