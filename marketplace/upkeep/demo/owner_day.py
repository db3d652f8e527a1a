"""Plays the demo owner's last days, so that his phone shows every state of his pages.

A milestone sent back with its reason, another in review, an approval that ends soon, a product to
correct, a suspicion he may answer and one his word settled, changes agreed to, returned and
waiting, a disclosure that was looked at once, unread messages; beside
him an agent of the same firm, and in the office a few things past their day.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image, ImageDraw
from sqlmodel import Session, col, select

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Capacity, Role
from marketplace.base.access.sessions import actor_of
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import read, write
from marketplace.base.files import receive_file
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import Moderation, ProductVerdict
from marketplace.features.catalog.tables import Product
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.history import commands as history
from marketplace.features.history.kinds import EarlierKind, QuantityBand, Reliability
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.queries import is_enrolled, time_zero
from marketplace.features.progress.tables import Certification
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import list_change_requests
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.hours import office_hour
from marketplace.upkeep.demo.people import People, make_account
from marketplace.upkeep.demo.story import Plot, Story

_ENDS_IN = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every scene below needs."""

    app: App
    people: People
    owner: Actor
    own: FactoryIds

    def do(self, work: Callable[[Session], object]) -> object:
        """Run one command."""
        return write(self.app.store, work)


def play_owner(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """Play the demo owner's days and what the office has not got round to."""
    with read(app.store) as session:
        owner = actor_of(session, people.owner_account)
    if owner is None:
        return
    stage = _Stage(app, people, owner, ids[0])
    _agent(stage)
    _milestones(stage)
    _ends_soon(stage)
    _product(stage)
    _answered(stage)
    _suspicion(stage)
    _changes(stage)
    _past(stage)
    newcomers = [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.NEWCOMER]
    _late(stage, newcomers[5:8])


def _agent(stage: _Stage) -> None:
    """Give the firm an agent (代办人): he may do the daily things and not the head's."""
    clock, admin = stage.app.clock, stage.people.admin
    stage.do(
        lambda s: make_account(
            s, clock, admin, login="agent", name="小郑（演示代办人）",
            role=Role.OWNER, program=stage.app.rulebook().program.key,
            operators=[(stage.own.operator_id, Capacity.AGENT)],
        )
    )  # fmt: skip


def _milestones(stage: _Stage) -> None:
    sent = FixedClock(office_hour(stage.app, 4, 3))
    first = stage.do(lambda s: _hand_in(s, stage, "brand_book", "brand_book", 205, sent))
    stage.do(
        lambda s: progress.decide_certification(
            s, stage.app.rulebook(), clock=stage.app.clock, actor=stage.people.officer,
            certification_id=int(str(first)), status=CertificationStatus.RETURNED,
            note="还差标志的使用规范：请补一页标准色、最小尺寸和错误用法（演示）",
            reason_code="incomplete",
        )
    )  # fmt: skip
    clock = stage.app.clock
    stage.do(lambda s: _hand_in(s, stage, "flagship_store", "store_page", 225, clock))


def _hand_in(
    session: Session, stage: _Stage, condition: str, kind: str, shade: int, clock: Clock
) -> int:
    use = receive_file(
        session, clock=clock, actor=stage.owner, content=_page(shade),
        name=f"{kind}.png", purpose=kind, subject=f"factory:{stage.own.factory_id}",
        program=stage.app.rulebook().program.key, operator_id=stage.own.operator_id,
        data_dir=stage.app.data_dir,
    )  # fmt: skip
    return progress.submit_certification(
        session, stage.app.rulebook(), clock=clock, actor=stage.owner,
        factory_id=stage.own.factory_id, condition=condition, evidence=[(kind, use)],
    )  # fmt: skip


def _page(shade: int) -> bytes:
    """Return a picture of a sheet of paper: enough to open, nothing to read."""
    sheet = Image.new("RGB", (480, 640), (shade, shade - 4, shade - 16))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((60, 70, 420, 250), fill=(31, 95, 91))
    for line in range(8):
        pen.rectangle(
            (60, 300 + 34 * line, 420 - 30 * (line % 3), 312 + 34 * line), fill=(150, 146, 136)
        )
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _ends_soon(stage: _Stage) -> None:
    """Let an approval of the owner's end soon, whenever the demo is loaded."""
    until = today(stage.app.clock) + _ENDS_IN

    def work(session: Session) -> None:
        row = session.execute(
            select(Certification).where(
                Certification.factory_id == stage.own.factory_id,
                Certification.condition == "real_name",
                Certification.status == CertificationStatus.APPROVED,
            )
        ).scalar()
        if row is None:
            return
        row.valid_until = until
        audit.record(
            session, clock=stage.app.clock, actor=SYSTEM, action="upkeep.load_demo_factory",
            subject=f"factory:{stage.own.factory_id}", program=row.program,
            operator_id=row.operator_id, facts={"real_name_until": until},
        )  # fmt: skip

    stage.do(work)


def _product(stage: _Stage) -> None:
    with read(stage.app.store) as session:
        waiting = session.execute(
            select(Product.id)
            .where(
                col(Product.id).in_(stage.own.product_ids),
                Product.status == Moderation.SUBMITTED,
            )
            .order_by(col(Product.id))
        ).scalars()
        product_id = next(iter(waiting), None)
    if product_id is None:
        return
    stage.do(
        lambda s: catalog.decide_product(
            s, stage.app.rulebook(), clock=stage.app.clock, actor=stage.people.reviewer,
            product_id=product_id,
            verdict=ProductVerdict.CHANGES_REQUESTED, reason_codes=["photos_unclear"],
            note="主图只看得到鞋面，请补一张能看清鞋底的照片（演示）", is_enrolled=is_enrolled,
        )
    )  # fmt: skip


def _suspicion(stage: _Stage) -> None:
    """A finding recorded two days ago, not decided: the owner may speak first."""
    if not stage.own.store_ids:
        return
    day = today(stage.app.clock)
    stage.do(
        lambda s: enforcement.record_finding(
            s, clock=stage.app.clock, actor=stage.people.officer,
            store_id=stage.own.store_ids[0], origin=Origin.CONSUMER, listings=1,
            found_on=day - timedelta(days=2),
            statement="消费者反映一款鞋的侧边图形像另一家的标志，请先说明设计来源（虚构）",
            reference="demo:owner:suspicion",
        )
    )  # fmt: skip


def _answered(stage: _Stage) -> None:
    """An older suspicion that the owner's word settled: heard, then not upheld."""
    if not stage.own.store_ids:
        return
    clock, officer = FixedClock(office_hour(stage.app, 18, 2)), stage.people.officer
    number = stage.do(
        lambda s: enforcement.record_finding(
            s, clock=clock, actor=officer, store_id=stage.own.store_ids[0],
            origin=Origin.RIGHT_HOLDER, listings=1, found_on=today(stage.app.clock) - timedelta(days=20),
            statement="权利人认为鞋舌标签与其标志近似（虚构）", reference="demo:owner:answered",
        )
    )  # fmt: skip
    finding_id = int(str(number))
    clock.at = office_hour(stage.app, 11, 5)
    stage.do(
        lambda s: enforcement.hear_owner(
            s, clock=clock, actor=stage.owner, finding_id=finding_id,
            statement="标签是自家“木兰笙”三个字的缩写，附了商标受理通知书（演示）",
        )
    )  # fmt: skip
    clock.at = office_hour(stage.app, 3, 0)
    stage.do(
        lambda s: enforcement.decide_finding(
            s, stage.app.rulebook(), clock=clock, actor=stage.people.reviewer,
            finding_id=finding_id, uphold=False,
            reason="标签为自有文字，与投诉图形不近似（演示）", time_zero=time_zero,
        )
    )  # fmt: skip


def _changes(stage: _Stage) -> None:
    """One change agreed to, one returned with its reason, one that still waits."""
    _decide_waiting(stage, approve=True, reason="与社保人数相符（演示）")
    _ask(stage, {"address": "福建省莆田市涵江区白塘镇滨海大道8号"})
    _decide_waiting(
        stage, approve=False, reason="执照上仍是6号，请先办地址变更，再附新执照（演示）"
    )
    _ask(stage, {"capacity_pairs_per_year": 3_600_000})


def _ask(stage: _Stage, values: dict[str, str | int | None]) -> None:
    stage.do(
        lambda s: registry.submit_change_request(
            s, stage.app.rulebook(), clock=stage.app.clock, actor=stage.owner,
            factory_id=stage.own.factory_id, values=values,
        )
    )  # fmt: skip


def _decide_waiting(stage: _Stage, *, approve: bool, reason: str) -> None:
    with read(stage.app.store) as session:
        waiting = list_change_requests(
            session, stage.people.officer, factory_id=stage.own.factory_id,
            status=ChangeStatus.SUBMITTED,
        )  # fmt: skip
    for request in waiting:
        stage.do(
            lambda s, r=request: registry.decide_change_request(
                s, clock=stage.app.clock, actor=stage.people.officer,
                request_id=r.request_id, approve=approve, reason=reason,
            )  # type: ignore[misc]
        )  # fmt: skip


def _past(stage: _Stage) -> None:
    clock, rulebook = stage.app.clock, stage.app.rulebook()
    operator_id = stage.own.operator_id
    stage.do(
        lambda s: history.disclose(
            s, clock=clock, actor=stage.owner, operator_id=operator_id,
            quantity_band=QuantityBand.SOME, year_band=rulebook.disclosure.year_bands[1],
            notice_sha256=digest(["demo notice"]),
        )
    )  # fmt: skip
    stage.do(
        lambda s: history.view_disclosure(
            s, clock=clock, actor=stage.people.officer, operator_id=operator_id,
            reason="安排品牌培训前了解情况（演示）",
        )
    )  # fmt: skip
    day = today(clock)
    if stage.own.store_ids:
        stage.do(
            lambda s: history.record_earlier_record(
                s, clock=clock, actor=stage.people.officer, store_id=stage.own.store_ids[0],
                kind=EarlierKind.LISTINGS, source="平台下架清单（虚构）",
                reliability=Reliability.PLATFORM, unit="listings", quantity=7,
                period_from=day.replace(year=day.year - 5, month=3, day=1),
                period_until=day.replace(year=day.year - 5, month=7, day=1),
                cause="标题含他人品牌词（虚构）", reference_no="XJ-DEMO-07",
            )
        )  # fmt: skip


def _late(stage: _Stage, newcomers: Sequence[FactoryIds]) -> None:
    """Let a few things wait past their day: the desk shows them first."""
    for n, own in enumerate(newcomers):
        then = FixedClock(stage.app.clock.now() - timedelta(days=9 + 2 * n))
        stage.do(
            lambda s, o=own, c=then: progress.apply_enrollment(
                s,
                clock=c,
                actor=stage.people.deputy,
                operator_id=o.operator_id,
                signed_on=today(c) - timedelta(days=1),
                signed_by="负责人（演示）",
            )  # type: ignore[misc]
        )
