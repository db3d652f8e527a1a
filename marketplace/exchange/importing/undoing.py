"""Takes an import back: row by row, last row first, where nobody has changed anything since.

A row that cannot be taken back stays as it is and the report says why. The same undo again goes
on where it stopped. Who works in some districts takes back what lies in them alone, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.db import Store, read, write
from marketplace.base.errors import MarketplaceError, Refused
from marketplace.exchange.importing.resting import is_remembered, refuse_what_rests, stores_of
from marketplace.exchange.importing.traces import Trace, read_traces
from marketplace.exchange.importing.trying import try_undo
from marketplace.exchange.kinds import ImportKind, Undone
from marketplace.exchange.outcomes import UndoLine
from marketplace.features.catalog import commands as catalog
from marketplace.features.complaints import commands as complaints
from marketplace.features.compliance.commands import take_back_exposure
from marketplace.features.enforcement.commands import take_back_monthly_findings
from marketplace.features.history.commands import take_back_earlier_record
from marketplace.features.promotion.commands import take_back_listing
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import OpenRow, get_import_batch, open_import_rows

ROWS_PER_UNIT = 200
_OUT_OF_REACH = "not_found_here"  # what `require` says of a thing that somebody else may do

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What became of an undo; `counts` has every outcome. Rows that wrote nothing have no line."""

    batch_id: int
    lines: tuple[UndoLine, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Undo:
    clock: Clock
    actor: Actor
    batch_id: int
    reason: str


def undo_import(
    store: Store,
    *,
    batch_id: int,
    clock: Clock,
    actor: Actor,
    reason: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> UndoResult:
    """Take an import back, or try what would become of it.

    A trial takes the same rows back the same way where nobody sees it; nobody waits for it.

    Raises:
        NotFound: when there is no such import.
        NotAllowed: when the actor may not import into its program.
        Refused: without a reason, when it was taken back before, or while somebody is at it;
            `undo_out_of_reach` when a row is of a firm of other districts: nothing is begun then.
    """
    work = _Undo(clock, actor, batch_id, reason)
    with read(store) as session:
        batch = get_import_batch(session, actor, batch_id=batch_id)
    total = sum(batch.counts.values())
    lines: list[UndoLine] = []
    if dry_run or actor.limits:  # for a district every row is tried before one is taken back
        lines = _try(store, work, ImportKind(batch.kind), total)
        _refuse_out_of_reach(work, lines)
    if not dry_run:
        lines = _do(store, work, total, progress)
    counted = Counter(line.outcome for line in lines)
    return UndoResult(batch_id, tuple(lines), {o.value: counted[o] for o in Undone})


def _do(store: Store, work: _Undo, total: int, progress: Progress | None) -> list[UndoLine]:
    token = write(store, lambda s: _begin(s, work, total))
    lines: list[UndoLine] = []
    seen = 0
    below: int | None = None
    while True:
        some, rows = write(store, partial(_portion, work=work, token=token, below=below))
        lines += some
        seen += len(rows)
        if progress is not None:
            progress(seen, max(total, seen))
        if not rows:
            break
        below = rows[-1]
    counted = Counter(line.outcome for line in lines)
    write(
        store,
        lambda s: registry.finish_undo(
            s,
            clock=work.clock,
            actor=work.actor,
            batch_id=work.batch_id,
            token=token,
            counts={o.value: counted[o] for o in Undone},
        ),
    )
    return lines


def _try(store: Store, work: _Undo, kind: ImportKind, total: int) -> list[UndoLine]:
    lines: list[UndoLine] = []
    stores = _stores_told(store, work) if kind is ImportKind.EXPOSURE else ()
    with try_undo(store, kind, work.batch_id, total=total, store_ids=stores) as in_portion:
        with in_portion() as session:
            token = _begin(session, work, total)
        below: int | None = None
        while True:
            with in_portion() as session:
                some, rows = _portion(session, work=work, token=token, below=below)
            lines += some
            if not rows:
                return lines
            below = rows[-1]


def _refuse_out_of_reach(work: _Undo, lines: list[UndoLine]) -> None:
    beyond = sum(1 for line in lines if line.code == _OUT_OF_REACH)
    if beyond:
        raise Refused("undo_out_of_reach", number=work.batch_id, count=beyond)


def _stores_told(store: Store, work: _Undo) -> set[int]:
    """The stores whose months an import told, or which it declared."""
    found: set[int] = set()
    below: int | None = None
    with read(store) as session:
        while rows := open_import_rows(
            session, work.actor, batch_id=work.batch_id, below=below, limit=ROWS_PER_UNIT
        ):
            below = rows[-1].row
            found |= stores_of(session, [t for row in rows for t in read_traces(row.traces)])
    return found


def _begin(session: Session, work: _Undo, total: int) -> str:
    return registry.begin_undo(
        session,
        clock=work.clock,
        actor=work.actor,
        batch_id=work.batch_id,
        reason=work.reason,
        total=total,
    )


def _portion(
    session: Session, work: _Undo, token: str, below: int | None
) -> tuple[list[UndoLine], list[int]]:
    """Take the next rows back; return their lines and which rows were looked at."""
    rows = open_import_rows(
        session, work.actor, batch_id=work.batch_id, below=below, limit=ROWS_PER_UNIT
    )
    if not rows:
        return [], []
    told: dict[int, Mapping[str, Any]] = {}
    lines: list[UndoLine] = []
    for row in rows:
        line = _take_row_back(session, work, row)
        lines.extend([line] if line else [])
        if line is None or line.code != _OUT_OF_REACH:  # else left to whom it is within reach
            told[row.row] = line.stored() if line else {}
    registry.keep_undone_rows(
        session,
        clock=work.clock,
        actor=work.actor,
        batch_id=work.batch_id,
        token=token,
        told=told,
    )
    return lines, [row.row for row in rows]


class _BeyondReachError(Exception):
    """Something a row wrote belongs to a firm the actor may not touch."""


def _take_row_back(session: Session, work: _Undo, row: OpenRow) -> UndoLine | None:
    """Take back what one row wrote; nothing of it where a part is out of the actor's reach."""
    announced = len(session.info["events"])
    try:
        with session.begin_nested():
            return _take_back(session, work, row)
    except _BeyondReachError:
        del session.info["events"][announced:]
        return UndoLine(row.row, Undone.KEPT, _OUT_OF_REACH)


def _take_back(session: Session, work: _Undo, row: OpenRow) -> UndoLine | None:
    """Take back what one row wrote, each thing in a savepoint; None when it wrote nothing."""
    steps = _steps(read_traces(row.traces))
    if not steps:
        return None
    kept: list[MarketplaceError] = []
    for step in steps:
        announced = len(session.info["events"])
        try:
            with session.begin_nested():
                step(session, work)
        except MarketplaceError as error:
            del session.info["events"][announced:]
            if error.code == _OUT_OF_REACH:
                raise _BeyondReachError from error
            kept.append(error)
        except IntegrityError:  # something the list of what may rest on it does not know
            del session.info["events"][announced:]
            kept.append(Refused("undo_named_elsewhere"))
    if not kept:
        return UndoLine(row.row, Undone.TAKEN_BACK)
    outcome = Undone.KEPT if len(kept) == len(steps) else Undone.PARTLY
    return UndoLine(row.row, outcome, kept[0].code, kept[0].facts)


Step = Callable[[Session, _Undo], None]


def _steps(traces: list[Trace]) -> list[Step]:
    """Return what takes a row's writes back, in the reverse of their order."""
    admitted = next((t for t in traces if t.table == "factory" and t.before is None), None)
    if admitted is not None:
        values = tuple(t.key for t in traces if t.table == "field_value")
        return [_FactoryStep(admitted.key, values)]
    stood = {
        name: value
        for t in traces
        if t.table in {"factory", "operator"} and t.before is not None
        for name, value in t.before.items()
    }
    steps: list[Step] = []
    for trace in reversed(traces):
        if trace.table == "field_value" and trace.before is None:
            steps.append(_ValueStep(trace.key, stood))
        elif trace.table in _UNDOERS and not _is_only_superseded(trace):
            steps.append(_RowStep(trace))
    return steps


def _is_only_superseded(trace: Trace) -> bool:
    """An exposure that merely stopped counting comes back with the revision that replaced it."""
    return trace.table == "exposure" and trace.before is not None


@dataclass(frozen=True, slots=True)
class _FactoryStep:
    factory_id: int
    value_ids: tuple[int, ...]

    def __call__(self, session: Session, work: _Undo) -> None:
        refuse_what_rests(session, "factory", self.factory_id)
        registry.take_back_factory(
            session,
            clock=work.clock,
            actor=work.actor,
            factory_id=self.factory_id,
            value_ids=self.value_ids,
            reason=work.reason,
        )


@dataclass(frozen=True, slots=True)
class _ValueStep:
    value_id: int
    before: Mapping[str, Any]

    def __call__(self, session: Session, work: _Undo) -> None:
        refuse_what_rests(session, "field_value", self.value_id)
        registry.take_back_value(
            session,
            clock=work.clock,
            actor=work.actor,
            value_id=self.value_id,
            before=self.before,
            reason=work.reason,
        )


@dataclass(frozen=True, slots=True)
class _RowStep:
    trace: Trace

    def __call__(self, session: Session, work: _Undo) -> None:
        if self.trace.before is None:
            refuse_what_rests(session, self.trace.table, self.trace.key)
        _UNDOERS[self.trace.table](session, work, self.trace)


def _undo_store(session: Session, work: _Undo, trace: Trace) -> None:
    if trace.before is None and is_remembered(session, trace.key):
        return  # counts that no longer count still name it; nobody holds it any more
    _by(registry.take_back_store, "store_id")(session, work, trace)


def _undo_brand(session: Session, work: _Undo, trace: Trace) -> None:
    if trace.before is None:
        catalog.take_back_brand(
            session, clock=work.clock, actor=work.actor, brand_id=trace.key, reason=work.reason
        )


def _undo_exposure(session: Session, work: _Undo, trace: Trace) -> None:
    take_back_exposure(
        session, clock=work.clock, actor=work.actor, exposure_id=trace.key, reason=work.reason
    )


def _by(command: Callable[..., None], name: str) -> Callable[[Session, _Undo, Trace], None]:
    def undo(session: Session, work: _Undo, trace: Trace) -> None:
        command(
            session,
            clock=work.clock,
            actor=work.actor,
            before=trace.before,
            after=trace.after,
            reason=work.reason,
            **{name: trace.key},
        )

    return undo


_UNDOERS: Mapping[str, Callable[[Session, _Undo, Trace], None]] = {
    "store": _undo_store,
    "store_holding": _by(registry.take_back_holding, "holding_id"),
    "earlier_record": _by(take_back_earlier_record, "record_id"),
    "exposure": _undo_exposure,
    "finding": _by(take_back_monthly_findings, "finding_id"),
    "brand": _undo_brand,
    "product": _by(catalog.take_back_product, "product_id"),
    "listing": _by(take_back_listing, "listing_id"),
    "complaint": _by(complaints.take_back_complaint, "complaint_id"),
    "infringement_case": _by(complaints.take_back_case, "case_id"),
}
