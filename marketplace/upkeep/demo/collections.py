"""Plays the demo's collections: ended, live, scheduled, in preparation, taken down; pins and rotation.

In the live ones a slot was rotated from a reserve, and one is held for a suspended product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.clock import start_of, today
from marketplace.base.db import announce, read, write
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.catalog.queries import list_test_reports
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.events import CollectionPublished
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    RecheckKind,
    SlotKind,
    SlotStatus,
)
from marketplace.features.promotion.queries import Offer, SlotRow, list_offers, list_slots
from marketplace.features.promotion.tables import Collection, Slot
from marketplace.features.registry import commands as registry
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.shelf_life import do, note
from marketplace.upkeep.demo.story import Story


@dataclass(frozen=True, slots=True)
class _Plan:
    """A collection to make; days from today, `pins` as (brand slug, category, reason)."""

    title_zh: str
    title_en: str
    intro_zh: str
    intro_en: str
    start: int
    end: int
    slots: int
    pins: tuple[tuple[str, str, str], ...] = ()
    category: str | None = None
    fills: bool = True
    publishes: bool = True


_WINTER = _Plan(
    "冬天，跑起来", "Winter, running", "从晨跑到爬山，都是自己的楦、自己的底。",
    "From morning runs to mountain trails, on their own lasts and soles.", -3, 25, 8,
    (("mufengtuo", "running", "开季主推，整组照片最全"), ("mulansheng", "hiking", "冬季徒步，门店反馈好"),
     ("haiyanlan", "court", "新开版，首次上专场"), ("lanfengchi", "kids", "童款只有这一款达到库存"),
     ("hemuzhou", "basketball", "新品，检验报告刚出")),
)  # fmt: skip
_COURT = _Plan(
    "板鞋与帆布", "Court and canvas", "简单的鞋，认真的线迹。",
    "Simple shoes, careful stitching.", -6, 20, 6,
    (("yunzhanli", "court", "版型改过两次，值得看"), ("qingrongdu", "canvas", "本地织的帆布")),
)  # fmt: skip
_TRAIL = _Plan(
    "山里走", "Into the hills", "徒步鞋专场，九天后开场。", "Hiking shoes; opens in nine days.",
    9, 30, 8, (("fengtinglu", "hiking", "试穿记录最完整"),), "hiking",
)  # fmt: skip
_KIDS = _Plan(
    "新春童鞋（筹备）", "New year kids (draft)", "", "", 10, 40, 12,
    (("xingyulan", "kids", "版位试排"), ("baitangzhou", "kids", "和去年同期对照")), "kids",
    fills=False, publishes=False,
)  # fmt: skip
_GOODS = _Plan("年货节鞋款", "New year goods", "", "", 4, 12, 6)
_ENDED = (
    ("开学季童鞋", "Back to school", -100, -70, "kids"),
    ("秋天的球场", "Autumn court", -75, -45, "basketball"),
)


def play(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Make every collection, then let what happens in them happen."""
    _tie_group(app, people, told, ids)
    offers = _eligible(app, people)
    for title_zh, title_en, start, end, category in _ENDED:
        fitting = [o for o in offers if o.category == category]
        _ended(app, people, title_zh, title_en, start, end, fitting)
    winter, court = (_make(app, people, plan, offers) for plan in (_WINTER, _COURT))
    for number in (winter, court):
        for kind in RecheckKind:
            do(
                app,
                lambda s, c=number, k=kind: promotion.run_recheck(
                    s, app.rulebook(), clock=app.clock, collection_id=c, kind=k
                ),
            )
    for plan in (_TRAIL, _KIDS):
        _make(app, people, plan, offers)
    goods = _make(app, people, _GOODS, offers)
    write(
        app.store,
        lambda s: promotion.withdraw_collection(
            s, clock=app.clock, actor=people.marketer, collection_id=goods,
            reason="平台活动改期，先撤下，改期后另建。",
        ),
    )  # fmt: skip
    _rotate_one(app, people, court)
    _hold_one(app, people, court)


def _tie_group(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """Two operators are one group: the cap of slots counts them together."""
    write(
        app.store,
        lambda s: registry.declare_affiliate(
            s, clock=app.clock, actor=people.officer, operator_id=ids[1].operator_id,
            name=told[2].name, uscc=told[2].uscc, relation="同一实际控制人（虚构）",
        ),
    )  # fmt: skip


def _make(app: App, people: People, plan: _Plan, offers: Sequence[Offer]) -> int:
    rulebook, clock = app.rulebook(), app.clock
    now = start_of(today(clock)) + timedelta(hours=9)
    number = write(
        app.store,
        lambda s: promotion.create_collection(
            s, rulebook, clock=clock, actor=people.marketer,
            title_zh=plan.title_zh, title_en=plan.title_en,
            intro_zh=plan.intro_zh, intro_en=plan.intro_en,
            starts_at=now + timedelta(days=plan.start), ends_at=now + timedelta(days=plan.end),
            slot_count=plan.slots, category=plan.category,
        ),
    )  # fmt: skip
    for position, (slug, category, reason) in enumerate(plan.pins):
        chosen = next(
            (o for o in offers if o.brand_slug == slug and o.category == category), None
        ) or next(o for o in offers if o.brand_slug == slug)
        do(
            app,
            lambda s, o=chosen, at=position, why=reason: promotion.pin_product(
                s, rulebook, clock=clock, actor=people.marketer, collection_id=number,
                product_id=o.product_id, position=at, reason=why,
            ),
        )  # fmt: skip
    if plan.fills:
        write(
            app.store,
            lambda s: promotion.fill_by_rotation(
                s, rulebook, clock=clock, actor=people.marketer, collection_id=number,
                seed=20_261_126 + number,
            ),
        )  # fmt: skip
    if plan.publishes:
        write(
            app.store,
            lambda s: promotion.publish_collection(
                s, rulebook, clock=clock, actor=people.marketer, collection_id=number
            ),
        )
    return number


def _eligible(app: App, people: People) -> list[Offer]:
    with read(app.store) as session:
        return list_offers(
            session, people.marketer, app.rulebook(), clock=app.clock, only_eligible=True
        )


def _ended(
    app: App,
    people: People,
    title_zh: str,
    title_en: str,
    start: int,
    end: int,
    offers: Sequence[Offer],
) -> None:
    """Write a collection that is over; its products were featured, so rotation puts others first."""
    now = start_of(today(app.clock)) + timedelta(hours=9)

    def work(session: Session) -> None:
        row = Collection(
            program=app.rulebook().program.key,
            slug=title_en.lower().replace(" ", "-"),
            title_zh=title_zh, title_en=title_en, category=offers[0].category,
            status=CollectionStatus.PUBLISHED,
            starts_at=now + timedelta(days=start), ends_at=now + timedelta(days=end),
            slot_count=8, cap_per_group=app.rulebook().featuring.cap_per_group,
            created_by=people.marketer.account_id,
            created_at=now + timedelta(days=start - 12),
            published_by=people.marketer.account_id,
            published_at=now + timedelta(days=start - 5),
        )  # fmt: skip
        session.add(row)
        session.flush()
        groups: set[int] = set()
        for offer in offers:
            if offer.facts.group in groups or len(groups) == row.slot_count:
                continue
            session.add(
                Slot(
                    collection_id=row.key, product_id=offer.product_id, position=len(groups),
                    kind=SlotKind.ROTATION, status=SlotStatus.ACTIVE,
                    placed_by=people.marketer.account_id, placed_at=row.created_at,
                )
            )  # fmt: skip
            groups.add(offer.facts.group)
        note(session, app, title_en)
        announce(session, CollectionPublished(row.key, row.program))

    write(app.store, work)


def _shown(app: App, people: People, number: int, kind: SlotKind) -> list[SlotRow]:
    with read(app.store) as session:
        slots = list_slots(
            session, people.marketer, app.rulebook(), clock=app.clock, collection_id=number
        )
    return [s for s in slots if s.kind is kind and s.status is SlotStatus.ACTIVE]


def _rotate_one(app: App, people: People, number: int) -> None:
    """A sample fails in the laboratory: the product leaves its slot, the first reserve takes it."""
    product_id = _shown(app, people, number, SlotKind.ROTATION)[0].offer.product_id
    day = today(app.clock)
    with read(app.store) as session:
        last = list_test_reports(session, people.officer, product_id=product_id)[0]
    write(
        app.store,
        lambda s: catalog.record_test_report(
            s, clock=app.clock, actor=people.officer, product_id=product_id,
            report_no=f"{last.report_no}-F", laboratory=last.laboratory, cma_no=last.cma_no,
            standard=last.standard, outcome=TestOutcome.FAILED,
            issued_on=day - timedelta(days=1), valid_until=day + timedelta(days=729),
        ),
    )  # fmt: skip


def _hold_one(app: App, people: People, number: int) -> None:
    """A person suspends a product on evidence: its slot is held, nobody else gets it meanwhile."""
    product_id = _shown(app, people, number, SlotKind.ROTATION)[-1].offer.product_id
    write(
        app.store,
        lambda s: catalog.suspend_product(
            s, app.rulebook(), clock=app.clock, actor=people.officer, product_id=product_id,
            reason="到货与备案照片不符，先行暂停，等企业说明（虚构）。",
        ),
    )  # fmt: skip
