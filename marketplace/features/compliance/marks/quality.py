"""Finds what is wrong with the data figures rest on: gaps, late reports, disagreements.

One line is one thing somebody can put right; the count shown is the number of these lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, is_in_reach, require
from marketplace.base.clock import Clock, civil_day, month_index, month_start, start_of, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.kinds import ExposureKind, QualityKind
from marketplace.features.compliance.rules.sides import is_of_the_looking
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding, StoreClosure
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, Store, StoreHolding


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One thing to put right, of months `first` through `last` (indexes, inclusive).

    `was` and `now` are numbers whose meaning the kind gives; `source` is whose number `now` is.
    """

    kind: QualityKind
    factory_id: int
    factory_name: str
    store_name: str
    first: int
    last: int
    was: int | None = None
    now: int | None = None
    was_source: str = ""
    source: str = ""

    @property
    def months(self) -> int:
        """How many store-months this line is about."""
        return self.last - self.first + 1


def check_quality(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
) -> tuple[QualityLine, ...]:
    """Return every line of the program or a district, by kind, then factory, store and month.

    Only lines of firms within the actor's reach.
    """
    program = rulebook.program.key
    require(actor, "compliance.check_quality", Scope(program=program, district=district))
    stores = _stores(session, actor, program, district)
    kind = ExposureKind(rulebook.compliance.exposure_kind)
    reports = _reports(session, program, kind, stores)
    last = month_index(today(clock)) - 1
    found: list[QualityLine] = []
    for store_id, store in stores.items():
        mine = reports.get(store_id, ())
        found += _gaps(store, mine, last)
        found += _late(store, mine, timedelta(days=rulebook.methods.late_report_days))
        found += _disagreeing(store, mine)
        found += _unheld(store, mine)
    found += _findings(session, program, kind, stores, reports, last)
    order = list(QualityKind)
    return tuple(
        sorted(
            found, key=lambda x: (order.index(x.kind), x.factory_name, x.store_name, x.first)
        )
    )


@dataclass(frozen=True, slots=True)
class _Store:
    """A store with who held it when; `until` is the month after its last, None while it goes on."""

    name: str
    factory_id: int
    factory_name: str
    spans: tuple[tuple[int, int | None], ...]
    ends: int | None

    def is_held(self, month: int) -> bool:
        return any(a <= month and (b is None or month < b) for a, b in self.spans)

    def line(self, kind: QualityKind, first: int, last: int, **more: Any) -> QualityLine:
        return QualityLine(
            kind, self.factory_id, self.factory_name, self.name, first, last, **more
        )


@dataclass(frozen=True, slots=True)
class _Report:
    month: int
    quantity: int
    source: str
    revision: int
    current: bool
    recorded_at: datetime


_Reports = Mapping[int, Sequence[_Report]]


def _stores(
    session: Session, who: Actor, program: str, district: str | None
) -> dict[int, _Store]:
    statement = (
        sa.select(
            col(Store.id), col(Store.name), col(Factory.id), col(Factory.name),
            col(StoreHolding.from_on), col(StoreHolding.until_on), col(StoreHolding.status),
            col(Enrollment.exit_on), col(StoreClosure.closed_at), col(Factory.district),
        )
        .join(StoreHolding, col(StoreHolding.store_id) == col(Store.id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .outerjoin(
            Enrollment,
            sa.and_(
                col(Enrollment.operator_id) == col(Factory.operator_id),
                col(Enrollment.reversed_at).is_(None),
            ),
        )
        .outerjoin(
            StoreClosure,
            sa.and_(
                col(StoreClosure.store_id) == col(Store.id),
                col(StoreClosure.reopened_at).is_(None),
            ),
        )
        .where(col(Store.program) == program)
        .order_by(col(StoreHolding.from_on), col(StoreHolding.id))
    )  # fmt: skip
    if district is not None:
        statement = statement.where(col(Factory.district) == district)
    found: dict[int, _Store] = {}
    places: dict[int, str | None] = {}
    for (
        store_id,
        name,
        factory_id,
        factory,
        since,
        until,
        status,
        exit_on,
        closed,
        place,
    ) in session.execute(statement).all():
        spans = found[store_id].spans if store_id in found else ()
        if status is HoldingStatus.CONFIRMED:
            end = month_index(until) if until else None
            spans = (*spans, (month_index(since), end))
        ends = [month_index(exit_on) + 1] if exit_on else []
        ends += [month_index(civil_day(closed)) + 1] if closed else []
        found[store_id] = _Store(name, factory_id, factory, spans, min(ends, default=None))
        places[store_id] = place
    # By its last holder, whom the lines name: earlier holders elsewhere did hold it.
    return {key: s for key, s in found.items() if is_in_reach(who, program, places[key])}


def _reports(
    session: Session, program: str, kind: ExposureKind, stores: Mapping[int, _Store]
) -> _Reports:
    rows = session.execute(
        sa.select(
            col(Exposure.store_id), col(Exposure.month), col(Exposure.quantity),
            col(Exposure.source), col(Exposure.revision), col(Exposure.current),
            col(Exposure.recorded_at),
        )
        .where(col(Exposure.program) == program, col(Exposure.kind) == kind)
        .order_by(col(Exposure.store_id), col(Exposure.month), col(Exposure.revision))
    ).all()  # fmt: skip
    found: dict[int, list[_Report]] = defaultdict(list)
    for store_id, *rest in rows:
        if store_id in stores:
            found[store_id].append(_Report(*rest))
    return found


def _gaps(store: _Store, reports: Sequence[_Report], last: int) -> Iterable[QualityLine]:
    """Months without a report between a store's first one and the last whole month."""
    seen = {r.month for r in reports if r.current}
    if not seen:
        return
    end = min(last, store.ends - 1 if store.ends is not None else last)
    since: int | None = None
    for month in range(min(seen), end + 2):
        missing = month <= end and month not in seen and store.is_held(month)
        if missing and since is None:
            since = month
        elif not missing and since is not None:
            yield store.line(QualityKind.MISSING, since, month - 1)
            since = None


def _late(
    store: _Store, reports: Sequence[_Report], allowed: timedelta
) -> Iterable[QualityLine]:
    """First reports that came too long after their month; what was brought in at first is not."""
    known_since = min((r.recorded_at for r in reports), default=None)
    for r in reports:
        ended = start_of(month_start(r.month + 1))
        if r.revision == 1 and known_since and ended >= known_since:
            over = r.recorded_at - ended - allowed
            if over > timedelta(0):
                days = (r.recorded_at - ended).days
                yield store.line(QualityKind.LATE, r.month, r.month, now=days, source=r.source)


def _disagreeing(store: _Store, reports: Sequence[_Report]) -> Iterable[QualityLine]:
    """Months for which two sources gave different numbers; the later one counts."""
    by_month: dict[int, list[_Report]] = defaultdict(list)
    for r in reports:
        by_month[r.month].append(r)
    for month, rows in sorted(by_month.items()):
        now = next((r for r in rows if r.current), rows[-1])
        other = next(
            (
                r
                for r in reversed(rows)
                if r.source != now.source and r.quantity != now.quantity
            ),
            None,
        )
        if other is not None:
            yield store.line(
                QualityKind.DISAGREEING, month, month, was=other.quantity, now=now.quantity,
                was_source=other.source, source=now.source,
            )  # fmt: skip


def _unheld(store: _Store, reports: Sequence[_Report]) -> Iterable[QualityLine]:
    """A store with reports that no confirmed holder stands behind: in no figure at all."""
    months = [r.month for r in reports if r.current and not store.is_held(r.month)]
    if months:
        yield store.line(QualityKind.UNHELD, min(months), max(months), now=len(months))


def _findings(
    session: Session,
    program: str,
    kind: ExposureKind,
    stores: Mapping[int, _Store],
    reports: _Reports,
    last: int,
) -> list[QualityLine]:
    """Findings in a whole month without a report, or more of them than was checked."""
    checked = {
        (store_id, r.month): r for store_id, rows in reports.items() for r in rows if r.current
    }
    rows = session.execute(
        sa.select(
            col(Finding.store_id),
            col(Finding.found_month),
            sa.func.sum(col(Finding.listings)),
        )
        .where(
            col(Finding.program) == program,
            col(Finding.status) == FindingStatus.UPHELD,
            col(Finding.found_month) <= last,
        )
        .group_by(col(Finding.store_id), col(Finding.found_month))
    ).all()
    found = []
    for store_id, month, listings in rows:
        store, report = stores.get(store_id), checked.get((store_id, month))
        if store is None:
            continue
        if report is None:
            found.append(store.line(QualityKind.UNWATCHED, month, month, now=int(listings)))
        elif not is_of_the_looking(int(listings), report.quantity, kind):
            found.append(
                store.line(
                    QualityKind.TOO_MANY, month, month, was=report.quantity,
                    now=int(listings), source=report.source,
                )
            )  # fmt: skip
    return found
