"""Plays complaints of the last months in the order of time: every state a case can be in.

Right holders, marks and complaints are invented. A case is a short script of steps, each with how
many days ago it happened; all steps together are played by a clock that goes forward only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, select

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import PUBLIC, SYSTEM
from marketplace.base.access.sessions import actor_of
from marketplace.base.clock import FixedClock, start_of, today
from marketplace.base.db import read, write
from marketplace.features.complaints.commands import send_public_complaint
from marketplace.features.complaints.kinds import RightKind
from marketplace.features.complaints.tables import PublicComplaint
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Store, StoreHolding
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.hours import bind_to
from marketplace.upkeep.demo.intake_plots import PAST, PUBLIC_TEXTS, Past, plots
from marketplace.upkeep.demo.intake_stage import MARK, SECOND_MARK, Case, Stage, Step
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.pictures import certificate_picture
from marketplace.upkeep.demo.story import Plot, Story

SEED = 20_191_219
Played = tuple[datetime, Callable[[Stage], object]]


def play_intake(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """Register the right holders, then play all scripts step by step in the order of time."""
    day = today(app.clock)
    clock = FixedClock(start_of(day - timedelta(days=130)))
    with read(app.store) as session:
        owner = actor_of(session, people.owner_account)
        holder = actor_of(session, people.holder_account)
    if owner is None or holder is None:
        return
    stage = Stage(app, people, holder, owner, clock)
    _rights(stage)
    outside = write(app.store, lambda s: _outside_stores(s, app, told, ids))
    inside = [i.store_ids[0] for s, i in zip(told, ids, strict=True) if _plays(s, i)]
    steps = [
        *_scripts(plots(ids[0].store_ids[0], inside[:24]), day),
        *_past(stage, inside[24:50], outside, day),
        *_public(stage, day),
        (start_of(day - timedelta(days=2)), _waiting_right),
    ]
    bind_to(app, replace(app.house, clock=clock))  # messages come when things happen
    try:
        for at, step in sorted(steps, key=lambda one: one[0]):
            clock.at = at
            step(stage)
    finally:
        bind_to(app, app.house)


def _plays(story: Story, ids: FactoryIds) -> bool:
    wanted = {Plot.IMPROVER, Plot.STEADY, Plot.TINY, Plot.GAPS}
    return story.index > 0 and story.plot in wanted and bool(ids.store_ids)


def _rights(stage: Stage) -> None:
    program = stage.app.rulebook().program.key
    stage.do(
        "register_right_holder", program=program, name="驰岳运动用品有限公司（虚构）",
        contact="品牌保护部（演示）", account_id=stage.holder.account_id,
    )  # fmt: skip
    other = stage.do(
        "register_right_holder", program=program, name="野渡户外有限公司（虚构）", contact="法务（演示）"
    )  # fmt: skip
    given = (
        (MARK, RightKind.TRADEMARK, "70000101（虚构）", "25", None, True),
        ("驰岳图案集（虚构）", RightKind.REGISTERED_WORK, "作登字-2026-F-0001（虚构）", "", None, False),
        (SECOND_MARK, RightKind.TRADEMARK, "70000202（虚构）", "18 25", other, True),
    )  # fmt: skip
    for mark, kind, number, classes, holder_id, verified in given:
        right = _right(stage, mark, kind, number, classes, holder_id=holder_id)
        stage.do(
            "decide_right", stage.people.deputy, right_id=right, verify=verified,
            reason="" if verified else "登记证书缺第二页，请补全后重新提交（虚构）",
        )  # fmt: skip


def _waiting_right(stage: Stage) -> int:
    """Register the right that still waits for the office, a few days ago."""
    return _right(
        stage, "驰岳鞋侧弧线（虚构）", RightKind.DESIGN_PATENT, "ZL20263000001（虚构）", ""
    )


def _right(
    stage: Stage,
    mark: str,
    kind: RightKind,
    number: str,
    classes: str,
    *,
    holder_id: int | None = None,
) -> int:
    """Register a right with its certificate, by the holder himself unless it is another's."""
    who = None if holder_id else stage.holder
    right = int(
        stage.do(
            "register_right", who, kind=kind, mark=mark, number=number, nice_classes=classes,
            holder_id=holder_id,
        )
    )  # fmt: skip
    stage.rights[mark] = right
    stage.do(
        "add_right_document", who, right_id=right, content=certificate_picture(mark),
        name=f"{mark}证书.png", data_dir=stage.app.data_dir,
    )  # fmt: skip
    return right


def _outside_stores(
    session: Session, app: App, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> list[int]:
    """Give four firms that are not enrolled a store each: enrollment is no shield, so both."""
    fresh = [(s, i) for s, i in zip(told, ids, strict=True) if s.plot is Plot.NEWCOMER]
    found = []
    for n, (story, own) in enumerate(fresh[9:13]):
        opened = date(2024, 3, 1)
        store = Store(
            program=app.rulebook().program.key,
            platform="平台乙（演示）",
            store_no=f"DEMON{story.index:03d}",
            name=f"新办{('东', '南', '西', '北')[n]}门鞋铺（虚构）",
            status=StoreStatus.OPEN,
            created_at=start_of(opened),
        )
        session.add(store)
        session.flush()
        session.add(
            StoreHolding(
                store_id=store.key,
                factory_id=own.factory_id,
                from_on=opened,
                basis="营业执照与平台主体一致",
                status=HoldingStatus.CONFIRMED,
                confirmed_at=start_of(opened),
            )
        )
        found.append(store.key)
    audit.record(
        session,
        clock=app.clock,
        actor=SYSTEM,
        action="upkeep.load_demo",
        subject="installation:demo",
        program=app.rulebook().program.key,
        facts={"stores": found},
    )
    return found


def _at(day: date, ago: float) -> datetime:
    """Return an instant some days ago: whole days at nine in the morning, the rest in hours."""
    return start_of(day) + timedelta(hours=9) - timedelta(days=ago)


def _scripts(
    scripts: Sequence[tuple[int, str, Sequence[tuple[float, Step]]]], day: date
) -> list[Played]:
    found: list[Played] = []
    for store_id, item, steps in scripts:
        case = Case(store_id, item)
        for ago, step in steps:
            found.append((_at(day, ago), partial(_take, step, case)))
    return found


def _take(step: Step, case: Case, stage: Stage) -> object:
    return step(stage, case)


def _past(
    stage: Stage, inside: Sequence[int], outside: Sequence[int], day: date
) -> list[Played]:
    """Return complaints of consumers and inspectors that were answered long ago."""
    rng = random.Random(SEED)
    found: list[Played] = []
    stores = [*inside[:18], *(outside[n % len(outside)] for n in range(14) if outside)]
    for n, store_id in enumerate(stores):
        past = PAST[n % len(PAST)]
        case = Case(store_id, f"{880_000 + n}")
        received = rng.randint(25, 110) - rng.random() / 4
        took = rng.choice((1, 1, 2, 2, 3, 3, 4, 6, 9, 13))
        heard = received - 0.1
        told = (
            (received, lambda s, c=case, p=past: _receive(s, c, p)),
            (received - 0.05, lambda s, c=case: s.do("forward_complaints", case_id=c.case_id)),
            (heard, lambda s, c=case, p=past: _answer(s, c, p)),
            (received - took, lambda s, c=case, p=past: _decide(s, c, p)),
        )
        found.extend((_at(day, ago), step) for ago, step in told)
    return found


def _receive(stage: Stage, case: Case, past: Past) -> None:
    stage.do(
        "receive_complaint", store_id=case.store_id, origin=past.origin, item=case.item,
        text=past.text,
    )  # fmt: skip
    stage.note_ids(case)


def _answer(stage: Stage, case: Case, past: Past) -> None:
    stage.do("answer_case", case_id=case.case_id, answer=past.answer, statement=past.said)


def _decide(stage: Stage, case: Case, past: Past) -> None:
    deputy = stage.people.deputy
    if past.refusal is None:
        stage.do("uphold_complaint", deputy, complaint_id=case.complaint_id, reason=past.reason)
    else:
        stage.do(
            "refuse_complaint", deputy, complaint_id=case.complaint_id, code=past.refusal,
            reason=past.reason, next_step="补充购买凭证和实物对照照片后可以再次提交（虚构）",
        )  # fmt: skip
    stage.do("close_case", deputy, case_id=case.case_id, reason=past.closing)


def _public(stage: Stage, day: date) -> list[Played]:
    program = stage.app.rulebook().program.key

    def send(s: Stage, n: int) -> None:
        write(s.app.store, lambda x: _send(x, s, program, n))

    def decline(s: Stage) -> None:
        with read(s.app.store) as session:
            first = session.execute(select(sa.func.min(PublicComplaint.id))).scalar_one()
        s.do(
            "decline_public_complaint", public_id=int(first),
            reason="这家店铺不在本项目登记册内，我们无权处理，已核对店铺名和编号（虚构）",
            next_step="请向店铺所在平台投诉，或拨打 12315。",
        )  # fmt: skip

    return [
        (_at(day, 6), lambda s: send(s, 0)),
        (_at(day, 5), decline),
        (_at(day, 1.2), lambda s: send(s, 1)),
        (_at(day, 0.5), lambda s: send(s, 2)),
    ]


def _send(session: Session, stage: Stage, program: str, n: int) -> None:
    """Send a complaint; its code is made one that can be written in a guide."""
    shop, item, brand, text = PUBLIC_TEXTS[n]
    code = send_public_complaint(
        session, stage.app.rulebook(program), clock=stage.clock, actor=PUBLIC, shop=shop,
        item=item, brand=brand, text=text, contact=f"1390000002{n}",
    )  # fmt: skip
    row = session.execute(
        select(PublicComplaint).where(PublicComplaint.code == code)
    ).scalar_one()
    row.code = f"DEMO-CODE-000{n + 1}"
