"""Takes a file of complaints in, one savepoint a row: a refused row holds up no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, MarketplaceError
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.commands.intake import receive_complaint
from marketplace.features.complaints.queries.facts import stores_named
from marketplace.features.complaints.rules.rows import MOST_ROWS, ComplaintLine, store_key


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: `inserted`, `joined`, `unchanged` or `rejected` with why."""

    row: int
    outcome: str
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def import_complaints(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    lines: Sequence[ComplaintLine],
) -> list[RowOutcome]:
    """Take every row in that can be; the same file again changes nothing.

    Returns one outcome a row, in order.

    Raises:
        Invalid: no row, or more than a file may hold.
    """
    program = rulebook.program.key
    require(actor, "complaints.import_complaints", Scope(program=program))
    if not lines:
        raise Invalid([Fault("lines", "notice_empty")])
    if len(lines) > MOST_ROWS:
        facts = {"most": MOST_ROWS, "given": len(lines)}
        raise Invalid([Fault("lines", "notice_too_long", facts)])
    stores = stores_named(session, program, {store_key(line.store) for line in lines})
    return [_take(session, rulebook, clock, actor, line, stores) for line in lines]


def _take(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    line: ComplaintLine,
    stores: Mapping[str, Sequence[int]],
) -> RowOutcome:
    found = stores.get(store_key(line.store), ()) if line.store else ()
    if len(found) != 1:
        code = "row_store_not_found" if not found else "row_store_named_twice"
        return RowOutcome(line.row, "rejected", code, {"store": line.store})
    if line.origin is None:
        return RowOutcome(line.row, "rejected", "row_origin_unknown")
    if not line.is_day_readable:
        return RowOutcome(line.row, "rejected", "row_received_unreadable")
    announced = len(session.info["events"])
    try:
        with session.begin_nested():
            _, outcome = receive_complaint(
                session, rulebook, clock=clock, actor=who, store_id=found[0],
                origin=line.origin, item=line.item, text=line.text, brand=line.brand,
                received_on=line.received_on, source_ref=line.source_ref or None,
            )  # fmt: skip
    except Invalid as error:
        first = error.faults[0]
        refusal = RowOutcome(line.row, "rejected", first.code, first.facts)
    except MarketplaceError as error:
        refusal = RowOutcome(line.row, "rejected", error.code, error.facts)
    else:
        return RowOutcome(line.row, outcome)
    # The savepoint took back what was written; what was announced about it goes too.
    del session.info["events"][announced:]
    return refusal
