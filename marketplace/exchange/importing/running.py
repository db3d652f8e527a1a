"""Runs an import: reads, takes the rows in units of work, keeps the report; or only tries it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write, read, unit_of_work, write
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.importing.firms import take_earlier_record, take_factory
from marketplace.exchange.importing.goods import take_product
from marketplace.exchange.importing.likely import Likeness, likely_same
from marketplace.exchange.importing.requests import (
    ImportRequest,
    read_request,
    save_columns,
    saved_columns,
)
from marketplace.exchange.importing.shops import take_exposure, take_store
from marketplace.exchange.importing.taking import Sending, Taken, Taker, take_row
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.outcomes import ReportLine, count_outcomes, report_lines
from marketplace.exchange.periods import Period
from marketplace.exchange.reading import Reading, RowReading
from marketplace.features.registry.commands import finish_import

TAKERS: Mapping[ImportKind, Taker] = {
    ImportKind.FACTORIES: take_factory,
    ImportKind.EARLIER_RECORDS: take_earlier_record,
    ImportKind.EXPOSURE: take_exposure,
    ImportKind.STORES: take_store,
    ImportKind.PRODUCTS: take_product,
}

# Rows a unit of work takes: other writers wait at most this long, and a kill loses no more.
ROWS_PER_UNIT = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. `batch_id` is None when it was only tried."""

    reading: Reading
    source: str
    lines: tuple[ReportLine, ...]
    counts: Mapping[str, int]
    likely: tuple[Likeness, ...]
    batch_id: int | None


class _OnlyTried(Exception):
    """Carries the outcomes of a trial out of the unit that is rolled back."""

    def __init__(self, taken: Mapping[int, Taken]) -> None:
        """Keep what became of each row."""
        super().__init__("only tried")
        self.taken = taken


def run_import(
    store: Store,
    rulebook: Rulebook,
    request: ImportRequest,
    *,
    clock: Clock,
    actor: Actor,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Take a file in, or try what would become of it.

    Units of work hold up to `ROWS_PER_UNIT` rows; the same file again changes nothing, so an
    import that was cut short is simply run again. A trial does all of it in one unit and rolls
    it back, so its outcomes are those of the import itself.

    Args:
        store: the installation's database.
        rulebook: the program's rules.
        request: the file, its kind and source.
        clock: the time.
        actor: who imports; needs the right to import into the program.
        dry_run: leave nothing behind.
        progress: told (rows done, rows in all).

    Raises:
        Refused: when the file cannot be read as a whole.
        Invalid: for a column choice that fits nothing.
        NotAllowed: when the actor may not import here.
    """
    program, source = rulebook.program.key, request.named_source
    require(actor, "registry.finish_import", Scope(program=program))
    with read(store) as session:
        saved = saved_columns(session, program=program, kind=request.kind, source=source)
    reading = read_request(request, rulebook, saved)
    sending = Sending(
        rulebook=rulebook,
        clock=clock,
        actor=actor,
        source=source,
        source_on=request.source_on,
        confirms_stores=request.confirms_stores,
        first_days=_first_days(reading),
    )
    with read(store) as session:
        known = likely_same(
            session, actor, program=program, reading=reading, outcomes=_hints(reading)
        )
    run = _try if dry_run else _commit
    taken, batch_id = run(store, sending, request, reading, progress or _silent)
    lines = _lines(reading, taken)
    return ImportResult(reading, source, lines, count_outcomes(lines), tuple(known), batch_id)


def _commit(
    store: Store,
    sending: Sending,
    request: ImportRequest,
    reading: Reading,
    progress: Progress,
) -> tuple[dict[int, Taken], int]:
    taken: dict[int, Taken] = {}
    rows = _open_rows(reading)
    for some in _portions(rows):
        taken |= write(store, partial(_take, sending=sending, kind=reading.kind, rows=some))
        progress(len(taken), len(rows))
    lines = _lines(reading, taken)
    batch_id = write(
        store,
        lambda s: finish_import(
            s,
            clock=sending.clock,
            actor=sending.actor,
            program=sending.program,
            kind=reading.kind.value,
            file_name=request.filename,
            file_sha256=request.digest,
            source=sending.source,
            mapping=reading.mapping.as_overrides(),
            counts=count_outcomes(lines),
            report=[line.stored() for line in lines],
        ),
    )
    with housekeeping_write(store) as session:
        save_columns(
            session,
            clock=sending.clock,
            program=sending.program,
            kind=reading.kind,
            source=sending.source,
            columns=reading.mapping.as_overrides(),
        )
    return taken, batch_id


def _try(
    store: Store,
    sending: Sending,
    _request: ImportRequest,
    reading: Reading,
    progress: Progress,
) -> tuple[dict[int, Taken], None]:
    rows = _open_rows(reading)
    try:
        with unit_of_work(store) as session:
            taken: dict[int, Taken] = {}
            for some in _portions(rows):
                taken |= _take(session, sending=sending, kind=reading.kind, rows=some)
                progress(len(taken), len(rows))
            raise _OnlyTried(taken)
    except _OnlyTried as tried:
        return dict(tried.taken), None


def _take(
    session: Session, *, sending: Sending, kind: ImportKind, rows: tuple[RowReading, ...]
) -> dict[int, Taken]:
    taker = TAKERS[kind]
    return {row.row: take_row(session, sending, row.values, taker) for row in rows}


def _lines(reading: Reading, taken: Mapping[int, Taken]) -> tuple[ReportLine, ...]:
    lines: list[ReportLine] = []
    for row in reading.rows:
        done = taken.get(row.row)
        if done is None:
            lines.extend(report_lines(row))
        else:
            lines.extend(report_lines(row, outcome=done.outcome, further=done.faults))
    return tuple(lines)


def _open_rows(reading: Reading) -> list[RowReading]:
    """The rows the file itself does not rule out."""
    closed = {Outcome.REJECTED, Outcome.DUPLICATE}
    return [row for row in reading.rows if row.hint not in closed]


def _portions(rows: list[RowReading]) -> Iterator[tuple[RowReading, ...]]:
    for start in range(0, len(rows), ROWS_PER_UNIT):
        yield tuple(rows[start : start + ROWS_PER_UNIT])


def _hints(reading: Reading) -> dict[int, Outcome]:
    return {row.row: row.hint for row in reading.rows if row.hint is not None}


def _first_days(reading: Reading) -> dict[tuple[str, str], date]:
    """The first month a file tells of each store: from then on somebody operated it."""
    first: dict[tuple[str, str], date] = {}
    for row in reading.rows:
        month, number = row.values.get("month"), row.values.get("store_no")
        if isinstance(month, Period) and number:
            key = (str(row.values.get("platform") or ""), str(number))
            first[key] = min(month.from_on, first.get(key, month.from_on))
    return first


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""
