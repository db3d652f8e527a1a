"""Takes rows of factory lists and of earlier records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base.db.watching import Touched, inserted
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.lookups import Firm, find_firm, known_firm
from marketplace.exchange.importing.taking import Sending, Taken, TakenAhead
from marketplace.exchange.kinds import Outcome
from marketplace.exchange.periods import Period
from marketplace.features.history.commands import (
    Earlier,
    record_earlier_record,
    record_earlier_records,
)
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.history.rules import fold_reference
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.registry.commands import (
    RecordOutcome,
    record_factories,
    record_factory,
)

# 刑初, 民终, 行申 …: the case types of courts; a document so numbered is a judgment.
_JUDGMENT = re.compile(r"[刑民行][初终申再]|判决")


def take_factory(session: Session, sending: Sending, values: Mapping[str, Value]) -> Taken:
    """Admit a factory, or take what this source says about a known one."""
    recorded = record_factory(
        session,
        sending.rulebook,
        clock=sending.clock,
        actor=sending.actor,
        values=_said(values),
        source=sending.source,
        source_on=sending.source_on,
    )
    if recorded.outcome is RecordOutcome.ARCHIVED:
        fault = RowFault("name", "row_archived", str(values.get("name") or ""), blocking=False)
        return Taken(Outcome.UNCHANGED, (fault,))
    return Taken(Outcome(recorded.outcome.value))


def take_factories(
    session: Session, sending: Sending, rows: Mapping[int, Mapping[str, Value]]
) -> dict[int, TakenAhead]:
    """Take at once the rows of firms nothing is open about; the others are taken one by one."""
    done = record_factories(
        session,
        sending.rulebook,
        clock=sending.clock,
        actor=sending.actor,
        rows={number: _said(values) for number, values in rows.items()},
        source=sending.source,
        source_on=sending.source_on,
    )
    return {
        number: TakenAhead(
            Taken(Outcome(one.recorded.outcome.value)),
            tuple(Touched(table, key, None, {}) for table, key in one.inserted),
        )
        for number, one in done.items()
    }


def _said(values: Mapping[str, Value]) -> dict[str, str | int | bool | None]:
    return {
        field: value
        for field, value in values.items()
        if field != "country" and value is not None and not isinstance(value, Period)
    }


def take_earlier_record(
    session: Session, sending: Sending, values: Mapping[str, Value]
) -> Taken:
    """Record a penalty, a judgment or a seizure of a known firm; never points."""
    firm = find_firm(session, sending.program, values, name_field="name")
    number = values.get("decision_no")
    kind = _kind_of(str(number) if number else None)
    facts = _facts_of(values)
    if number is None and _is_known(session, firm, kind, facts):
        return Taken(Outcome.UNCHANGED)
    record_id, outcome = record_earlier_record(
        session,
        clock=sending.clock,
        actor=sending.actor,
        factory_id=firm.factory_id,
        kind=kind,
        source=sending.source,
        reliability=Reliability.OFFICIAL,
        unit="pairs",
        reference_no=str(number) if number else None,
        **facts,  # type: ignore[arg-type]
    )
    return Taken(Outcome(outcome), _corrected(session, sending, record_id, outcome))


def take_earlier_records(
    session: Session, sending: Sending, rows: Mapping[int, Mapping[str, Value]]
) -> dict[int, TakenAhead]:
    """Take at once the records nothing is open about; the others are taken one by one."""
    ready: dict[int, Earlier] = {}
    for row, values in rows.items():
        firm = known_firm(session, sending.program, values, name_field="name")
        if firm is None:
            continue
        number = str(values["decision_no"]) if values.get("decision_no") else None
        facts: dict[str, Any] = _facts_of(values)
        kind = _kind_of(number)
        ready[row] = Earlier(firm.factory_id, kind, unit="pairs", reference_no=number, **facts)
    done = record_earlier_records(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        rows=ready,
        source=sending.source,
        reliability=Reliability.OFFICIAL,
    )
    return {
        row: TakenAhead(
            Taken(Outcome(one.outcome)),
            ()
            if one.record_id is None or one.values is None
            else (inserted(EarlierRecord, one.record_id, one.values),),
        )
        for row, one in done.items()
    }


def _corrected(
    session: Session, sending: Sending, record_id: int, outcome: str
) -> tuple[RowFault, ...]:
    """Say when one source changed what another one told of the same document."""
    record = session.get(EarlierRecord, record_id)
    if outcome != "updated" or record is None or record.source == sending.source:
        return ()
    facts = {"source": record.source}
    number = str(record.reference_no or "")
    return (
        RowFault("decision_no", "row_record_of_other_source", number, facts, blocking=False),
    )


def _facts_of(values: Mapping[str, Value]) -> dict[str, object]:
    decided = values.get("decided_on")
    period = decided if isinstance(decided, Period) else None
    return {
        "quantity": values.get("quantity_pairs"),
        "value_fen": values.get("value_fen"),
        "cause": values.get("cause"),
        "period_from": period.from_on if period else None,
        "period_until": period.until_on if period else None,
    }


def _kind_of(number: str | None) -> EarlierKind:
    if number is None:
        return EarlierKind.PAIRS_SEIZED
    judged = _JUDGMENT.search(fold_reference(number))
    return EarlierKind.JUDGMENT if judged else EarlierKind.PENALTY_DECISION


def _is_known(
    session: Session, firm: Firm, kind: EarlierKind, facts: Mapping[str, object]
) -> bool:
    """Tell whether a record without a number is there already, fact for fact."""
    same = [getattr(EarlierRecord, field) == value for field, value in facts.items()]
    found = session.execute(
        select(EarlierRecord.id).where(
            EarlierRecord.factory_id == firm.factory_id,
            EarlierRecord.kind == kind,
            col(EarlierRecord.reference_no).is_(None),
            col(EarlierRecord.withdrawn_at).is_(None),
            *same,
        )
    ).first()
    return found is not None
