"""The printed quarterly report: an issue as it was frozen, with later corrections first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.desk.issues.commands import issue_quarter, reissue_quarter
from marketplace.desk.quarter.queries import compose_quarter
from marketplace.desk.quarters import Quarter
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from tests.faces.web.test_papers import Desk, desk, world  # noqa: F401
from tests.features.watched import watch_firm

Q3 = Quarter(2026, 3)
REPORT = "/paper/quarter/1"


@pytest.fixture
def issued(desk: Desk) -> Desk:  # noqa: F811
    """Issue the third quarter, then correct its last month."""
    w = desk.world
    months = {m: (100, [1]) for m in range(Q3.previous.first, Q3.last + 1)}
    _factory, store_id = watch_firm(w, 1, enrolled_on=None, months=months)
    content = w.see(
        lambda s: compose_quarter(s, w.officer, w.rulebook, clock=w.clock, quarter=Q3)
    )
    w.do(
        lambda s: issue_quarter(
            s, w.rulebook, clock=w.clock, actor=w.officer, quarter=Q3, district=None,
            content=content.to_json(),
        )
    )  # fmt: skip
    w.clock.at += timedelta(minutes=5)
    w.do(
        lambda s: record_exposure(
            s, clock=w.clock, actor=w.officer, store_id=store_id, month=Q3.last,
            kind=ExposureKind.CHECKED, quantity=200, source="平台月报更正",
        )
    )  # fmt: skip
    return desk


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "季度报告 2026Q3"), ("en", "Quarterly report 2026Q3")]
)
def test_the_paper_has_the_frozen_figure_and_the_correction(issued: Desk, lang, title):
    answer = issued.client.get(f"{REPORT}?lang={lang}", headers=issued.as_role(Role.OFFICER))
    assert answer.status_code == 200
    assert title in answer.text
    # 3 of 300 when issued, 3 of 400 after the correction
    assert "10.0 (3/300)" in answer.text
    assert "7.5 (3/400)" in answer.text
    assert answer.text.count("<figure>") == 6
    assert "var(--z" not in answer.text
    assert re.search(r"[0-9a-f]{64}", answer.text)


def test_taking_the_paper_is_recorded_and_others_learn_nothing(issued: Desk):
    for role in (Role.OWNER, Role.MARKETER):
        answer = issued.client.get(REPORT, headers=issued.as_role(role))
        assert (answer.status_code, answer.text) == (404, "not found")
    headers = issued.as_role(Role.AUDITOR)
    for address in (
        "/paper/quarter/2",
        f"{REPORT}?district=350304",
        f"{REPORT}?district=999999",
    ):
        assert issued.client.get(address, headers=headers).status_code == 404
    assert issued.client.get(REPORT, headers={}).status_code == 303
    away = {**headers, "sec-fetch-site": "cross-site"}
    assert issued.client.get(REPORT, headers=away).headers["location"] == "/quarter"
    assert issued.client.get(REPORT, headers=headers).status_code == 200
    entries = issued.world.see(lambda s: list_entries(s, action="exchange.record_export"))
    assert [(e.actor_login, e.facts["kind"]) for e in entries] == [
        ("p-auditor", "quarter_paper")
    ]


def test_each_edition_is_printed_with_its_number_reason_and_corrections(issued: Desk):
    w = issued.world
    content = w.see(
        lambda s: compose_quarter(s, w.officer, w.rulebook, clock=w.clock, quarter=Q3)
    ).to_json()
    w.do(
        lambda s: reissue_quarter(
            s, w.rulebook, clock=w.clock, actor=w.officer, quarter=Q3, district=None,
            content=content, reason="平台更正了九月的检查数",
        )
    )  # fmt: skip
    headers = issued.as_role(Role.OFFICER)
    first = issued.client.get(f"{REPORT}?lang=zh&edition=1", headers=headers).text
    assert "第 1 期第 1 版" in first
    assert "10.0（3/300）" in first or "10.0 (3/300)" in first
    assert "平台更正了九月的检查数" not in first
    assert "此后有 1 个店铺月的检查数晚报或更正。" in first
    latest = issued.client.get(f"{REPORT}?lang=zh", headers=headers).text
    assert "第 1 期第 2 版" in latest
    assert "出具第 2 版的理由：平台更正了九月的检查数" in latest
    assert "上一版 10.0 (3/300)，本版 7.5 (3/400)（−2.50）" in latest
    for nonsense in ("3", "0", "x", "٢", "99999999"):
        answer = issued.client.get(f"{REPORT}?edition={nonsense}", headers=headers)
        assert answer.status_code == 404
