"""Takes many quantities of one file at once; what is left of each is what one by one would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_end, month_index, today
from marketplace.base.db import announce
from marketplace.base.db.bulk import insert_many
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.features.compliance.events import ExposureRecorded
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.registry.queries import require_stores
from marketplace.features.registry.tables import Store

Place = tuple[int, int, ExposureKind]


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much was on sale, checked or sold in a store in a month (an index)."""

    store_id: int
    month: int
    kind: ExposureKind
    quantity: int

    @property
    def place(self) -> Place:
        """What a second quantity would be a revision of."""
        return self.store_id, self.month, self.kind


@dataclass(frozen=True, slots=True)
class KeptQuantity:
    """What became of a quantity; the revision written for it, and the one that counts no more."""

    outcome: str
    exposure_id: int | None = None
    superseded_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Current:
    """The revision that counts."""

    exposure_id: int
    quantity: int
    revision: int


def record_exposures(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    rows: Sequence[Quantity],
    source: str,
) -> list[KeptQuantity]:
    """Keep many quantities as `record_exposure` keeps one; return what became of each, in order.

    Raises:
        Invalid: for a negative quantity or a month to come.
        NotFound: for a store that is not of the program, or whose firm is out of reach.
        ValueError: for two quantities of the same store, month and kind.
    """
    require_stores(
        session, actor, "compliance.record_exposures", program=program,
        days={(row.store_id, month_end(row.month)) for row in rows},
    )  # fmt: skip
    _check(session, clock, program, rows)
    known = _current(session, rows)
    news = [row for row in rows if _is_new(row, known)]
    replaced = [known[row.place].exposure_id for row in news if row.place in known]
    if replaced:
        session.execute(
            sa.update(Exposure).where(col(Exposure.id).in_(replaced)).values(current=False),
            execution_options={"synchronize_session": False},
        )
    keys = insert_many(
        session,
        Exposure,
        [_values(row, known, clock, actor, program, source) for row in news],
    )
    written = dict(zip((row.place for row in news), keys, strict=True))
    for row in news:
        _tell(session, row, known.get(row.place), clock, actor, program, source)
    return [_kept(row, known, written) for row in rows]


def _check(session: Session, clock: Clock, program: str, rows: Sequence[Quantity]) -> None:
    if len({row.place for row in rows}) < len(rows):
        msg = "two quantities of one store, month and kind"
        raise ValueError(msg)
    faults: list[Fault] = []
    if any(row.quantity < 0 for row in rows):
        faults.append(
            Fault("quantity", "number_out_of_range", {"low": 0, "high": 2_000_000_000})
        )
    if any(row.month > month_index(today(clock)) for row in rows):
        faults.append(Fault("month", "day_to_come"))
    if faults:
        raise Invalid(faults)
    ids = {row.store_id for row in rows}
    there = session.execute(
        sa.select(col(Store.id)).where(col(Store.id).in_(ids), col(Store.program) == program)
    ).scalars()
    missing = ids - set(there)
    if missing:
        raise NotFound("store_not_found", store_id=min(missing))


def _current(session: Session, rows: Sequence[Quantity]) -> dict[Place, _Current]:
    """Ask once for all: what counts in the stores and months of these rows."""
    found = session.execute(
        sa.select(
            col(Exposure.store_id),
            col(Exposure.month),
            col(Exposure.kind),
            col(Exposure.id),
            col(Exposure.quantity),
            col(Exposure.revision),
        ).where(
            col(Exposure.store_id).in_({row.store_id for row in rows}),
            col(Exposure.month).in_({row.month for row in rows}),
            col(Exposure.current).is_(True),
        )
    )
    return {
        (store_id, month, kind): _Current(key, quantity, revision)
        for store_id, month, kind, key, quantity, revision in found
    }


def _is_new(row: Quantity, known: Mapping[Place, _Current]) -> bool:
    current = known.get(row.place)
    return current is None or current.quantity != row.quantity


def _values(
    row: Quantity,
    known: Mapping[Place, _Current],
    clock: Clock,
    who: Actor,
    program: str,
    source: str,
) -> dict[str, Any]:
    current = known.get(row.place)
    return {
        "program": program,
        "store_id": row.store_id,
        "month": row.month,
        "kind": row.kind,
        "quantity": row.quantity,
        "source": source,
        "revision": 1 if current is None else current.revision + 1,
        "current": True,
        "recorded_by": who.account_id,
        "recorded_at": clock.now(),
    }


def _tell(
    session: Session,
    row: Quantity,
    current: _Current | None,
    clock: Clock,
    who: Actor,
    program: str,
    source: str,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=who,
        action="compliance.record_exposure",
        subject=f"store:{row.store_id}",
        program=program,
        facts={"month": row.month, "kind": row.kind, "source": source},
        before=None if current is None else {"quantity": current.quantity},
        after={"quantity": row.quantity},
    )
    announce(session, ExposureRecorded(row.store_id, program, row.month))


def _kept(
    row: Quantity, known: Mapping[Place, _Current], written: Mapping[Place, int]
) -> KeptQuantity:
    current, key = known.get(row.place), written.get(row.place)
    if key is None:
        return KeptQuantity("unchanged")
    if current is None:
        return KeptQuantity("inserted", key)
    return KeptQuantity("updated", key, current.exposure_id)
