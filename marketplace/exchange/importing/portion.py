"""Takes a portion of a file's rows: those that need no look of their own together, then the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from marketplace.base.db.watching import Touched, watch
from marketplace.exchange.importing.cases import take_complaint
from marketplace.exchange.importing.firms import (
    take_earlier_record,
    take_earlier_records,
    take_factories,
    take_factory,
)
from marketplace.exchange.importing.goods import take_product
from marketplace.exchange.importing.goods_together import take_products
from marketplace.exchange.importing.lookups import expect_firms
from marketplace.exchange.importing.months import take_exposures
from marketplace.exchange.importing.shops import take_exposure, take_store
from marketplace.exchange.importing.shops_together import take_stores
from marketplace.exchange.importing.taking import (
    ManyTaker,
    Sending,
    TakenAhead,
    Taker,
    take_row,
)
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.outcomes import ReportLine, report_lines
from marketplace.exchange.reading import RowReading

TAKERS: Mapping[ImportKind, Taker] = {
    ImportKind.FACTORIES: take_factory,
    ImportKind.EARLIER_RECORDS: take_earlier_record,
    ImportKind.EXPOSURE: take_exposure,
    ImportKind.STORES: take_store,
    ImportKind.PRODUCTS: take_product,
    ImportKind.COMPLAINTS: take_complaint,
}

# Kinds whose plain rows are taken together, a portion at a time.
MANY_TAKERS: Mapping[ImportKind, ManyTaker] = {
    ImportKind.FACTORIES: take_factories,
    ImportKind.EXPOSURE: take_exposures,
    ImportKind.EARLIER_RECORDS: take_earlier_records,
    ImportKind.STORES: take_stores,
    ImportKind.PRODUCTS: take_products,
}

# Kinds whose rows speak of firms and write none, and the field that names the firm.
_NAMES_FIRM: Mapping[ImportKind, str] = {
    ImportKind.EARLIER_RECORDS: "name",
    ImportKind.EXPOSURE: "store_operator",
    ImportKind.STORES: "operator_name",
    ImportKind.PRODUCTS: "factory_name",
}

_RULED_OUT = frozenset({Outcome.REJECTED, Outcome.DUPLICATE})


def take_portion(
    session: Session, sending: Sending, kind: ImportKind, rows: Sequence[RowReading]
) -> Iterator[tuple[RowReading, tuple[ReportLine, ...], Sequence[Touched]]]:
    """Take rows in, unless the file itself rules them out; tell of each its lines and writes."""
    name_field = _NAMES_FIRM.get(kind)
    if name_field is not None:
        codes = {str(code) for row in rows if (code := row.values.get("uscc"))}
        names = {str(name) for row in rows if (name := row.values.get(name_field))}
        expect_firms(session, sending.program, codes=codes, names=names)
    ahead = _take_together(session, sending, kind, rows)
    with watch(session) as watched:
        for row in rows:
            together = ahead.get(row.row)
            if row.hint in _RULED_OUT:
                yield row, report_lines(row), ()
            elif together is not None:
                done = together.taken
                lines = report_lines(row, outcome=done.outcome, further=done.faults)
                yield row, lines, together.touched
            else:
                done = take_row(session, sending, row.values, TAKERS[kind])
                lines = report_lines(row, outcome=done.outcome, further=done.faults)
                yield row, lines, watched.take()


def _take_together(
    session: Session, sending: Sending, kind: ImportKind, rows: Sequence[RowReading]
) -> Mapping[int, TakenAhead]:
    """Take the rows that need no look of their own, with one read and one write for all."""
    taker = MANY_TAKERS.get(kind)
    if taker is None:
        return {}
    return taker(session, sending, {r.row: r.values for r in rows if r.hint not in _RULED_OUT})
