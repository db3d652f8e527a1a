"""The owner appeals against a statement of reasons, or takes his appeal back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.access.tables import AccountOperator, Capacity
from marketplace.base.clock import Clock, FixedClock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.files.tables import FileUse
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.appeals import rules
from marketplace.features.appeals.events import AppealFiled
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.queries import door_of, load_appeal, load_statement
from marketplace.features.appeals.tables import Appeal, AppealFile
from marketplace.features.enforcement.commands import pause_measures, resume_measures
from marketplace.features.enforcement.kinds import MeasureKind
from marketplace.features.enforcement.tables import MeasureTaken, StatementOfReasons

LEAST_TEXT = 10  # characters; a sentence on what is wrong


def file_appeal(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    statement_id: int,
    ground: AppealGround,
    text: str,
    use_ids: Sequence[int] = (),
) -> int:
    """Appeal at the instance that is open now; pause what the program pauses meanwhile.

    Raises:
        Refused: too late, open or decided already, no instance left, nothing stands any more, or
            by somebody who is not the head of the firm.
        Invalid: for a text of fewer than 10 characters.
    """
    statement, scope = load_statement(session, statement_id)
    require(actor, "appeals.file_appeal", scope)
    _require_head(session, actor, statement.operator_id)
    clock = FixedClock(clock.now())
    door = door_of(session, rulebook, statement, today(clock))
    if door.instance is None:
        raise Refused(door.refusal or "appeal_over", until=door.until)
    said = normalize_prose(text)
    if not LEAST_TEXT <= len(said) <= 2000:
        raise Invalid([Fault("text", "text_length", {"low": LEAST_TEXT, "high": 2000})])
    row = Appeal(
        program=statement.program,
        number=_number(session, statement.program, today(clock).year),
        statement_id=statement.key,
        store_id=statement.store_id,
        factory_id=statement.factory_id,
        operator_id=statement.operator_id,
        instance=door.instance,
        ground=ground,
        text=said,
        filed_by=actor.account_id,
        filed_at=clock.now(),
        due_on=rules.due_on(rulebook, instance=door.instance, filed_on=today(clock)),
        status=AppealStatus.FILED,
        rulebook_sha256=rulebook.sha256,
    )
    session.add(row)
    session.flush()
    _attach(session, row, use_ids)
    paused = _pause(session, rulebook, clock, actor, statement)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="appeals.file_appeal",
        subject=f"appeal:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
        facts={
            "statement_id": statement.key,
            "instance": row.instance,
            "ground": ground,
            "due_on": row.due_on,
            "files": len(use_ids),
            "paused": paused,
        },
    )
    announce(session, AppealFiled(row.key, row.program, row.store_id, row.operator_id))
    return row.key


def withdraw_appeal(session: Session, *, clock: Clock, actor: Actor, appeal_id: int) -> None:
    """Take an open appeal back for good; what was paused runs again.

    Raises:
        Refused: it is not open, or by somebody who is not the head of the firm.
    """
    row, scope = load_appeal(session, appeal_id)
    require(actor, "appeals.withdraw_appeal", scope)
    _require_head(session, actor, row.operator_id)
    if row.status is not AppealStatus.FILED:
        raise Refused("appeal_not_open")
    clock = FixedClock(clock.now())
    row.status, row.closed_at = AppealStatus.WITHDRAWN, clock.now()
    resume_measures(session, clock=clock, by=actor, statement_id=row.statement_id)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="appeals.withdraw_appeal",
        subject=f"appeal:{row.key}",
        program=row.program,
        operator_id=row.operator_id,
    )


def _pause(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    statement: StatementOfReasons,
) -> tuple[MeasureKind, ...]:
    kinds = session.execute(
        select(MeasureTaken.kind).where(MeasureTaken.statement_id == statement.key)
    ).scalars()
    stated = rules.paused_while_open(rulebook, [kind.value for kind in kinds])
    return pause_measures(
        session,
        clock=clock,
        by=who,
        statement_id=statement.key,
        kinds=[MeasureKind(kind) for kind in stated],
    )


def _require_head(session: Session, who: Actor, operator_id: int | None) -> None:
    """An appeal is the head's to file and to give up: an agent prepares, the head answers for it."""
    capacity = session.execute(
        select(AccountOperator.capacity).where(
            AccountOperator.account_id == who.account_id,
            AccountOperator.operator_id == operator_id,
        )
    ).scalar()
    if capacity is not Capacity.HEAD:
        raise Refused("head_needed")


def _attach(session: Session, row: Appeal, use_ids: Sequence[int]) -> None:
    for use_id in dict.fromkeys(use_ids):
        use = session.get(FileUse, use_id)
        if use is None or use.operator_id != row.operator_id or use.program != row.program:
            raise NotFound("file_not_found", use_id=use_id)
        session.add(AppealFile(appeal_id=row.key, use_id=use_id))
    session.flush()


def _number(session: Session, program: str, year: int) -> str:
    """Number appeals of a program through a year; writers queue, so no two are alike."""
    prefix = f"SS{year}-"
    count = session.execute(
        sa.select(sa.func.count())
        .select_from(Appeal)
        .where(col(Appeal.program) == program, col(Appeal.number).startswith(prefix))
    ).scalar_one()
    return f"{prefix}{count + 1:05d}"
