"""Takes store months of one portion of a file together, where nothing about them is open.

A month of a store that is known and held by whom the row says is taken here: what is new, what
is another revision, what is the same. A row that declares a store, or is refused, is left to
`take_exposure`. A store with a row that may declare it is left with all its
rows; so what is taken here changes nothing for a row that is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.clock import month_end, month_index, today
from marketplace.base.db.watching import Touched
from marketplace.exchange.exposure import StoreMonth, store_month
from marketplace.exchange.faults import Value
from marketplace.exchange.importing.lookups import choose_store, stores_numbered
from marketplace.exchange.importing.shops import counts_told, unsplit_faults
from marketplace.exchange.importing.taking import (
    Rejected,
    Sending,
    Taken,
    TakenAhead,
    combined,
)
from marketplace.exchange.kinds import Outcome
from marketplace.features.compliance.commands import KeptQuantity, Quantity, record_exposures
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement.commands import (
    KeptCount,
    MonthCount,
    correct_monthly_counts,
    monthly_reference,
    record_monthly_counts,
)
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.queries import Holder, list_holders, stores_in_reach
from marketplace.features.registry.tables import Store

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Month:
    """A row with the store it speaks of."""

    store: Store
    told: StoreMonth
    values: Row

    @property
    def place(self) -> tuple[int, int]:
        """The store and the month."""
        return self.store.key, self.told.month

    @property
    def day(self) -> tuple[int, date]:
        """The store and the day that decides whose month it is."""
        return self.store.key, month_end(self.told.month)


def take_exposures(
    session: Session, sending: Sending, rows: Mapping[int, Row]
) -> dict[int, TakenAhead]:
    """Take at once the months nothing is open about; the others are taken one by one."""
    months = _sound(session, sending, rows)
    if not months:
        return {}
    counted = _counted(session, months.values())
    ready: dict[int, tuple[list[Quantity], _Counts]] = {}
    for number, month in months.items():
        counts = _counts(month, counted.get(month.place, ()))
        if counts is not None:
            ready[number] = _quantities(month), counts
    kept = iter(
        record_exposures(
            session,
            clock=sending.clock,
            actor=sending.actor,
            program=sending.program,
            rows=[quantity for quantities, _ in ready.values() for quantity in quantities],
            source=sending.source,
        )
    )
    found = iter(
        record_monthly_counts(
            session,
            clock=sending.clock,
            actor=sending.actor,
            program=sending.program,
            rows=[count for _, counts in ready.values() for count in counts.first],
            source=sending.source,
        )
    )
    corrected = iter(
        correct_monthly_counts(
            session,
            clock=sending.clock,
            actor=sending.actor,
            program=sending.program,
            rows=[count for _, counts in ready.values() for count in counts.corrected],
            source=sending.source,
        )
    )
    done: dict[int, TakenAhead] = {}
    for number, (quantities, counts) in ready.items():
        measured = [next(kept) for _ in quantities]
        findings = [next(found) for _ in counts.first]
        changes = [one for _ in counts.corrected if (one := next(corrected)) is not None]
        outcomes = [one.outcome for one in measured]
        outcomes += [Outcome.INSERTED for _ in findings] + [Outcome.UPDATED for _ in changes]
        taken = Taken(combined(outcomes), unsplit_faults(months[number].told))
        done[number] = TakenAhead(taken, (*_measured(measured), *_found(findings), *changes))
    return done


def _sound(session: Session, sending: Sending, rows: Mapping[int, Row]) -> dict[int, _Month]:
    """The rows of known stores that declare nothing, name no other holder and are not repeated."""
    told = {number: store_month(values) for number, values in rows.items()}
    stores = stores_numbered(session, sending.program, {m.store_no for m in told.values()})
    ids = {store.key for some in stores.values() for store in some}
    holders = list_holders(session, store_ids=ids)
    found: dict[int, _Month] = {}
    open_numbers: set[str] = set()
    for number, month in told.items():
        try:
            store = choose_store(stores.get(month.store_no, ()), month.platform, month.store_no)
        except Rejected:
            store = None
        if store is None or not _is_held(holders.get(store.key, ()), rows[number]):
            open_numbers.add(month.store_no)
        else:
            found[number] = _Month(store, month, rows[number])
    mine = stores_in_reach(
        session, sending.actor, "compliance.record_exposures", program=sending.program,
        days={m.day for m in found.values()},
    )  # fmt: skip
    open_numbers |= {m.told.store_no for m in found.values() if m.day not in mine}
    repeated = Counter(month.place for month in found.values())
    open_numbers |= {m.told.store_no for m in found.values() if repeated[m.place] > 1}
    last = month_index(today(sending.clock))
    return {
        number: month
        for number, month in found.items()
        if month.told.store_no not in open_numbers
        and month.told.month <= last
        and all(quantity >= 0 for quantity in month.told.quantities.values())
    }


def _is_held(holders: Sequence[Holder], row: Row) -> bool:
    """Nobody is named, or it is one of those said to operate the store."""
    code = row.get("uscc")
    return not code or any(holder.uscc == code for holder in holders)


Counted = tuple[Origin, int, FindingStatus]


def _counted(
    session: Session, months: Collection[_Month]
) -> dict[tuple[int, int], list[Counted]]:
    """Ask once for all: what platforms counted before in these stores and months."""
    if not any(counts_told(month.values, month.told) for month in months):
        return {}
    rows = session.execute(
        sa.select(
            col(Finding.store_id),
            col(Finding.found_month),
            col(Finding.origin),
            col(Finding.listings),
            col(Finding.status),
            col(Finding.reference),
        ).where(
            col(Finding.store_id).in_({month.store.key for month in months}),
            col(Finding.found_month).in_({month.told.month for month in months}),
            col(Finding.basis) == FindingBasis.MONTHLY_REPORT,
        )
    )
    found: dict[tuple[int, int], list[Counted]] = {}
    for store_id, month, origin, listings, status, reference in rows:
        if reference == monthly_reference(store_id, month, origin):  # else it was taken back
            found.setdefault((store_id, month), []).append((origin, listings, status))
    return found


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was found in a row's month: counted for the first time, and counted otherwise before."""

    first: list[MonthCount]
    corrected: list[MonthCount]


def _counts(month: _Month, known: Sequence[Counted]) -> _Counts | None:
    """Return what a row counts; None where nobody knows which of two origins it corrects.

    A correction stands under the origin it was recorded under before, as in `take_exposure`.
    """
    told = _Counts([], [])
    for origins, listings in counts_told(month.values, month.told):
        before = {one[0]: one for one in known if one[0] in origins}
        upheld = [one for one in before.values() if one[2] is FindingStatus.UPHELD]
        if upheld and sum(one[1] for one in upheld) == listings:
            continue
        if len(upheld) > 1:
            return None
        origin = upheld[0][0] if upheld else origins[0]
        count = MonthCount(*month.place, origin, listings)
        if origin in before:
            told.corrected.append(count)
        elif listings:
            told.first.append(count)
    return told


def _quantities(month: _Month) -> list[Quantity]:
    return [
        Quantity(*month.place, ExposureKind(kind), quantity)
        for kind, quantity in month.told.quantities.items()
    ]


def _measured(kept: Sequence[KeptQuantity]) -> Iterator[Touched]:
    """As the session's objects would have been seen: what counts no more, then what counts."""
    for one in kept:
        if one.superseded_id is not None:
            yield Touched("exposure", one.superseded_id, {"current": True}, {"current": False})
        if one.exposure_id is not None:
            yield Touched("exposure", one.exposure_id, None, {"current": True})


def _found(kept: Sequence[KeptCount]) -> Iterator[Touched]:
    for one in kept:
        after = {
            "factory_id": one.factory_id,
            "operator_id": one.operator_id,
            "listings": one.listings,
            "status": FindingStatus.UPHELD.value,
        }
        yield Touched("finding", one.finding_id, None, after)
