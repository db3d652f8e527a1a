"""Issues the reports of two quarters gone by, and lets a platform correct a month of the first."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.assembly import App
from marketplace.base.clock import today
from marketplace.base.db import read, write
from marketplace.desk.issues.commands import issue_quarter
from marketplace.desk.quarter.queries import compose_quarter
from marketplace.desk.quarters import Quarter, quarter_on
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.upkeep.demo.people import People


def play(app: App, people: People) -> None:
    """Issue the second and third quarter back; the last one stays to be issued."""
    last = quarter_on(today(app.clock)).previous
    earlier = last.previous.previous
    for quarter in (earlier, last.previous):
        _issue(app, people, quarter)
        if quarter == earlier:
            _correct(app, people, quarter.last)


def _issue(app: App, people: People, quarter: Quarter) -> None:
    with read(app.store) as session:
        content = compose_quarter(
            session, people.officer, app.rulebook(), clock=app.clock, quarter=quarter
        ).to_json()
    write(
        app.store,
        lambda s: issue_quarter(
            s,
            app.rulebook(),
            clock=app.clock,
            actor=people.officer,
            quarter=quarter,
            district=None,
            content=content,
        ),
    )


def _correct(app: App, people: People, month: int) -> None:
    """The platform sends one store's month again, with more checked than it said at first."""
    with read(app.store) as session:
        row = session.execute(
            select(Exposure)
            .where(
                Exposure.month == month,
                Exposure.kind == ExposureKind.CHECKED,
                Exposure.quantity > 100,
                Exposure.current == True,  # noqa: E712
            )
            .order_by(Exposure.store_id)  # type: ignore[arg-type]
        ).scalars().first()  # fmt: skip
        found = (row.store_id, row.quantity) if row else None
    if found is None:
        return
    store_id, quantity = found

    def work(session: Session) -> str:
        return record_exposure(
            session,
            clock=app.clock,
            actor=people.officer,
            store_id=store_id,
            month=month,
            kind=ExposureKind.CHECKED,
            quantity=quantity + 40,
            source="平台店铺月报更正（虚构）",
        )

    write(app.store, work)
