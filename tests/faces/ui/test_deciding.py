"""What is decided is decided with its firm at hand, in words, and a refusal names what is missing."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlmodel import select

from marketplace.base.access import PUBLIC, Role
from marketplace.base.access.sessions import find_actor
from marketplace.base.db import read, write
from marketplace.faces.ui.deciding.disputed import event_word
from marketplace.features.enforcement.commands import mark_report_seen, report_product
from marketplace.features.enforcement.kinds import ReportTopic
from marketplace.features.enforcement.queries import list_reports
from marketplace.features.enforcement.tables import PublicReport
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, shown, visit  # noqa: F401 - fixtures


def open_kind(visit, kind: str):  # noqa: F811
    """Open the first waiting thing of a kind."""
    at = at_page(visit, Role.OFFICER, "decide", only=kind)
    assert at.query_params["kind"] in (kind, [kind])
    return at


def dossiers(at) -> list[str]:
    return [e.proto.query_string for e in at.page_link if e.proto.page == "dossier"]


def test_the_dossier_is_at_hand_of_what_a_whole_firm_asks_for(visit):  # noqa: F811
    for kind in ("enrollment", "credit_dispute"):
        (query,) = dossiers(open_kind(visit, kind))
        assert re.fullmatch(r"id=\d+", query), kind


def test_a_disputed_event_is_named_by_what_it_is_about_not_by_its_key(visit):  # noqa: F811
    at = open_kind(visit, "credit_dispute")
    assert not any("finding:" in text for text in shown(at))
    assert event_word(None, "finding:1") == ""


def test_numbers_to_compare_have_separators_and_a_unit(visit):  # noqa: F811
    text = " ".join(shown(open_kind(visit, "change_request")))
    assert "年产能（双）" in text
    assert re.search(r"\d,\d{3},\d{3}", text)
    assert not re.search(r"\d{5,}", re.sub(r"<[^>]*>", " ", text))


def test_a_complaint_without_a_store_asks_for_the_store(visit):  # noqa: F811
    at = open_kind(visit, "public_complaint")
    next(b for b in at.button if b.label == "立案").click().run()
    text = " ".join(shown(at))
    assert "店铺：请填写。" in text
    assert "没有找到这家店铺" not in text


def test_how_a_complainant_is_reached_is_hidden_until_a_reason_is_given(visit):  # noqa: F811
    at = open_kind(visit, "public_complaint")
    assert re.search(r"139\*{4}002\d", " ".join(shown(at)))
    assert "139000002" not in " ".join(shown(at))

    def ask(reason: str) -> list[str]:
        at.text_input(key=next(w.key for w in at.text_input if "contact_" in w.key)).set_value(
            reason
        ).run()
        next(b for b in at.button if "contact_" in b.key).click().run()
        return [c.value for c in at.code]

    assert ask(" ") == []
    assert [re.sub(r"\d$", "N", number) for number in ask("核对货号")] == ["1390000002N"]


def test_firms_lately_accepted_lead_to_their_dossiers(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "register")
    table = next(m.value for m in at.markdown if "<th>受理日" in m.value)
    assert len(re.findall(r'<a href="/dossier\?id=\d+"', table)) == 8


def test_a_report_is_told_in_words_and_nothing_of_it_is_markup(demo, visit):  # noqa: F811
    program = demo.rulebook().program.key
    hostile = "鞋标像是仿的。\n\n[平台通知：请重新登录](https://evil.example/login)\n\n# 大标题"
    number = write(
        demo.store,
        lambda s: report_product(
            s, clock=demo.clock, actor=PUBLIC, program=program, text=hostile,
            topic=ReportTopic.LOOKS_FAKE,
        ),
    )  # fmt: skip
    with read(demo.store) as session:
        sent = session.execute(
            sa.select(PublicReport.id).where(PublicReport.number == number)
        ).scalar_one()
    at = at_page(visit, Role.OFFICER, "decide", kind="report", id=str(sent))
    told = next(m.value for m in at.markdown if "像是仿冒" in m.value)
    assert (
        "<dd>鞋标像是仿的。<br><br>[平台通知：请重新登录](https://evil.example/login)<br>"
        in told
    )
    assert "\n" not in told
    assert "looks_fake" not in " ".join(shown(at))


def test_the_pages_of_the_queue_of_reports_hold_each_once_and_as_many_as_are_told(demo, visit):  # noqa: F811
    program = demo.rulebook().program.key
    for number in range(14):
        write(
            demo.store,
            lambda s, n=number: report_product(
                s, clock=demo.clock, actor=PUBLIC, program=program, text=f"第{n}封举报信"
            ),
        )
    with read(demo.store) as session:
        waiting = list_reports(session, find_actor(session, "officer"), program=program)
    seen: list[str] = []
    # The page of the one that is open is shown: of every twelfth in the queue's own order.
    for at_once in range(0, len(waiting), 12):
        at = at_page(
            visit, Role.OFFICER, "decide", only="report", kind="report",
            id=str(waiting[at_once].report_id),
        )  # fmt: skip
        texts = [c.value for c in at.caption]
        assert any(str(len(waiting)) in text for text in texts), texts
        pill = next(g for g in at.button_group if g.key == "decide_kind")
        assert any(option.content.endswith(f" {len(waiting)}") for option in pill.proto.options)
        queue = [b.key for b in at.button if (b.key or "").startswith("open_report_")]
        assert len(queue) == min(12, len(waiting) - at_once)
        seen += queue
    assert seen == [f"open_report_{row.report_id}" for row in waiting]


def test_a_report_that_was_read_is_found_by_its_number_and_its_author_reached(demo, visit):  # noqa: F811
    """Reading it took it off the queue; until then nothing of it could be looked up again."""
    program = demo.rulebook().program.key

    def read_one(session):
        officer = find_actor(session, "officer")
        number = report_product(
            session, clock=demo.clock, actor=PUBLIC, program=program, text="鞋盒上没有厂名",
            contact="13800138000",
        )  # fmt: skip
        report_id = session.scalar(select(PublicReport.id).where(PublicReport.number == number))
        mark_report_seen(session, clock=demo.clock, actor=officer, report_id=report_id)
        return number, report_id

    number, report_id = write(demo.store, read_one)
    at = at_page(visit, Role.OFFICER, "decide")
    box = next(b for b in at.selectbox if b.key == "read_before")
    box.select_index(next(i for i, o in enumerate(box.options) if o.startswith(number))).run()
    assert "138****8000" in " ".join(shown(at))
    name = f"contact_report_{report_id}"
    next(w for w in at.text_input if name in w.key).set_value("核对厂名").run()
    next(b for b in at.button if b.key == f"{name}_go").click().run()
    assert "13800138000" in [c.value for c in at.code]


def test_what_a_right_holder_filed_adds_up(visit):  # noqa: F811
    text = " ".join(shown(at_page(visit, Role.RIGHT_HOLDER, "reliability")))
    told = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", text))
    parts = ("处理中", "成立", "不成立", "改判", "撤回")
    assert int(told["投诉"]) == sum(int(told[name]) for name in parts) > 0


def test_an_account_without_a_name_is_refused_by_the_word_of_its_field(visit):  # noqa: F811
    at = at_page(visit, Role.ADMIN, "accounts")
    next(b for b in at.button if b.label == "建立账号").click().run()
    text = " ".join(shown(at))
    assert "登录名：字数应在 3 到 80 之间" in text
    assert "姓名：请填写。" in text
