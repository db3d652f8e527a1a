"""Plays the last weeks through the commands people use, so that every list has its states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import AccountOperator, Capacity
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import read, write
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import TestOutcome
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry import commands as registry
from marketplace.upkeep.demo import collections, shelf_life
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.hours import gone_back, office_hour
from marketplace.upkeep.demo.measured import TOLD, firms
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

_DECIDED = 5  # of the firms that relapsed, so many have their findings decided


def tie_owner(session: Session, people: People, ids: Sequence[FactoryIds]) -> None:
    """Let the demo owner act for the first factory."""
    session.add(
        AccountOperator(
            account_id=people.owner_account,
            operator_id=ids[0].operator_id,
            capacity=Capacity.HEAD,
        )
    )


def play(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Play the present: submissions, enrollments, findings, a sourced conflict, collections."""
    rulebook = app.rulebook()
    with read(app.store) as session:
        owner = actor_of(session, people.owner_account)
    _owner_submits(app, rulebook, owner, ids[0])
    _newcomers(app, rulebook, people, told, ids)
    _findings(app, rulebook, people, told, ids)
    _sources(app, rulebook, people, told, ids)
    fresh = shelf_life.verify_some(app, people, told, ids)
    shelf_life.object_to_some(app, people, fresh)
    shelf_life.lose_marks(app, people, told, ids)
    shelf_life.leave_one(app, people, told, ids)
    shelf_life.suspend_one(app, people, ids)
    collections.play(app, people, told, ids)
    shelf_life.look_up(app)


def _do(app: App, work: Callable[..., object]) -> object:
    return write(app.store, work)


def _owner_submits(app: App, rulebook: Rulebook, owner: Actor | None, own: FactoryIds) -> None:
    if owner is None:
        return
    clock = app.clock
    for product_id in own.product_ids[21:24]:
        _do(
            app,
            lambda s, p=product_id: catalog.record_test_report(
                s,
                clock=clock,
                actor=owner,
                product_id=p,
                report_no=f"HC-NEW-{p}",
                laboratory="衡川检测（虚构）",
                cma_no="230000000000（虚构）",
                standard=_standard(s, rulebook, p),
                outcome=TestOutcome.PASSED,
                issued_on=today(clock) - timedelta(days=20),
                valid_until=today(clock) + timedelta(days=700),
            ),
        )
    for turn, product_id in enumerate(own.product_ids[21:23]):
        sent = FixedClock(office_hour(app, 6 - 5 * turn, turn))
        _do(
            app,
            lambda s, p=product_id, c=sent: catalog.submit_product(
                s, rulebook, clock=c, actor=owner, product_id=p
            ),
        )
    _do(
        app,
        lambda s: registry.submit_change_request(
            s,
            rulebook,
            clock=clock,
            actor=owner,
            factory_id=own.factory_id,
            values={"staff": 268},
        ),
    )


def _standard(session: Session, rulebook: Rulebook, product_id: int) -> str:
    from marketplace.features.catalog.rules import standards_for
    from marketplace.features.catalog.tables import Product

    product = session.get(Product, product_id)
    return min(standards_for(rulebook, product.category if product else None))


def _newcomers(
    app: App,
    rulebook: Rulebook,
    people: People,
    told: Sequence[Story],
    ids: Sequence[FactoryIds],
) -> None:
    clock = app.clock
    fresh = [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.NEWCOMER]
    for own in fresh[:5]:
        _do(
            app,
            lambda s, o=own: progress.apply_enrollment(
                s,
                clock=clock,
                actor=people.deputy,
                operator_id=o.operator_id,
                signed_on=today(clock) - timedelta(days=2),
                signed_by="负责人（演示）",
            ),
        )
    for own in fresh[3:9]:
        _do(
            app,
            lambda s, o=own: _try_real_person(s, rulebook, app, people, o),
        )


def _try_real_person(
    session: Session, rulebook: Rulebook, app: App, people: People, own: FactoryIds
) -> None:
    from marketplace.features.progress.queries.facts import gather
    from marketplace.features.progress.rules import held_conditions

    day = today(app.clock)
    held = held_conditions(
        gather(session, rulebook, [own.factory_id], day)[own.factory_id], day
    )
    if "real_name" in held and "real_person" not in held:
        progress.submit_certification(
            session, rulebook, clock=app.clock, actor=people.deputy, factory_id=own.factory_id,
            condition="real_person",
            facts={"attested_by": "陈一舟（演示）", "attested_on": day.isoformat(), "how": "当面核对"},
        )  # fmt: skip


def _findings(
    app: App,
    rulebook: Rulebook,
    people: People,
    told: Sequence[Story],
    ids: Sequence[FactoryIds],
) -> None:
    with gone_back(app) as (_, clock):
        for n, own in enumerate(firms(told, ids)):
            if n in TOLD:
                continue
            for k in range((n % 3) + 1):
                clock.at = office_hour(app, 34 - 8 * k - n, n + k)
                finding_id = _found(app, people, clock, own, k)
                if n >= _DECIDED:
                    continue  # left suspected: it waits in the work list
                clock.at = office_hour(app, 20 - 5 * k - n, n + k + 1)
                _hear(app, people, clock, finding_id)
                clock.at = office_hour(app, 7 - 3 * k, n + k + 2)
                # Whoever decided never overturns: the reviewer has some to look at anew.
                decider = people.reviewer if k % 2 else people.deputy
                _uphold(app, rulebook, decider, clock, finding_id)


def _found(app: App, people: People, clock: Clock, own: FactoryIds, k: int) -> int:
    return write(
        app.store,
        lambda s: enforcement.record_finding(
            s,
            clock=clock,
            actor=people.officer,
            store_id=own.store_ids[0],
            origin=Origin.PROACTIVE_MODEL if k % 2 else Origin.RIGHT_HOLDER,
            listings=1 + k,
            found_on=today(app.clock) - timedelta(days=70 - 15 * k),
            statement="标题与图形疑似近似受保护品牌（虚构）",
            reference=f"demo:{own.factory_id}:{k}",
            product_ids=own.product_ids[k : k + 1],
        ),
    )


def _hear(app: App, people: People, clock: Clock, finding_id: int) -> None:
    write(
        app.store,
        lambda s: enforcement.hear_owner(
            s,
            clock=clock,
            actor=people.officer,
            finding_id=finding_id,
            statement="厂方说明：外包设计，事先不知情（虚构）",
        ),
    )


def _uphold(
    app: App, rulebook: Rulebook, decider: Actor, clock: Clock, finding_id: int
) -> None:
    write(
        app.store,
        lambda s: enforcement.decide_finding(
            s,
            rulebook,
            clock=clock,
            actor=decider,
            finding_id=finding_id,
            uphold=True,
            reason="两人复核，均认为近似（虚构）",
            time_zero=time_zero,
        ),
    )


def _sources(
    app: App,
    rulebook: Rulebook,
    people: People,
    told: Sequence[Story],
    ids: Sequence[FactoryIds],
) -> None:
    for story in told[:6]:
        _do(
            app,
            lambda s, st=story: registry.record_factory(
                s,
                rulebook,
                clock=app.clock,
                actor=people.officer,
                values={"name": st.name, "uscc": st.uscc, "staff": st.staff + 37},
                source="人社局用工备案（虚构）",
                source_on=today(app.clock) - timedelta(days=12),
            ),
        )
