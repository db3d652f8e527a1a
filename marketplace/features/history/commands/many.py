"""Records many penalties and judgments of one list at once, where nothing about them is open.

A record nobody has yet is kept in bulk, one that says nothing new is left alone. Every other row
is left to `record_earlier_record`. What is taken here touches no row that is left.

It must not touch points, offenses, featuring, rank or credit: nothing here announces anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.clock import Clock
from marketplace.base.db.bulk import insert_many
from marketplace.features.history.commands.earlier import faults_of, told_over
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.history.rules import fold_reference
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.registry.queries import scopes_of_factories

_ACTION = "history.record_earlier_record"
_FACTS = ("quantity", "unit", "period_from", "period_until", "value_fen", "cause")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One record about a factory, as `record_earlier_record` takes it."""

    factory_id: int
    kind: EarlierKind
    unit: str
    quantity: int | None = None
    period_from: date | None = None
    period_until: date | None = None
    value_fen: int | None = None
    cause: str | None = None
    reference_no: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What a correction would change."""
        return {field: getattr(self, field) for field in _FACTS}

    @property
    def identity(self) -> Hashable:
        """What two rows about the same record have in common."""
        told = self.reference_no
        said = tuple(self.facts.values()) if told is None else fold_reference(told)
        return self.factory_id, self.kind, said


@dataclass(frozen=True, slots=True)
class KeptEarlier:
    """What became of a row; `values` are those of the record that was inserted for it."""

    outcome: str
    record_id: int | None = None
    values: Mapping[str, Any] | None = None


def record_earlier_records(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    rows: Mapping[int, Earlier],
    source: str,
    reliability: Reliability,
) -> dict[int, KeptEarlier]:
    """Take the rows nothing is open about; return what became of each of them.

    A row that is missing from the answer must be given to `record_earlier_record`.

    Raises:
        NotAllowed: outside the actor's program.
    """
    require(actor, "history.record_earlier_records", Scope(program=program))
    scopes = scopes_of_factories(session, {row.factory_id for row in rows.values()})
    sound = {
        number: row
        for number, row in rows.items()
        if _is_sound(row, scopes, clock, actor, source)
    }
    told = Counter(row.identity for row in rows.values())
    known = _known(session, scopes)
    done: dict[int, KeptEarlier] = {}
    fresh: dict[int, Earlier] = {}
    for number, row in sound.items():
        same = _same(row, known.get((row.factory_id, row.kind), ()))
        if told[row.identity] > 1:
            continue
        if not same:
            fresh[number] = row
        elif _says_nothing_new(row, same):
            done[number] = KeptEarlier("unchanged")
    return done | _keep(session, clock, actor, fresh, scopes, source, reliability)


def _is_sound(
    row: Earlier, scopes: Mapping[int, Scope], clock: Clock, who: Actor, source: str
) -> bool:
    scope = scopes.get(row.factory_id)
    return (
        scope is not None
        and may(who, "history.record_earlier_records", scope)
        and not faults_of(clock, row.quantity, row.period_from, row.period_until, source)
    )


def _known(
    session: Session, factories: Collection[int]
) -> dict[tuple[int, EarlierKind], list[Any]]:
    """Ask once for all: what is recorded of these factories, withdrawn or not."""
    columns = ("factory_id", "store_id", "kind", "reference_no", "withdrawn_at", *_FACTS)
    found = session.execute(
        sa.select(*(getattr(EarlierRecord, name) for name in columns)).where(
            col(EarlierRecord.factory_id).in_(set(factories))
        )
    )
    known: dict[tuple[int, EarlierKind], list[Any]] = {}
    for one in found:
        known.setdefault((one.factory_id, one.kind), []).append(one)
    return known


def _same(row: Earlier, known: Sequence[Any]) -> list[Any]:
    """The records with the row's number; without one those that stand, fact for fact."""
    if row.reference_no is None:
        return [one for one in known if _stands(one) and _is_told_alike(row, one)]
    number = fold_reference(row.reference_no)
    return [
        one
        for one in known
        if one.reference_no is not None and fold_reference(one.reference_no) == number
    ]


def _stands(one: Any) -> bool:
    return one.reference_no is None and one.withdrawn_at is None


def _is_told_alike(row: Earlier, one: Any) -> bool:
    facts = row.facts.items()
    return all(getattr(one, field) == value for field, value in facts if field != "unit")


def _says_nothing_new(row: Earlier, same: Sequence[Any]) -> bool:
    if row.reference_no is None:
        return True
    one = same[0]
    before = {field: getattr(one, field) for field in _FACTS}
    return (
        len(same) == 1
        and one.store_id is None
        and one.withdrawn_at is None
        and told_over(before, row.facts) == before
    )


def _keep(
    session: Session,
    clock: Clock,
    who: Actor,
    fresh: Mapping[int, Earlier],
    scopes: Mapping[int, Scope],
    source: str,
    reliability: Reliability,
) -> dict[int, KeptEarlier]:
    """Insert new records and leave an entry of each, as one by one would."""
    values = [
        {
            "program": str(scopes[row.factory_id].program),
            "factory_id": row.factory_id,
            "store_id": None,
            "kind": row.kind,
            **row.facts,
            "reference_no": row.reference_no,
            "source": source,
            "reliability": reliability,
            "recorded_by": who.account_id,
            "recorded_at": clock.now(),
            "version": 1,
        }
        for row in fresh.values()
    ]
    keys = insert_many(session, EarlierRecord, values)
    for row, key in zip(fresh.values(), keys, strict=True):
        scope = scopes[row.factory_id]
        facts = {
            "factory_id": row.factory_id, "store_id": None, "kind": row.kind, "source": source
        }  # fmt: skip
        audit.record(
            session,
            clock=clock,
            actor=who,
            action=_ACTION,
            subject=f"earlier_record:{key}",
            program=scope.program,
            operator_id=scope.operator_id,
            facts=facts,
            after=row.facts,
        )
    return {
        number: KeptEarlier("inserted", key, said)
        for number, key, said in zip(fresh, keys, values, strict=True)
    }
