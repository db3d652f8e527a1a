"""Plays what happens to demo products: fresh verifications, objections, lost marks, failed tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import Clock, today
from marketplace.base.db import housekeeping_write, read, write
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import (
    HolderKind,
    Moderation,
    ProductVerdict,
    TrademarkStatus,
)
from marketplace.features.catalog.tables import Product, Trademark
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import is_enrolled
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.commands.scans import UNKNOWN, add_scans
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.hours import gone_back, office_hour
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

# Two of the fresh ones were verified before anybody could have looked: for the auditor to ask about.
_HASTY = {3: timedelta(minutes=2, seconds=40), 8: timedelta(seconds=45)}
_LAST = 24  # the last product of a full shelf: complete, and never handed in by the past


def do(app: App, work: Callable[..., object]) -> object:
    """Run one command as people do; `work` may bind what it needs."""
    return write(app.store, work)


def verify_some(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> list[int]:
    """Hand in and verify a product of several firms; return them. Their windows are open."""
    chosen = [
        own.product_ids[_LAST]
        for story, own in zip(told, ids, strict=True)
        if story.index % 3 == 1 and story.reached >= 5 and len(own.product_ids) > _LAST
        and story.plot is not Plot.LEAVER
    ][:12]  # fmt: skip
    with gone_back(app) as (_, clock):
        for turn, product_id in enumerate(chosen):
            decided = office_hour(app, 1 + turn * 5 % 9, turn)
            sent = office_hour(app, 5 + turn * 5 % 9 + turn % 3, turn + 3)
            if turn in _HASTY:
                sent = decided - _HASTY[turn]
            clock.at = sent
            _send(app, people, clock, product_id)
            clock.at = decided
            _verify(app, people, clock, product_id)
    return chosen


def _send(app: App, people: People, clock: Clock, product_id: int) -> None:
    write(
        app.store,
        lambda s: catalog.submit_product(
            s, app.rulebook(), clock=clock, actor=people.deputy, product_id=product_id
        ),
    )


def _verify(app: App, people: People, clock: Clock, product_id: int) -> None:
    write(
        app.store,
        lambda s: catalog.decide_product(
            s, app.rulebook(), clock=clock, actor=people.reviewer, product_id=product_id,
            verdict=ProductVerdict.VERIFIED, reason_codes=[], note="图稿与实物逐处一致。",
            design_compared=True, lapse_ids=[], is_enrolled=is_enrolled,
        ),
    )  # fmt: skip


def object_to_some(app: App, people: People, product_ids: Sequence[int]) -> None:
    """Two objections wait, one was dismissed, one upheld."""
    grounds = (
        ("岚川体育（虚构）", "侧面弧线与我方第 7 类外观设计近似，附对比图。"),
        ("远汀鞋业（虚构）", "鞋舌标签的位置和形状与我方在先产品相同。"),
        ("岚川体育（虚构）", "认为外底纹路近似，未附图。"),
        ("汐止运动（虚构）", "中底三段式造型与我方专利一致，附检索报告。"),
    )
    for product_id, (objector, note) in zip(product_ids, grounds, strict=False):
        do(
            app,
            lambda s, p=product_id, o=objector, g=note: promotion.record_objection(
                s, clock=app.clock, actor=people.deputy, product_id=p, note=g, objector=o
            ),
        )
    for product_id, uphold, reason in (
        (product_ids[2], False, "外底纹路为行业常见人字纹，不构成近似。"),
        (product_ids[3], True, "造型要点一致，企业也认可，改款后再送审。"),
    ):
        do(
            app,
            lambda s, p=product_id, u=uphold, r=reason: promotion.decide_objection(
                s, clock=app.clock, actor=people.reviewer, product_id=p, uphold=u, reason=r
            ),
        )


def lose_marks(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """One firm's mark is revoked, another's license from its affiliate ends: all products go."""
    rulebook, clock = app.rulebook(), app.clock
    late = [
        own
        for story, own in zip(told, ids, strict=True)
        if 24 <= story.index < 44 and story.reached >= 5 and story.plot is Plot.IMPROVER
    ]
    with read(app.store) as session:
        licensed = _brand_with(session, late, HolderKind.AFFILIATE)
        held = _brand_with(session, late, HolderKind.FIRM)
    if held is not None:
        write(
            app.store,
            lambda s: catalog.change_trademark_status(
                s, rulebook, clock=clock, actor=people.officer, trademark_id=held,
                status=TrademarkStatus.REVOKED, reason="连续三年不使用，撤销公告（虚构）。",
            ),
        )  # fmt: skip
    if licensed is not None:
        write(
            app.store,
            lambda s: catalog.end_license(
                s, rulebook, clock=clock, actor=people.officer, trademark_id=licensed,
                reason="关联企业终止许可，双方已盖章（虚构）。",
            ),
        )  # fmt: skip


def _brand_with(
    session: Session, firms: Sequence[FactoryIds], holder: HolderKind
) -> int | None:
    brands = [own.brand_id for own in firms if own.brand_id is not None]
    for brand_id in brands:
        mark = session.execute(select(Trademark).where(Trademark.brand_id == brand_id)).scalar()
        if mark is not None and mark.holder_kind is holder:
            return int(mark.key)
    return None


def leave_one(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """A firm with verified products leaves the program; they go with it."""
    own = next(
        own
        for story, own in zip(told, ids, strict=True)
        if story.index >= 30 and story.reached >= 5 and story.plot is Plot.IMPROVER
    )

    def work(session: Session) -> None:
        enrollment_id = session.execute(
            select(Enrollment.id).where(Enrollment.operator_id == own.operator_id)
        ).scalar_one()
        progress.change_enrollment(
            session, clock=app.clock, actor=people.officer, enrollment_id=enrollment_id or 0,
            status=EnrollmentStatus.WITHDRAWN, reason="转做箱包，主动退出（虚构）。",
        )  # fmt: skip

    write(app.store, work)


def suspend_one(app: App, people: People, ids: Sequence[FactoryIds]) -> None:
    """A product in no collection is suspended by a person, on evidence, until it is decided."""
    rulebook, clock = app.rulebook(), app.clock
    product_id = ids[14].product_ids[16]
    with read(app.store) as session:
        product = session.get(Product, product_id)
        if product is None or product.status is not Moderation.VERIFIED:
            return
    write(
        app.store,
        lambda s: catalog.suspend_product(
            s, rulebook, clock=clock, actor=people.officer, product_id=product_id,
            reason="消费者寄来实物，鞋舌标签与备案不符，先行暂停（虚构）。",
        ),
    )  # fmt: skip


def look_up(app: App) -> None:
    """Write what two months of look-ups would have left: many valid, few unknown."""
    day = today(app.clock)
    with read(app.store) as session:
        rows = session.execute(
            select(Product.id, Product.status).where(col(Product.code).is_not(None))
        ).all()
    shown = [i or 0 for i, status in rows if status is Moderation.VERIFIED]
    gone = {
        Moderation.LAPSED: "lapsed",
        Moderation.WITHDRAWN: "withdrawn",
        Moderation.RECALLED: "recalled",
    }
    ended = [(i or 0, gone[status]) for i, status in rows if status in gone]
    scans: dict[tuple[int, date, str], int] = {}
    for back in range(1, 61):
        on = day - timedelta(days=back)
        for k in range(9):
            scans[(shown[(back * 13 + k * 97) % len(shown)], on, "valid")] = 9 + (back * k) % 37
        one, outcome = ended[(back * 7) % len(ended)]
        scans[(one, on, outcome)] = 1 + back % 6
        scans[(UNKNOWN, on, "unknown")] = 1 + back % 4
    with housekeeping_write(app.store) as session:
        add_scans(session, scans)


def note(session: Session, app: App, what: str) -> None:
    """Leave the one trail entry of rows written past the commands."""
    audit.record(
        session,
        clock=app.clock,
        actor=SYSTEM,
        action="upkeep.load_demo",
        subject="installation:demo",
        program=app.rulebook().program.key,
        facts={"what": what, "on": today(app.clock).isoformat()},
    )
