"""Reads appeals, who must not decide one, what an owner can do, and how they ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, may, narrow, require
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals import rules
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.parts import barred_from
from marketplace.features.appeals.tables import Appeal, AppealFile
from marketplace.features.enforcement.kinds import MeasureEnd
from marketplace.features.enforcement.tables import MeasureTaken, StatementOfReasons
from marketplace.features.registry.tables import Factory, Store


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal with the statement it is against and whose it is."""

    appeal_id: int
    number: str
    program: str
    statement_id: int
    statement_number: str
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    instance: int
    ground: AppealGround
    text: str
    filed_by: int | None
    filed_at: datetime
    due_on: date
    status: AppealStatus
    decided_by: int | None
    decision: str | None
    closed_at: datetime | None
    use_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the appeals of an instance ended.

    `waits` are every appeal's calendar days from filing, shortest first, with whether they ended by
    a decision; one still open, withdrawn or settled was waiting until then. `in_time` of those
    decided were so by their due day.
    """

    instance: int
    filed: int
    upheld: int
    rejected: int
    withdrawn: int
    settled: int
    open: int
    overdue: int
    in_time: int
    waits: tuple[tuple[int, bool], ...]

    @property
    def decided(self) -> int:
        """Upheld and rejected together."""
        return self.upheld + self.rejected


def list_appeals(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    factory_id: int | None = None,
    store_id: int | None = None,
    status: AppealStatus | None = None,
    limit: int = 500,
) -> list[AppealRow]:
    """Return appeals this actor may see, the latest filed first."""
    wanted = (
        _rows()
        .where(
            *narrow(
                actor,
                "appeals.list_appeals",
                program_column=Appeal.program,
                district_column=Factory.district,
                operator_column=Appeal.operator_id,
            )
        )
        .order_by(col(Appeal.id).desc())
        .limit(limit)
    )
    for column, value in (
        (Appeal.program, program),
        (Appeal.factory_id, factory_id),
        (Appeal.store_id, store_id),
        (Appeal.status, status),
    ):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    found = session.execute(wanted).all()
    files = _files_of(session, [row[0].key for row in found])
    return [_row(r[0], r[1], r[2], r[3], files.get(r[0].key, ())) for r in found]


def get_appeal(session: Session, actor: Actor, *, appeal_id: int) -> AppealRow:
    """Return one appeal.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    appeal, scope = load_appeal(session, appeal_id)
    require(actor, "appeals.get_appeal", scope)
    row = session.execute(_rows().where(col(Appeal.id) == appeal.key)).one()
    files = _files_of(session, [appeal_id])
    return _row(row[0], row[1], row[2], row[3], files.get(appeal_id, ()))


def find_doors(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, factory_id: int
) -> dict[int, rules.Door]:
    """Return statement → whether and until when its owner can appeal now."""
    rows = session.execute(
        select(StatementOfReasons)
        .outerjoin(Factory, col(Factory.id) == col(StatementOfReasons.factory_id))
        .where(
            *narrow(
                actor,
                "appeals.find_doors",
                program_column=StatementOfReasons.program,
                district_column=Factory.district,
                operator_column=StatementOfReasons.operator_id,
            ),
            StatementOfReasons.factory_id == factory_id,
        )
    ).scalars()
    return {s.key: door_of(session, rulebook, s, today(clock)) for s in list(rows)}


def count_outcomes(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[Outcomes]:
    """Return how appeals ended, instance by instance; counts without anybody's name."""
    require(actor, "appeals.count_outcomes", Scope(program=program))
    found = session.execute(
        select(Appeal).where(Appeal.program == program).order_by(col(Appeal.id))
    ).scalars()
    by_instance: dict[int, list[Appeal]] = {}
    for appeal in found:
        by_instance.setdefault(appeal.instance, []).append(appeal)
    return [
        _outcomes(instance, rows, today(clock))
        for instance, rows in sorted(by_instance.items())
    ]


def may_decide(session: Session, actor: Actor, rulebook: Rulebook, *, appeal_id: int) -> bool:
    """Tell whether this person may decide an appeal: of the office, and had no part before."""
    appeal, scope = load_appeal(session, appeal_id)
    require(actor, "appeals.may_decide", scope)
    return (
        may(actor, "appeals.decide_appeal", scope)
        and actor.account_id is not None
        and actor.account_id not in barred_from(session, rulebook, appeal)
    )


def load_appeal(session: Session, appeal_id: int) -> tuple[Appeal, Scope]:
    """Return an appeal and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("appeal_not_found", appeal_id=appeal_id)
    return appeal, _scope(session, appeal.program, appeal.factory_id, appeal.operator_id)


def load_statement(session: Session, statement_id: int) -> tuple[StatementOfReasons, Scope]:
    """Return a statement of reasons and whose it is.

    Raises:
        NotFound: there is none with this number.
    """
    row = session.get(StatementOfReasons, statement_id)
    if row is None:
        raise NotFound("statement_not_found", statement_id=statement_id)
    return row, _scope(session, row.program, row.factory_id, row.operator_id)


def door_of(
    session: Session, rulebook: Rulebook, statement: StatementOfReasons, day: date
) -> rules.Door:
    """Return what can be done against a statement on a day; for commands and queries above."""
    filed = session.execute(
        select(Appeal).where(Appeal.statement_id == statement.key)
    ).scalars()
    ends = session.execute(
        select(MeasureTaken.end_reason).where(MeasureTaken.statement_id == statement.key)
    ).scalars()
    found = list(ends)
    return rules.door(
        rulebook,
        appeal_until=statement.appeal_until,
        filed=[
            rules.Filed(a.instance, a.status, civil_day(a.closed_at) if a.closed_at else None)
            for a in filed
        ],
        day=day,
        reversed_already=bool(found) and all(end is MeasureEnd.REVERSED for end in found),
    )


def _outcomes(instance: int, appeals: Iterable[Appeal], day: date) -> Outcomes:
    rows = list(appeals)

    def count(status: AppealStatus) -> int:
        return sum(a.status is status for a in rows)

    until = [day if a.closed_at is None else civil_day(a.closed_at) for a in rows]
    decided = [a.status in {AppealStatus.UPHELD, AppealStatus.REJECTED} for a in rows]
    return Outcomes(
        instance=instance,
        filed=len(rows),
        upheld=count(AppealStatus.UPHELD),
        rejected=count(AppealStatus.REJECTED),
        withdrawn=count(AppealStatus.WITHDRAWN),
        settled=count(AppealStatus.SETTLED),
        open=count(AppealStatus.FILED),
        overdue=sum(a.status is AppealStatus.FILED and a.due_on < day for a in rows),
        in_time=sum(
            ended and last <= a.due_on
            for a, last, ended in zip(rows, until, decided, strict=True)
        ),
        waits=tuple(
            sorted(
                ((last - civil_day(a.filed_at)).days, ended)
                for a, last, ended in zip(rows, until, decided, strict=True)
            )
        ),
    )


def _rows() -> sa.Select[Appeal, str, str, str]:
    return (
        sa.select(Appeal, col(StatementOfReasons.number), col(Store.name), col(Factory.name))
        .join(StatementOfReasons, col(StatementOfReasons.id) == col(Appeal.statement_id))
        .join(Store, col(Store.id) == col(Appeal.store_id))
        .outerjoin(Factory, col(Factory.id) == col(Appeal.factory_id))
    )


def _row(
    a: Appeal, paper: str, store: str, factory: str | None, use_ids: tuple[int, ...]
) -> AppealRow:
    return AppealRow(
        a.key, a.number, a.program, a.statement_id, paper, a.store_id, store, a.factory_id,
        factory, a.instance, a.ground, a.text, a.filed_by, a.filed_at, a.due_on, a.status,
        a.decided_by, a.decision, a.closed_at, use_ids,
    )  # fmt: skip


def _files_of(session: Session, appeal_ids: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = session.execute(
        select(AppealFile.appeal_id, AppealFile.use_id)
        .where(col(AppealFile.appeal_id).in_(appeal_ids))
        .order_by(col(AppealFile.id))
    ).all()
    for appeal_id, use_id in rows:
        found[appeal_id] = (*found.get(appeal_id, ()), use_id)
    return found


def _scope(
    session: Session, program: str, factory_id: int | None, operator_id: int | None
) -> Scope:
    district = None
    if factory_id is not None:
        district = session.execute(
            select(Factory.district).where(Factory.id == factory_id)
        ).scalar()
    return Scope(program=program, district=district, operator_id=operator_id)
