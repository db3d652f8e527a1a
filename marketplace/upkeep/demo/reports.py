"""Plays what happens to monthly reports: one that came late, one corrected by a second source."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sqlmodel import Session, select

from marketplace.assembly import App
from marketplace.base.clock import month_index, today
from marketplace.base.db import read, write
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

LATE, CORRECTED = 3, 4  # how many stores of each


def play_reports(
    app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]
) -> None:
    """Report months again by another source, and gaps long after their month."""
    stores = {
        plot: [
            i.store_ids[0]
            for s, i in zip(told, ids, strict=True)
            if s.plot is plot and i.store_ids
        ]
        for plot in (Plot.GAPS, Plot.STEADY)
    }
    last = month_index(today(app.clock)) - 1
    for n, store_id in enumerate(stores[Plot.STEADY][:CORRECTED]):
        _report(app, people, store_id, last - 1 - n, 61 + 7 * n, "市监局抽查台账（虚构）")
    late = [(s, last - 2 - back) for s in stores[Plot.GAPS] for back in range(5)]
    gaps = (at for at in late if not _is_reported(app, *at))
    for store_id, month in list(islice(gaps, LATE)):
        for kind, quantity in ((ExposureKind.CHECKED, 48), (ExposureKind.LISTED, 240)):
            _report(app, people, store_id, month, quantity, "平台店铺月报（虚构）", kind=kind)


def _is_reported(app: App, store_id: int, month: int) -> bool:
    with read(app.store) as session:
        wanted = select(Exposure.id).where(
            Exposure.store_id == store_id, Exposure.month == month
        )
        return session.execute(wanted).first() is not None


def _report(
    app: App,
    people: People,
    store_id: int,
    month: int,
    quantity: int,
    source: str,
    *,
    kind: ExposureKind = ExposureKind.CHECKED,
) -> None:
    def work(session: Session) -> str:
        return record_exposure(
            session,
            clock=app.clock,
            actor=people.officer,
            store_id=store_id,
            month=month,
            kind=kind,
            quantity=quantity,
            source=source,
        )

    write(app.store, work)
