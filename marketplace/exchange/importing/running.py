"""Runs an import: reads, takes the rows in units of work, keeps the report; or only tries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from time import perf_counter

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write, read, write
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.importing.likely import Likeness, likely_same
from marketplace.exchange.importing.pacing import Pace, in_order_of_taking, portions
from marketplace.exchange.importing.portion import take_portion
from marketplace.exchange.importing.requests import (
    ImportRequest,
    read_request,
)
from marketplace.exchange.importing.saved import save_columns, saved_columns
from marketplace.exchange.importing.taking import (
    Sending,
)
from marketplace.exchange.importing.traces import traces_of
from marketplace.exchange.importing.trying import try_portions
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.outcomes import (
    ReportLine,
    count_outcomes,
    line_from,
)
from marketplace.exchange.periods import Period
from marketplace.exchange.reading import Reading, RowReading
from marketplace.exchange.report import TO_CORRECT
from marketplace.features.registry.commands import (
    KeptRow,
    Ticket,
    begin_import,
    finish_import,
    keep_import_rows,
)

# Rows a unit of work takes at most; how long it may last decides how many it is.
ROWS_PER_UNIT = 500

_TRIED_ROWS = 500  # nobody waits for a trial

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


Told = dict[int, tuple[ReportLine, ...]]


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

    Units of work hold up to `ROWS_PER_UNIT` rows and keep what became of them: an import that
    was cut short goes on where it stopped when the same file is sent again, or is taken back. A
    trial takes the same rows the same way where nobody sees it, so its outcomes are those of the
    import itself.

    Args:
        store: the installation's database.
        rulebook: the program's rules.
        request: the file, its kind and source.
        clock: the time.
        actor: who imports; needs the right to import into the program.
        dry_run: leave nothing behind.
        progress: told (rows done, rows in all).

    Raises:
        Refused: when the file cannot be read as a whole; `import_busy` while somebody else takes
            in the same file.
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
        origin=request.origin,
    )
    with read(store) as session:
        known = likely_same(
            session, actor, program=program, reading=reading, outcomes=_hints(reading)
        )
    run = _try if dry_run else _commit
    told, batch_id = run(store, sending, request, reading, progress or _silent)
    lines = tuple(line for row in reading.rows for line in told[row.row])
    kept = _only_what_is_shown(reading, told)
    return ImportResult(kept, source, lines, count_outcomes(lines), tuple(known), batch_id)


def _commit(
    store: Store,
    sending: Sending,
    request: ImportRequest,
    reading: Reading,
    progress: Progress,
) -> tuple[Told, int]:
    ticket = write(store, partial(_begin, sending=sending, request=request, reading=reading))
    told: Told = {
        row: tuple(line_from(line) for line in kept.lines) for row, kept in ticket.done.items()
    }
    progress(len(told), len(reading.rows))
    waiting = [row for row in reading.rows if row.row not in told]
    pace = Pace(most=ROWS_PER_UNIT)
    for some in portions(in_order_of_taking(reading.kind, waiting), pace):
        began, done = write(
            store,
            partial(
                _take_and_keep, sending=sending, ticket=ticket, kind=reading.kind, rows=some
            ),
        )
        pace.took(len(some), perf_counter() - began)
        told |= done
        progress(len(told), len(reading.rows))
    counts = count_outcomes(line for lines in told.values() for line in lines)
    write(
        store,
        lambda s: finish_import(
            s,
            clock=sending.clock,
            actor=sending.actor,
            batch_id=ticket.batch_id,
            token=ticket.token,
            counts=counts,
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
    return told, ticket.batch_id


def _begin(
    session: Session, *, sending: Sending, request: ImportRequest, reading: Reading
) -> Ticket:
    mapping = reading.mapping.as_overrides()
    if sending.origin is not None:
        mapping["=origin"] = sending.origin.value  # another choice is another import
    if reading.other_sheets:
        mapping["=sheet"] = reading.sheet_name  # rows of another sheet are not these
    return begin_import(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        kind=reading.kind.value,
        file_name=request.filename,
        file_sha256=request.digest,
        source=sending.source,
        mapping=mapping,
        total=len(reading.rows),
    )


def _take_and_keep(
    session: Session,
    *,
    sending: Sending,
    ticket: Ticket,
    kind: ImportKind,
    rows: tuple[RowReading, ...],
) -> tuple[float, Told]:
    """Take some rows in and keep, in the same unit, what became of them and what they wrote.

    Also tells when the unit had its turn; waiting for it is no part of how long it lasts.
    """
    began = perf_counter()
    kept: list[KeptRow] = []
    told: Told = {}
    for row, lines, touched in take_portion(session, sending, kind, rows):
        outcome = lines[0].outcome
        traces = [] if outcome is Outcome.REJECTED else traces_of(touched)
        kept.append(KeptRow(row.row, outcome.value, [line.stored() for line in lines], traces))
        told[row.row] = lines
    keep_import_rows(
        session,
        clock=sending.clock,
        actor=sending.actor,
        batch_id=ticket.batch_id,
        token=ticket.token,
        rows=kept,
    )
    return began, told


def _try(
    store: Store,
    sending: Sending,
    _request: ImportRequest,
    reading: Reading,
    progress: Progress,
) -> tuple[Told, None]:
    told: Told = {}
    rows = in_order_of_taking(reading.kind, reading.rows)
    with try_portions(store, reading) as in_portion:
        for some in portions(rows, Pace(most=_TRIED_ROWS, rows=_TRIED_ROWS)):
            with in_portion() as session:
                taken = take_portion(session, sending, reading.kind, some)
                told |= {row.row: lines for row, lines, _ in taken}
            progress(len(told), len(reading.rows))
    return told, None


def _only_what_is_shown(reading: Reading, told: Told) -> Reading:
    """Drop the cells of rows that nobody has to correct: a page keeps the result for long."""
    rows = tuple(
        row if told[row.row][0].outcome in TO_CORRECT else replace(row, cells=())
        for row in reading.rows
    )
    return replace(reading, rows=rows)


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
