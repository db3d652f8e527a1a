"""Patterns in what people of the office do that deserve a look; each is a question, not a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.access.queries import names_of
from marketplace.base.rulebook import Rulebook
from marketplace.features.oversight.queries.decisions import gather
from marketplace.features.oversight.rules import (
    Concentration,
    Decision,
    PersonSpeed,
    concentration,
    fast_decisions,
    speeds,
)
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class Named:
    """Names for what a pattern holds: account → name, factory → name."""

    people: dict[int, str]
    factories: dict[int, str]


@dataclass(frozen=True, slots=True)
class ConcentrationRow:
    """The pairs under the threshold with the names in them."""

    found: Concentration
    named: Named


@dataclass(frozen=True, slots=True)
class FastRow:
    """Decisions faster than the threshold, everybody's times, and the names in them.

    `timed` are those whose submission is known, of `decisions` in all.
    """

    fast: tuple[Decision, ...]
    people: tuple[PersonSpeed, ...]
    timed: int
    decisions: int
    named: Named


def find_concentration(
    session: Session, actor: Actor, rulebook: Rulebook, *, since: date, until: date
) -> ConcentrationRow:
    """Return person × factory pairs that chance hardly gives, in a period (both days inclusive)."""
    program = rulebook.program.key
    require(actor, "oversight.find_concentration", Scope(program=program))
    rule = rulebook.oversight
    found = concentration(
        gather(session, actor, program=program, since=since, until=until),
        min_decisions=rule.min_decisions,
        threshold=rule.concentration_p,
    )
    return ConcentrationRow(
        found,
        name_all(session, {p.person for p in found.pairs}, {p.factory_id for p in found.pairs}),
    )


def list_fast(
    session: Session, actor: Actor, rulebook: Rulebook, *, since: date, until: date
) -> FastRow:
    """Return decisions minutes after submission, and everybody's median time."""
    program = rulebook.program.key
    require(actor, "oversight.list_fast", Scope(program=program))
    rule = rulebook.oversight
    decisions = gather(session, actor, program=program, since=since, until=until)
    fast = fast_decisions(decisions, minutes=rule.fast_minutes)
    people = speeds(decisions, minutes=rule.fast_minutes, min_decisions=rule.min_timed)
    return FastRow(
        fast=tuple(fast),
        people=tuple(people),
        timed=sum(p.timed for p in people),
        decisions=len(decisions),
        named=name_all(
            session,
            {d.by for d in fast} | {p.person for p in people},
            {d.factory_id for d in fast if d.factory_id is not None},
        ),
    )


def name_all(session: Session, people: set[int], factories: set[int]) -> Named:
    """Return the names of accounts and factories; who may see them is decided by the caller."""
    rows = session.execute(
        sa.select(col(Factory.id), col(Factory.name)).where(
            col(Factory.id).in_(sorted(factories))
        )
    ).all()
    return Named(names_of(session, people), {int(k): name for k, name in rows})
