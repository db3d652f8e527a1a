"""The public page on appeals: counts without names, in both languages, kept for ten minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import civil_day
from marketplace.faces.ui.measures import outcomes
from marketplace.faces.ui.session import Here
from marketplace.faces.web import pages_appeals
from marketplace.faces.web.public_server import public_app
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.tables import Appeal
from marketplace.features.compliance.rules.waiting import Wait, waiting_time
from marketplace.features.enforcement.tables import StatementOfReasons
from tests.faces.web.visitor import visiting
from tests.features.conftest import PROGRAM, World
from tests.features.enforcement.dealing import offenses
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def appeals(firm: Scene, upheld: int, rejected: int) -> None:
    """Let so many appeals have ended, each against a statement of its own, after 2 to 6 days."""
    offenses(firm, upheld + rejected)
    now = firm.clock.now()

    def work(session: Session) -> None:
        papers = session.execute(select(StatementOfReasons.id)).scalars()
        for place, paper in enumerate(papers):
            session.add(
                Appeal(
                    program=PROGRAM, number=f"SS{place}", statement_id=paper,
                    store_id=firm.store_id, factory_id=firm.factory_id,
                    operator_id=firm.operator_id, instance=1, ground=AppealGround.FACTS,
                    text="理由如上所述", rulebook_sha256="0" * 64, filed_by=firm.owner.account_id, filed_at=now - timedelta(days=2 + place % 5),
                    due_on=civil_day(now), decision="已核对",
                    decided_by=firm.world.deputy.account_id,
                    status=AppealStatus.UPHELD if place < upheld else AppealStatus.REJECTED,
                    closed_at=now,
                )
            )  # fmt: skip
        audit.record(
            session, clock=firm.clock, actor=SYSTEM, action="test.appeals", subject="appeals"
        )

    firm.do(work)


def page(world: World, query: str = ""):
    with visiting(public_app(world.app)) as visitor:
        return visitor.get(f"/showcase/appeals{query}")


def test_counts_come_with_n_and_an_interval_and_without_a_name(world, firm):
    appeals(firm, 5, 15)
    told = page(world)
    # 5 of 20, exact (Clopper-Pearson) 95 %: 8.7-49.1 %.
    assert "成立率 25%（5/20 件，95% 区间 9%–49%）" in told.text
    assert "按期答复 20/20 件" in told.text
    assert "中位 4 天（95% 区间 3–5）" in told.text
    assert "第1店" not in told.text
    assert "第1鞋业" not in told.text
    assert told.headers["cache-control"] == "public, max-age=600"
    english = page(world, "?lang=en")
    assert "25% upheld (5 of 20, 95% interval 9%–49%)" in english.text


def test_appeals_left_undecided_lengthen_the_median_until_there_is_none(world, firm):
    appeals(firm, 5, 16)
    assert "中位 4 天" in page(world).text
    still_open(firm, 10)
    firm.clock.advance(days=30)
    # 11 of 21 were decided, the last of them after 6 days; 10 wait for more than 30.
    assert "中位 6 天（95% 区间从 4 天起；还在等的多，上限没有达到）" in page(world).text
    assert (
        "95% interval from 4; its upper end is not reached yet" in page(world, "?lang=en").text
    )
    still_open(firm, 11)
    told = page(world)
    assert "还没有一半得到答复，没有中位数" in told.text
    assert "not yet half are decided" in page(world, "?lang=en").text


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        ([(3, True)] * 8, ("算不出", "not computable")),
        ([(3, True)] * 7 + [(30, False)], ("算不出", "not computable")),
        ([(n, True) for n in range(1, 6)] + [(60, False)] * 4, ("上限没有达到", "not reached yet")),
        ([(1, True)] * 5 + [(9, True)] * 4, ("1–9", "1–9")),
    ],
)  # fmt: skip
def test_an_end_that_is_missing_is_said_in_words_wherever_the_median_stands(world, waits, said):
    time = waiting_time([Wait(days, ended) for days, ended in waits])
    for lang, words in zip(("zh", "en"), said, strict=True):
        here = Here(app=world.app, actor=world.officer, lang=lang, rulebook=world.rulebook)
        for told in (pages_appeals._median(time, lang), outcomes._time(here, time)):
            assert words in told
            assert "—" not in told


def still_open(firm: Scene, number: int) -> None:
    """Let the last so many appeals not be decided after all."""

    def work(session: Session) -> None:
        every = list(session.execute(select(Appeal).order_by(Appeal.id)).scalars())
        for appeal in every[-number:]:
            appeal.status, appeal.closed_at = AppealStatus.FILED, None
        audit.record(
            session, clock=firm.clock, actor=SYSTEM, action="test.appeals", subject="appeals"
        )

    firm.do(work)


def test_a_few_appeals_are_not_told_apart(world, firm):
    appeals(firm, 1, 7)
    told = page(world)
    assert "收到 8 件" in told.text
    assert told.text.count("件数少，不列") == 2
    assert "成立率 " not in told.text


def test_fewer_than_five_are_not_counted_in_public_at_all(world, firm):
    appeals(firm, 2, 2)
    assert "收到的申诉还不满 5 件，暂不列数" in page(world).text
