"""Admits factories and keeps each field's source; another source never overwrites silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name
from marketplace.features.registry import rules
from marketplace.features.registry.commands.fields import (
    audited,
    current_sources,
    field_value_of,
    keep_first,
    open_conflict,
    set_value,
    write_value,
)
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import EntityKind, FactoryStatus, ValueStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.rules import Resolution, Value
from marketplace.features.registry.tables import Factory, FieldValue, Operator


class RecordOutcome(StrEnum):
    """What became of one factory that was given."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DRAFT = "draft"
    ARCHIVED = "archived"  # a draft an officer took off the lists; nothing was taken


@dataclass(frozen=True, slots=True)
class Recorded:
    """The factory a row ended in, what changed, and which fields wait for a decision."""

    outcome: RecordOutcome
    factory_id: int
    operator_id: int
    changed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def record_factory(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    values: Mapping[str, Value],
    source: str,
    source_on: date | None = None,
) -> Recorded:
    """Admit a factory, or take what a source says about a known one.

    A firm is known by its USCC, without one by folded name and address (a draft, 待补代码); where
    one of them tells no address, by a name that only this draft bears.

    Raises:
        Invalid: with every fault.
        NotAllowed: outside the actor's program.
        NotFound: outside his districts: where the values say it lies, or where the register has it.
    """
    program = rulebook.program.key
    require(actor, "registry.record_factory", Scope(program=program))
    checked = rules.check_values(rulebook, values)
    faults = (*checked.faults, *rules.check_phones(values))
    if faults:
        raise Invalid(faults)
    kept = dict(checked.values)
    district = kept.get("district")
    require(
        actor,
        "registry.record_factory",
        Scope(program=program, district=str(district) if district else None),
    )
    known = _find_known(session, program, kept)
    if known is not None:  # a row that names no district, or another, is still of that firm
        require(actor, "registry.record_factory", scope_of_factory(session, known[0].key))
    if known is not None and known[0].status is FactoryStatus.ARCHIVED:
        # An officer took this draft off the lists; the same words again do not bring it back.
        return Recorded(RecordOutcome.ARCHIVED, known[0].key, known[1].key)
    if known is None:
        return _admit(session, program, clock, actor, kept, source, source_on)
    factory, operator = known
    return _take(session, clock, actor, factory, operator, kept, source, source_on)


def edit_factory(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    values: Mapping[str, Value],
    reason: str,
    seen: Mapping[str, Value] | None = None,
) -> tuple[str, ...]:
    """Correct fields of a factory by an officer's own knowledge; return what changed.

    A save that changes nothing does nothing and returns an empty tuple. `seen`: what the writer
    was shown of these fields; one that a colleague changed since is not overwritten unseen.

    Raises:
        Invalid: a value that cannot be, or fields changed since they were seen, each named.
    """
    require(actor, "registry.edit_factory", scope_of_factory(session, factory_id))
    factory, operator = load_factory(session, factory_id)
    before = values_of(factory, operator)
    merged = {**before, **values}
    checked = rules.check_values(rulebook, merged)
    changed = rules.changed_fields(before, checked.values)
    faults = (*checked.faults, *rules.check_phones(changed))  # what stood there stays
    if faults:
        raise Invalid(faults)
    if not changed:
        return ()
    overtaken = rules.overtaken(seen or {}, before, changed)
    if overtaken:
        raise Invalid(overtaken)
    if changed.get("uscc"):
        _refuse_taken_uscc(session, factory.program, str(changed["uscc"]), operator.key)
    for field, value in changed.items():
        write_value(session, clock, factory, operator, field, value, actor.login, None)
    _settle_status(factory, operator)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.edit_factory",
        subject=f"factory:{factory_id}",
        program=factory.program,
        operator_id=operator.key,
        reason=reason,
        **audited(operator.key, before, changed),
    )
    announce(session, FactoryChanged(factory_id))
    return tuple(changed)


def _find_known(
    session: Session, program: str, kept: Mapping[str, Value]
) -> tuple[Factory, Operator] | None:
    uscc = kept.get("uscc")
    if uscc:
        found = session.execute(_of_code(), {"program": program, "uscc": uscc}).first()
        if found is not None:
            return found[0], found[1]
    name, address = rules.draft_identity(str(kept["name"]), _text(kept.get("address")))
    # A firm that has another code is another firm.
    same = session.execute(_of_name(coded=bool(uscc)), {"program": program, "name": name})
    named = [(factory, operator) for factory, operator in same]
    for factory, operator in named:
        if fold_name(factory.address or "") == address:
            return factory, operator
    # Where one side tells no address, a name that only one draft bears is that draft's.
    if len(named) == 1 and not (address and named[0][0].address) and not named[0][1].uscc:
        return named[0]
    return None


# Built once: an import asks for every row.
@cache
def _firms() -> Any:
    return (
        select(Factory, Operator)
        .join(Operator, sa.and_(col(Operator.id) == Factory.operator_id))
        .where(Operator.program == sa.bindparam("program"))
        # What an import brought and an undo took back is no longer known.
        .where(sa.or_(col(Factory.status) != FactoryStatus.ARCHIVED, _is_still_said()))
        .order_by(col(Factory.status) == FactoryStatus.ARCHIVED, col(Factory.id))
    )


def _standing_firms() -> Any:
    return _firms().where(col(Factory.status) != FactoryStatus.ARCHIVED)


@cache
def _of_code() -> Any:
    return _standing_firms().where(col(Operator.uscc) == sa.bindparam("uscc"))


@cache
def _of_name(*, coded: bool) -> Any:
    """The firms of a name; for a firm with a code only those that have none yet."""
    firms = _standing_firms().where(col(Operator.uscc).is_(None)) if coded else _firms()
    return firms.where(Operator.name_fold == sa.bindparam("name"))


def _is_still_said() -> sa.ColumnElement[bool]:
    """Some source's value of the firm still stands."""
    return sa.exists().where(
        col(FieldValue.entity) == EntityKind.FACTORY,
        col(FieldValue.entity_id) == col(Factory.id),
        col(FieldValue.status) == ValueStatus.CURRENT,
    )


def _admit(
    session: Session,
    program: str,
    clock: Clock,
    actor: Actor,
    kept: Mapping[str, Value],
    source: str,
    source_on: date | None,
) -> Recorded:
    now = clock.now()
    name = str(kept["name"])
    uscc = _text(kept.get("uscc"))
    operator = Operator(
        program=program, name=name, name_fold=fold_name(name), uscc=uscc, created_at=now
    )
    factory = Factory(
        operator_id=0,  # known once the operator is written
        program=program,
        name=name,
        name_fold=fold_name(name),
        status=FactoryStatus.REGISTERED if uscc else FactoryStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    given = {f: v for f, v in kept.items() if v is not None}
    for field, value in given.items():
        set_value(factory, operator, field, value)
    session.add(operator)
    session.flush()
    factory.operator_id = operator.key
    session.add(factory)
    session.flush()
    keep_first(session, clock, factory, operator, given, source, source_on)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.record_factory",
        subject=f"factory:{factory.key}",
        program=program,
        operator_id=operator.key,
        facts={"source": source, "draft": uscc is None},
        **audited(operator.key, {}, given),
    )
    announce(session, FactoryChanged(factory.key))
    outcome = RecordOutcome.INSERTED if uscc else RecordOutcome.DRAFT
    return Recorded(outcome, factory.key, operator.key, tuple(given))


def _take(
    session: Session,
    clock: Clock,
    actor: Actor,
    factory: Factory,
    operator: Operator,
    kept: Mapping[str, Value],
    source: str,
    source_on: date | None,
) -> Recorded:
    before = values_of(factory, operator)
    sources = current_sources(session, factory.key, operator.key)
    changed: dict[str, Value] = {}
    conflicts: list[str] = []
    for field, new in kept.items():
        verdict = rules.resolve(
            current=before.get(field),
            current_source=sources.get(field),
            new=new,
            new_source=source,
        )
        if verdict is Resolution.SET:
            write_value(session, clock, factory, operator, field, new, source, source_on)
            changed[field] = new
        elif verdict is Resolution.CONFLICT:
            opened = open_conflict(
                session, clock, factory, operator, field, new, source, source_on
            )
            conflicts.extend([field] if opened else [])
    completed = _settle_status(factory, operator)
    if not changed and not conflicts and not completed:
        draft = operator.uscc is None
        outcome = RecordOutcome.DRAFT if draft else RecordOutcome.UNCHANGED
        return Recorded(outcome, factory.key, operator.key)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.record_factory",
        subject=f"factory:{factory.key}",
        program=factory.program,
        operator_id=operator.key,
        facts={"source": source, "conflicts": sorted(conflicts)},
        **audited(operator.key, before, changed),
    )
    announce(session, FactoryChanged(factory.key))
    outcome = RecordOutcome.UPDATED if operator.uscc else RecordOutcome.DRAFT
    return Recorded(outcome, factory.key, operator.key, tuple(changed), tuple(conflicts))


def _settle_status(factory: Factory, operator: Operator) -> bool:
    if factory.status is FactoryStatus.DRAFT and operator.uscc:
        factory.status = FactoryStatus.REGISTERED
        return True
    return False


def _refuse_taken_uscc(session: Session, program: str, uscc: str, operator_id: int) -> None:
    taken = session.execute(
        select(Operator.id).where(
            Operator.program == program, Operator.uscc == uscc, Operator.id != operator_id
        )
    ).first()
    if taken is not None:
        raise Invalid([Fault("uscc", "uscc_taken", {"uscc": uscc})])


def values_of(factory: Factory, operator: Operator) -> dict[str, Value]:
    """Return every canonical field with its current value."""
    fields = (*rules.OPERATOR_FIELDS, *rules.FACTORY_FIELDS)
    return {field: field_value_of(factory, operator, field) for field in fields}


def load_factory(session: Session, factory_id: int) -> tuple[Factory, Operator]:
    """Return a factory with its operator for writing.

    Raises:
        NotFound: when there is none.
    """
    factory = session.get(Factory, factory_id)
    operator = session.get(Operator, factory.operator_id) if factory else None
    if factory is None or operator is None:
        raise NotFound("factory_not_found", factory_id=factory_id)
    return factory, operator


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
