"""The owner's pages: where a message leads, who can sign in, dates that do not break, no codes."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.commands import create_owner_account
from marketplace.base.access.sessions import actor_of, open_session, resolve
from marketplace.base.access.tables import Account, AccountOperator, Capacity
from marketplace.base.clock import SystemClock
from marketplace.base.db import read, write
from marketplace.base.inbox import MessageRow
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine.entry import kind_of
from marketplace.faces.ui.mine.telling import place_of
from marketplace.features.complaints.queries import list_cases_against
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import list_findings
from marketplace.features.registry.queries import scope_of_operator
from tests.faces.ui.test_pages import demo, visit, visits_to  # noqa: F401 - fixtures


def account_id(app: App, login: str) -> int:
    with read(app.store) as session:
        return session.execute(select(Account.id).where(Account.login == login)).scalar_one()


def enter(app: App, at, login: str) -> None:
    """Sign the page in as one of several owners."""
    token = open_session(
        app.store,
        clock=app.clock,
        account_id=account_id(app, login),
        owner=True,
        user_agent="t",
    )
    found = resolve(app.store, clock=app.clock, token=token)
    at.user = {"session": found.public_id}


def text_of(at) -> str:
    """All the page says, without markup."""
    return re.sub(r"<[^>]+>", " ", " ".join(m.value for m in (*at.markdown, *at.caption)))


def opened(app: App, visit, login: str, page: str):  # noqa: F811
    at = visit(Role.OWNER)
    enter(app, at, login)
    del at.query_params["id"]
    at.switch_page(f"views/{page}.py").run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("code", "subject", "place"),
    [
        ("product_verified", "product:7", ("my_product", {"id": "7"})),
        ("finding_recorded", "finding:3", ("my_day", {"do": "statement.3"})),
        ("finding_upheld", "finding:3", ("my_measures", {})),
        ("finding_dismissed", "finding:3", ("my_profile", {})),
        ("store_closed", "store:2", ("my_measures", {})),
        ("appeal_rejected", "appeal:4", ("my_measures", {})),
        ("hold_placed", "hold:4", ("my_measures", {})),
        ("plan_due", "suspension:4", ("my_measures", {})),
        ("complaint_upheld_seller", "case:5", ("my_cases", {})),
        ("credit_rejected", "credit_dispute:1", ("my_profile", {})),
        ("change_returned", "change_request:1", ("my_profile", {})),
        ("certification_returned", "certification:1", ("my_day", {})),
    ],
)
def test_a_message_leads_to_where_its_owner_reads_on(code, subject, place):
    message = MessageRow(1, code, {}, subject, SystemClock().now(), read=False)
    assert place_of(message) == place


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        ("等商家回应，到 2026-12-02", ["2026-12-02"]),
        ("2026-11-24 10:00 · 回执 MN2026-000006", ["2026-11-24 10:00", "MN2026-000006"]),
        ("说明 CL2026-00014，案件 C-2026-0045", ["CL2026-00014", "C-2026-0045"]),
        ("共 3 件 <b>", []),
    ],
)
def test_days_and_numbers_of_papers_are_never_broken_over_two_lines(told, whole):
    made = kit.told(told)
    assert re.findall(r'<span class="z-nb">([^<]+)</span>', made) == whole
    assert "<b>" not in made


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) MicroMessenger/8.0", "wechat_iphone"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0", "wechat_android"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120", "android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120", "computer"),
        ("", "other"),
    ],
)
def test_a_phone_is_called_what_its_owner_calls_it(agent, kind):
    assert kind_of(agent) == kind


def test_the_head_sees_who_can_sign_in_and_ends_an_agents_say(demo, visit):  # noqa: F811
    at = opened(demo, visit, "owner", "my_profile")
    assert "谁能登录" in text_of(at)
    ends = [e for e in at.expander if "的代办" in e.label]
    assert ends
    with read(demo.store) as session:
        operator = session.execute(
            select(AccountOperator.operator_id).where(
                AccountOperator.account_id == account_id(demo, "owner")
            )
        ).scalar_one()
        agents = sa.select(sa.func.count()).where(
            col(AccountOperator.operator_id) == operator,
            col(AccountOperator.capacity) == Capacity.AGENT,
        )
        before = session.execute(agents).scalar_one()
    ends[0].button[0].click().run()
    assert "请写明理由" in text_of(at)  # nobody is shut out without a reason
    end = next(e for e in at.expander if "的代办" in e.label)
    end.text_input[0].set_value("已经离职").run()
    next(e for e in at.expander if "的代办" in e.label).button[-1].click().run()
    assert not at.exception
    with read(demo.store) as session:
        assert session.execute(agents).scalar_one() == before - 1


def test_what_is_said_of_a_closed_store_holds_no_codes_of_ours(demo, visit):  # noqa: F811
    told = text_of(opened(demo, visit, "owner2", "my_profile"))
    assert "已提的异议" in told
    assert not re.search(r"\b[a-z_]+:\d+", told)  # such as finding:5105
    links = opened(demo, visit, "owner2", "my_profile")
    assert "不服可以申诉" in " ".join(e.label for e in links.get("page_link"))


def test_chinese_pages_hold_no_english_sentences(demo, visit):  # noqa: F811
    for login, page in (
        ("owner2", "my_profile"),
        ("owner3", "my_measures"),
        ("owner", "my_day"),
    ):
        told = text_of(opened(demo, visit, login, page))
        assert re.findall(r"[a-z]+(?: [a-z]+){2,}", told) == [], page


def test_the_head_of_several_firms_chooses_which_one_the_pages_are_about(demo, visit):  # noqa: F811
    at = opened(demo, visit, "owner3", "my_profile")
    picked = next(s for s in at.selectbox if s.label == "哪家企业")
    first, second = picked.options[:2]
    assert first in text_of(at)
    picked.select_index(1).run()
    assert not at.exception
    assert f"{second} " in text_of(at).replace("\n", " ")
    at.switch_page("views/my_measures.py").run()  # the choice goes along
    assert next(s for s in at.selectbox if s.label == "哪家企业").index == 1
    only = opened(demo, visit, "owner", "my_profile")
    assert [s.label for s in only.selectbox if s.label == "哪家企业"] == []


def test_an_agent_is_told_before_he_types_that_the_head_appeals(demo, visit):  # noqa: F811
    head = opened(demo, visit, "owner2", "my_measures")
    assert [b.label for b in head.button if b.label == "申诉"]
    with read(demo.store) as session:
        operator = session.execute(
            select(AccountOperator.operator_id).where(
                AccountOperator.account_id == account_id(demo, "owner2")
            )
        ).scalar_one()
        officer = actor_of(session, account_id(demo, "officer"))
    write(
        demo.store,
        lambda s: create_owner_account(
            s, clock=demo.clock, actor=officer, operator_id=operator, name="小郑（演示）",
            capacity=Capacity.AGENT, scope_of=scope_of_operator,
        ),
    )  # fmt: skip
    login = f"firm{operator}-1"
    agent = opened(demo, visit, login, "my_measures")
    assert [b.label for b in agent.button if b.label == "申诉"] == []
    assert "您是代办人，请转告负责人" in text_of(agent)


def test_amounts_of_money_are_told_to_the_fen(demo, visit):  # noqa: F811
    told = text_of(opened(demo, visit, "owner3", "my_measures"))
    amounts = re.findall(r"¥[\d,]+(?:\.\d+)?", told)
    assert "¥30.00" in amounts
    frozen = {a for a in amounts if not re.fullmatch(r"¥[\d,]+\.\d\d", a)}
    assert frozen == set()


def test_a_statement_on_a_finding_is_given_in_its_case_and_elsewhere_is_a_link(demo, visit):  # noqa: F811
    """A finding without a case has its form on the first page: there is no other place for it."""
    with read(demo.store) as session:
        owner = actor_of(session, account_id(demo, "owner"))
        cases = list_cases_against(session, owner, clock=demo.clock)
        found = [
            f.finding_id
            for f in list_findings(
                session, owner, operator_id=next(iter(owner.operator_ids)),
                status=FindingStatus.SUSPECTED,
            )
            if f.heard_at is None
        ]  # fmt: skip
        by_case = {one.line.finding_id: one.line.case_id for one in cases if one.may_state}
    with_case = next(n for n in found if n in by_case)
    without = next(n for n in found if n not in by_case)

    def day(number: int):
        at = visit(Role.OWNER)
        enter(demo, at, "owner")
        del at.query_params["id"]
        at.query_params["do"] = f"statement.{number}"
        at.run()
        assert not at.exception
        return [f.key for f in at.text_area if f.key.endswith(f"statement_{number}_text")], at

    assert len(day(without)[0]) == 1
    fields, at = day(with_case)
    assert fields == []
    links = [e.proto.query_string for e in at.page_link if e.value == "陈述申辩"]
    assert links == [f"case={by_case[with_case]}"]

    there = visit(Role.OWNER)
    enter(demo, there, "owner")
    del there.query_params["id"]
    there.query_params["case"] = str(by_case[with_case])
    there.switch_page("views/my_cases.py").run()
    keys = [f.key for f in there.text_area if "_side_" in f.key or "_answer_" in f.key]
    assert keys[0].endswith(
        f"_side_{by_case[with_case]}_said"
    )  # the case he was led to is first
