"""Reports from the public: none hides another, each has a number of its own, a topic has words."""

from __future__ import annotations

import secrets
from itertools import chain, repeat

import pytest
from sqlmodel import select

from marketplace.base.access import PUBLIC
from marketplace.base.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.features.enforcement.commands import mark_report_seen, report_product
from marketplace.features.enforcement.kinds import ReportStatus, ReportTopic
from marketplace.features.enforcement.queries import get_report, list_reports
from marketplace.features.enforcement.tables import PublicReport
from tests.features.conftest import PROGRAM
from tests.features.scene import make_people


def report(world, text: str = "鞋标像是仿的", **more) -> str:
    facts = {"clock": world.clock, "actor": PUBLIC, "program": PROGRAM, **more}
    return world.do(lambda s: report_product(s, text=text, **facts))


def waiting(world) -> list:
    return world.see(lambda s: list_reports(s, world.officer, program=PROGRAM))


def test_two_hundred_others_hide_no_report(world):
    make_people(world)
    first = report(world, "这一双的鞋标是仿的")
    for n in range(201):
        report(world, f"无关的内容 {n}")
    rows = waiting(world)
    assert (len(rows), rows[0].number) == (202, first)
    tasks = world.see(lambda s: list_todo(s, world.officer, world.rulebook, clock=world.clock))
    reports = [t for t in tasks if t.kind is TaskKind.REPORT]
    assert (len(reports), reports[0].title) == (202, first)


def test_a_report_opens_by_its_id_read_or_not(world):
    make_people(world)
    report(world, topic=ReportTopic.LOOKS_FAKE, product_code="100001")
    number = waiting(world)[0].report_id
    world.do(
        lambda s: mark_report_seen(s, clock=world.clock, actor=world.officer, report_id=number)
    )
    assert waiting(world) == []
    row = world.see(lambda s: get_report(s, world.officer, report_id=number))
    assert (row.topic, row.text, row.status) == (
        ReportTopic.LOOKS_FAKE, "鞋标像是仿的", ReportStatus.SEEN,
    )  # fmt: skip
    with pytest.raises(NotFound):
        world.see(lambda s: get_report(s, world.officer, report_id=number + 1))
    with pytest.raises(NotAllowed):
        world.see(lambda s: get_report(s, world.marketer, report_id=number))


def test_what_is_written_like_a_topic_stays_what_was_written(world):
    make_people(world)
    report(world, "[quality] 五个字以上", topic=ReportTopic.OTHER)
    number = waiting(world)[0].report_id
    row = world.see(lambda s: get_report(s, world.officer, report_id=number))
    assert (row.topic, row.text) == (ReportTopic.OTHER, "[quality] 五个字以上")


def test_a_text_is_counted_without_its_topic_and_fits_with_it(world):
    with pytest.raises(Invalid):
        report(world, "假的", topic=ReportTopic.WRONG_FACTS)
    with pytest.raises(Invalid):
        report(world, "字" * 1_901)
    report(world, "字" * 1_900, topic=ReportTopic.WRONG_FACTS)
    kept = world.see(lambda s: s.execute(select(PublicReport.text)).scalar_one())
    assert len(kept) <= 2_000


def test_a_number_that_is_taken_is_drawn_anew(world, monkeypatch):
    drawn = chain([7, 7, 7, 8], repeat(9))
    monkeypatch.setattr(secrets, "randbelow", lambda _most: next(drawn))
    assert [report(world), report(world)] == ["R261123-000007", "R261123-000008"]
    monkeypatch.setattr(secrets, "randbelow", lambda _most: 7)
    assert report(world) == "R261123-000000007"  # every short one drawn was taken


def test_a_token_sent_twice_is_one_report(world):
    number = report(world, token="t1")
    assert report(world, token="t1") == number
    with pytest.raises(Conflict):
        report(world, "另一件事情", token="t1")
    assert len(waiting(world)) == 1
