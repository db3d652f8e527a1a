"""What a firm's goods are written from, and the test reports of each product."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.clock import start_of, today
from marketplace.features.catalog.kinds import (
    TestOutcome,
)
from marketplace.features.catalog.tables import TestReport
from marketplace.features.registry.tables import Factory, Store
from marketplace.upkeep.demo import goods
from marketplace.upkeep.demo.bulk import Bulk
from marketplace.upkeep.demo.goods import Shelf
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.pictures import Drawn
from marketplace.upkeep.demo.story import Story

_STANDARD = {
    "running": "GB/T 15107-2013",
    "basketball": "GB/T 15107-2013",
    "court": "QB/T 2955-2017",
    "canvas": "GB 25038-2010",
    "kids": "QB/T 4331-2012",
    "hiking": "QB/T 4553-2013",
}


@dataclass(frozen=True, slots=True)
class Firm:
    """What every row of one firm needs."""

    session: Session
    bulk: Bulk
    app: App
    people: People
    story: Story
    factory: Factory
    stores: list[Store]
    rng: random.Random

    @property
    def day(self) -> date:
        """Today, where the program is."""
        return today(self.app.clock)


@dataclass(frozen=True, slots=True)
class Made:
    """One product on its way into the database."""

    row: dict[str, Any]  # by column; its `id` once it is written
    n: int
    kind: str
    shelf: Shelf
    on: date
    until: date
    drawn: Drawn

    @property
    def key(self) -> int:
        """The number it got."""
        return int(self.row["id"])


def write_reports(firm: Firm, one: Made) -> None:
    """Write the test reports of one product, the failed or expired one of a lapse included."""
    issued = min(one.on - timedelta(days=20), firm.day - timedelta(days=5))
    ends = one.until if one.shelf is Shelf.TEST_EXPIRED else issued + timedelta(days=730)
    _report(firm, one, issued=issued, ends=ends, outcome=TestOutcome.PASSED)
    _further_tests(firm, one, issued, ends)
    if one.shelf is Shelf.TEST_FAILED:
        lately = firm.day - timedelta(days=12 + one.n % 5)
        _report(
            firm, one,
            issued=lately, ends=lately + timedelta(days=730), outcome=TestOutcome.FAILED,
        )  # fmt: skip


def _further_tests(firm: Firm, one: Made, issued: date, ends: date) -> None:
    """A category that requires several standards has a report for each."""
    first = _STANDARD[one.row["category"]]
    rulebook = firm.app.house.rulebooks[one.row["program"]]
    for standard in rulebook.enforcement.required_tests(one.row["category"]):
        if standard != first:
            _report(
                firm, one, issued=issued, ends=ends,
                outcome=TestOutcome.PASSED, standard=standard,
            )  # fmt: skip


def _report(
    firm: Firm, one: Made, *,
    issued: date, ends: date, outcome: TestOutcome, standard: str | None = None,
) -> None:  # fmt: skip
    failed = outcome is TestOutcome.FAILED
    firm.bulk.add(
        TestReport,
        product_id=one.key,
        report_no=f"HC{issued:%Y%m}-{firm.story.index:03d}{one.n:02d}{'-2' if standard else ''}",
        laboratory="衡川检测（虚构）",
        cma_no="230000000000（虚构）",
        standard=standard or _STANDARD[one.row["category"]],
        outcome=outcome,
        results={} if standard else goods.measured_at(one.kind, one.n, failed=failed),
        issued_on=issued,
        valid_until=ends,
        recorded_at=start_of(issued) + timedelta(days=3),
    )
