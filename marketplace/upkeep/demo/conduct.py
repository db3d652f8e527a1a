"""Writes what was checked of one factory each month, what was found, inspections, earlier records."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from marketplace.assembly import App
from marketplace.base.clock import month_index, month_start, start_of, today
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding, NearMiss
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.progress.kinds import (
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.tables import Inspection
from marketplace.features.registry.tables import (
    Factory,
    Operator,
    Store,
)
from marketplace.upkeep.demo.bulk import Bulk
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

MONTHS = 60


def write_months(
    bulk: Bulk,
    app: App,
    story: Story,
    factory: Factory,
    operator: Operator,
    stores: list[Store],
    rng: random.Random,
) -> None:
    """Write what was checked each month and what was found in the same looking."""
    last = month_index(today(app.clock)) - 1
    zero = month_index(story.enrolled_on) if story.enrolled_on else last + 1
    first = zero if story.plot is Plot.NO_HISTORY else max(last - MONTHS + 1, zero - 24)
    if (
        story.plot is Plot.NEWCOMER
    ):  # known to the platform long before; those others wait to join
        first = last - MONTHS + 1
    draw = rng.random
    for store in stores:
        for month in range(first, last + 1):
            if story.plot is Plot.GAPS and (month + story.index) % 5 == 0:
                continue
            checked = max(
                1, int(rng.gauss(story.checked_per_month, story.checked_per_month / 5))
            )
            rate = story.base_rate if month < zero else story.later_rate
            at = start_of(month_start(month + 1)) + timedelta(days=2)
            for kind, quantity in (
                (ExposureKind.CHECKED, checked),
                (ExposureKind.LISTED, checked * 5),
            ):
                bulk.add(
                    Exposure, program=factory.program, store_id=store.key, month=month,
                    kind=kind, quantity=quantity, source="平台店铺月报（虚构）",
                    revision=1, current=True, recorded_at=at,
                )  # fmt: skip
            hits = sum([draw() < rate / 2.2 for _ in range(checked)])
            if hits:
                origin = rng.choice((Origin.PROACTIVE_MODEL,) * 4 + (Origin.CONSUMER,))
                bulk.add(
                    Finding, **_monthly(factory, operator, store, month, origin, hits, rng, at)
                )
    if story.plot is Plot.IMPROVER and story.index % 3 == 0:
        bulk.add(
            NearMiss,
            program=factory.program,
            store_id=stores[0].key,
            listings=2,
            month=last - 2,
            recorded_at=app.clock.now(),
            source="发布前筛查（虚构）",
        )


def _monthly(
    factory: Factory,
    operator: Operator,
    store: Store,
    month: int,
    origin: Origin,
    hits: int,
    rng: random.Random,
    at: datetime,
) -> dict[str, object]:
    overturned = rng.random() < 0.03
    return {
        "program": factory.program, "reference": f"monthly:{store.key}:{month}:{origin.value}",
        "store_id": store.key, "factory_id": factory.key, "operator_id": operator.key,
        "basis": FindingBasis.MONTHLY_REPORT, "origin": origin,
        "listings": hits + (rng.random() < 0.4) * rng.randint(1, 3),
        "found_on": month_start(month), "found_month": month, "statement": "平台店铺月报（虚构）",
        "status": FindingStatus.OVERTURNED if overturned else FindingStatus.UPHELD,
        "recorded_at": at, "decided_at": at,
    }  # fmt: skip


def write_inspections(
    bulk: Bulk,
    app: App,
    people: People,
    story: Story,
    factory: Factory,
    rng: random.Random,
) -> None:
    """Write the first and the periodic inspections of a firm that came so far."""
    if story.enrolled_on is None or story.reached < 3:
        return
    day = story.enrolled_on + timedelta(days=25)
    kind = InspectionKind.FIRST
    while day < today(app.clock) - timedelta(days=3):
        result = InspectionResult.PASSED
        if rng.random() < 0.18:
            result = InspectionResult.CORRECTIVE_ACTION
        bulk.add(
            Inspection,
            factory_id=factory.key,
            operator_id=factory.operator_id,
            program=factory.program,
            kind=kind,
            inspected_on=day,
            inspectors="林晓岚（演示）、陈一舟（演示）",
            result=result,
            non_conformities={
                "items": []
                if result is InspectionResult.PASSED
                else [{"grade": "major", "text": "原料出入库记录不全（虚构）"}]
            },
            corrective_due_on=day + timedelta(days=21)
            if result is InspectionResult.CORRECTIVE_ACTION
            else None,
            recorded_by=people.officer.account_id,
            recorded_at=start_of(day),
        )
        kind = InspectionKind.PERIODIC
        day += timedelta(days=rng.randint(150, 210))


def write_earlier(
    bulk: Bulk, app: App, story: Story, factory: Factory, rng: random.Random
) -> None:
    """Write a penalty of years ago for about half of the firms that have a past."""
    if story.plot in {Plot.NO_HISTORY, Plot.NEWCOMER, Plot.DRAFT} or rng.random() < 0.45:
        return
    year = rng.randint(2012, 2020)
    day = date(year, rng.randint(1, 12), rng.randint(1, 28))
    bulk.add(
        EarlierRecord,
        program=factory.program,
        factory_id=factory.key,
        kind=EarlierKind.PENALTY_DECISION,
        period_from=day,
        period_until=day + timedelta(days=1),
        quantity=rng.randint(800, 9000),
        unit="pairs",
        value_fen=rng.randint(10, 90) * 1_000_000,
        cause="销售侵犯注册商标专用权的商品",
        reference_no=f"莆市监处罚〔{year}〕{story.index + 1}号（虚构）",
        source="市监局处罚台账（虚构）",
        reliability=Reliability.OFFICIAL,
        recorded_at=app.clock.now(),
    )
