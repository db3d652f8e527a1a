"""Takes many factories of one list at once, where nothing about them is open.

A new firm nobody else in the list or the register shares a code or name with is admitted in bulk;
a known one that says nothing new is left alone. Every other row is left to `record_factory`, one
by one. What is taken here touches no row that is left, so the order between them means nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.db.bulk import insert_many
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name
from marketplace.features.registry import rules
from marketplace.features.registry.commands.factories import (
    Recorded,
    RecordOutcome,
    values_of,
)
from marketplace.features.registry.commands.fields import audited, text_of
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import EntityKind, FactoryStatus, ValueStatus
from marketplace.features.registry.rules import Resolution, Value
from marketplace.features.registry.tables import Factory, FieldValue, Operator

_ACTION = "registry.record_factory"
_SETTLED = frozenset({FactoryStatus.REGISTERED})


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of one row, and the rows that were inserted for it: (table, key), in order."""

    recorded: Recorded
    inserted: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the register holds of the codes and names of some rows."""

    folds: frozenset[str]
    codes: frozenset[str]
    firms: Mapping[str, tuple[Factory, Operator]]  # by code, those on the lists
    sources: Mapping[int, Mapping[str, str]]  # factory → field → source


Row = dict[str, Value]


def record_factories(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    rows: Mapping[int, Mapping[str, Value]],
    source: str,
    source_on: date | None = None,
) -> dict[int, Admitted]:
    """Take the rows nothing is open about; return what became of each of them.

    A row that is missing from the answer must be given to `record_factory`.

    Raises:
        NotAllowed: outside the actor's program.
    """
    program = rulebook.program.key
    require(actor, "registry.record_factories", Scope(program=program))
    sound = _sound(rulebook, actor, rows)
    known = _look_up(session, program, sound.values())
    folds = Counter(fold_name(str(row["name"])) for row in sound.values())
    codes = Counter(row.get("uscc") for row in sound.values())
    done: dict[int, Admitted] = {}
    fresh: dict[int, Row] = {}
    for number, row in sound.items():
        fold, code = fold_name(str(row["name"])), row.get("uscc")
        if folds[fold] > 1 or (code and codes[code] > 1):
            continue
        if fold not in known.folds and code not in known.codes:
            fresh[number] = row
        elif code in known.firms:
            factory, operator = known.firms[str(code)]
            where = Scope(program=program, district=factory.district)
            if may(actor, "registry.record_factories", where) and _says_nothing_new(
                factory, operator, known.sources, row, source
            ):
                done[number] = Admitted(
                    Recorded(RecordOutcome.UNCHANGED, factory.key, operator.key)
                )
    return done | _admit_all(session, program, clock, actor, fresh, source, source_on)


def _sound(
    rulebook: Rulebook, who: Actor, rows: Mapping[int, Mapping[str, Value]]
) -> dict[int, Row]:
    """The rows without a fault, checked and normalized, where the person may take them."""
    found: dict[int, Row] = {}
    for number, values in rows.items():
        checked = rules.check_values(rulebook, values)
        if checked.faults or rules.check_phones(values):
            continue
        district = checked.values.get("district")
        scope = Scope(
            program=rulebook.program.key, district=str(district) if district else None
        )
        if may(who, "registry.record_factories", scope):
            found[number] = dict(checked.values)
    return found


def _look_up(session: Session, program: str, rows: Iterable[Row]) -> _Known:
    """Ask once for all: which codes and names the register has, and what it holds of them."""
    some = list(rows)
    folds = {fold_name(str(row["name"])) for row in some}
    codes = {str(row["uscc"]) for row in some if row.get("uscc")}
    found = session.execute(
        sa.select(Operator, Factory)
        .outerjoin(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(
            col(Operator.program) == program,
            sa.or_(col(Operator.name_fold).in_(folds), col(Operator.uscc).in_(codes)),
        )
        .order_by(col(Factory.id))
    ).all()
    firms: dict[str, tuple[Factory, Operator]] = {}
    for operator, factory in found:
        listed = factory is not None and factory.status is not FactoryStatus.ARCHIVED
        if listed and operator.uscc in codes:
            firms.setdefault(operator.uscc, (factory, operator))
    return _Known(
        folds=frozenset(operator.name_fold for operator, _ in found),
        codes=frozenset(operator.uscc for operator, _ in found if operator.uscc),
        firms=firms,
        sources=_sources(session, firms.values()),
    )


def _sources(
    session: Session, firms: Iterable[tuple[Factory, Operator]]
) -> dict[int, dict[str, str]]:
    """Return factory → field → source of its current values and its operator's."""
    pairs = list(firms)
    if not pairs:
        return {}  # of a list of new firms nothing is asked, unit after unit
    found: dict[int, dict[str, str]] = {factory.key: {} for factory, _ in pairs}
    of_operator: dict[int, list[int]] = {}
    for factory, operator in pairs:
        of_operator.setdefault(operator.key, []).append(factory.key)
    places = (
        (EntityKind.FACTORY, {key: [key] for key in found}),
        (EntityKind.OPERATOR, of_operator),
    )
    for entity, factories in places:
        said = session.execute(
            sa.select(
                col(FieldValue.entity_id), col(FieldValue.field), col(FieldValue.source)
            ).where(
                col(FieldValue.entity) == entity,
                col(FieldValue.entity_id).in_(factories),
                col(FieldValue.status) == ValueStatus.CURRENT,
            )
        ).all()
        for entity_id, field, source in said:
            for factory_id in factories[entity_id]:
                found[factory_id][field] = source
    return found


def _says_nothing_new(
    factory: Factory,
    operator: Operator,
    sources: Mapping[int, Mapping[str, str]],
    row: Row,
    source: str,
) -> bool:
    if factory.status not in _SETTLED:
        return False
    before, said = values_of(factory, operator), sources[factory.key]
    return all(
        rules.resolve(
            current=before.get(field),
            current_source=said.get(field),
            new=value,
            new_source=source,
        )
        is Resolution.SAME
        for field, value in row.items()
    )


def _admit_all(
    session: Session,
    program: str,
    clock: Clock,
    who: Actor,
    fresh: Mapping[int, Row],
    source: str,
    source_on: date | None,
) -> dict[int, Admitted]:
    """Insert new firms with their values and leave an entry of each, as one by one would."""
    if not fresh:
        return {}
    rows = list(fresh.values())
    operators = insert_many(session, Operator, [_operator_row(program, clock, r) for r in rows])
    factories = insert_many(
        session,
        Factory,
        [_factory_row(program, clock, r, o) for r, o in zip(rows, operators, strict=True)],
    )
    values = [
        _value_row(program, clock, field, value, o, f, source, source_on)
        for row, o, f in zip(rows, operators, factories, strict=True)
        for field, value in row.items()
        if value is not None
    ]
    keys = iter(insert_many(session, FieldValue, values))
    done: dict[int, Admitted] = {}
    for number, o, f in zip(fresh, operators, factories, strict=True):
        given = {field: value for field, value in fresh[number].items() if value is not None}
        _tell(
            session,
            program,
            clock,
            who,
            operator_id=o,
            factory_id=f,
            given=given,
            source=source,
        )
        outcome = RecordOutcome.INSERTED if given.get("uscc") else RecordOutcome.DRAFT
        inserted = (
            ("operator", o),
            ("factory", f),
            *(("field_value", next(keys)) for _ in given),
        )
        done[number] = Admitted(Recorded(outcome, f, o, tuple(given)), inserted)
    return done


def _tell(
    session: Session,
    program: str,
    clock: Clock,
    who: Actor,
    *,
    operator_id: int,
    factory_id: int,
    given: Mapping[str, Value],
    source: str,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=_ACTION,
        subject=f"factory:{factory_id}",
        program=program,
        operator_id=operator_id,
        facts={"source": source, "draft": given.get("uscc") is None},
        **audited(operator_id, {}, given),
    )
    announce(session, FactoryChanged(factory_id))


def _operator_row(program: str, clock: Clock, row: Row) -> dict[str, Any]:
    name = str(row["name"])
    return {
        "program": program,
        "name": name,
        "name_fold": fold_name(name),
        "created_at": clock.now(),
        "version": 1,
        **{field: row.get(field) for field in rules.OPERATOR_FIELDS},
    }


def _factory_row(program: str, clock: Clock, row: Row, operator_id: int) -> dict[str, Any]:
    registered = row.get("uscc") is not None
    return {
        "operator_id": operator_id,
        "program": program,
        "name_fold": fold_name(str(row["name"])),
        "status": FactoryStatus.REGISTERED if registered else FactoryStatus.DRAFT,
        "created_at": clock.now(),
        "updated_at": clock.now(),
        "version": 1,
        **{field: row.get(field) for field in rules.FACTORY_FIELDS},
    }


def _value_row(
    program: str,
    clock: Clock,
    field: str,
    value: Value,
    operator_id: int,
    factory_id: int,
    source: str,
    source_on: date | None,
) -> dict[str, Any]:
    of_operator = field in rules.OPERATOR_FIELDS
    return {
        "entity": EntityKind.OPERATOR if of_operator else EntityKind.FACTORY,
        "entity_id": operator_id if of_operator else factory_id,
        "program": program,
        "field": field,
        "value": text_of(value),
        "source": source,
        "source_on": source_on,
        "recorded_at": clock.now(),
        "status": ValueStatus.CURRENT,
    }
