"""Ties a few demo stores, so that the review queue and its drawing have something to show."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.assembly import App
from marketplace.base.clock import today
from marketplace.base.db import read, write
from marketplace.features.links import commands as links
from marketplace.features.links.commands import TraitGiven
from marketplace.features.links.kinds import LinkOutcome, LinkReason, TraitKind
from marketplace.features.links.queries import list_links, list_reviews
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import Store
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

_PAYEE, _WAREHOUSE = "6200000000004417", "城厢区演示云仓 3 号库（虚构）"
_NEW_STORE = ("淘宝（演示）", "DEMONEW1", "初行鞋铺（虚构）")


def play(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """Tie the closed store to another firm's and to one opened after it; import, then derive."""
    relapsed = [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.RELAPSE]
    steady = [
        i for s, i in zip(told, ids, strict=True) if s.plot is Plot.STEADY and i.store_ids
    ]
    fresh = [i for s, i in zip(told, ids, strict=True) if s.plot is Plot.NEWCOMER]
    _open_store(app, people, fresh[-1])
    tied = (
        (relapsed[0].store_ids[0], TraitKind.PAYEE, _PAYEE),
        (steady[0].store_ids[0], TraitKind.PAYEE, _PAYEE),
        (relapsed[1].store_ids[0], TraitKind.WAREHOUSE, _WAREHOUSE),
        (steady[1].store_ids[0], TraitKind.WAREHOUSE, _WAREHOUSE),
        (relapsed[2].store_ids[0], TraitKind.PHONE, "13800004418"),
        (steady[2].store_ids[0], TraitKind.PHONE, "13800004418"),
    )
    with read(app.store) as session:
        stores = {n: session.get_one(Store, n) for n, _, _ in tied}
        given = [
            TraitGiven(stores[n].platform, stores[n].store_no, kind, value)
            for n, kind, value in tied
        ]
    given.append(TraitGiven(*_NEW_STORE[:2], TraitKind.PAYEE, _PAYEE))
    write(
        app.store,
        lambda s: links.record_traits(
            s,
            clock=app.clock,
            actor=people.officer,
            program=app.rulebook().program.key,
            source="平台对账单（虚构）",
            given=given,
        ),
    )
    write(
        app.store,
        lambda s: links.refresh_links(s, app.rulebook(), clock=app.clock, actor=people.officer),
    )

    _decide(app, people)


def _decide(app: App, people: People) -> None:
    """End one review without ground and cut one false link, so that both can be read."""
    program = app.rulebook().program.key
    with read(app.store) as session:
        waiting = list_reviews(session, people.officer, program=program)
        phones = list_links(
            session, people.officer, program=program, reasons=(LinkReason.PHONE,)
        )
    if waiting:
        write(
            app.store,
            lambda s: links.decide_review(
                s,
                clock=app.clock,
                actor=people.reviewer,
                review_id=waiting[-1].review_id,
                outcome=LinkOutcome.NO_GROUND,
                reason="看过全部在售商品和发货仓，未见问题（虚构）",
            ),
        )
    if phones:
        write(
            app.store,
            lambda s: links.cut_link(
                s,
                app.rulebook(),
                clock=app.clock,
                actor=people.reviewer,
                link_id=phones[0].link_id,
                reason="电话属于同一家代账公司，与两家店铺无关（虚构）",
            ),
        )


def _open_store(app: App, people: People, own: FactoryIds) -> None:
    platform, number, name = _NEW_STORE
    write(
        app.store,
        lambda s: registry.declare_store(
            s,
            clock=app.clock,
            actor=people.officer,
            factory_id=own.factory_id,
            platform=platform,
            store_no=number,
            name=name,
            from_on=today(app.clock),
            basis="企业自报（虚构）",
        ),
    )
