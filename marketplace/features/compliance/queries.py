"""Gathers what the figures are made of: exposure, findings, effort and time zero.

Everything of one figure comes from the same act of looking; nothing here adds kinds of exposure
together, and a month without a report is simply not there.
"""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, require
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.compliance.observing import ExposureRow, FindingCount, Observation
from marketplace.features.compliance.observing import observe as _observe
from marketplace.features.compliance.rules.shrinkage import Unit
from marketplace.features.compliance.summary.reading import KeptTotals, read_totals, read_units
from marketplace.features.registry.queries import scope_of_factory


def observe_factory(session: Session, actor: Actor, *, factory_id: int) -> Observation:
    """Return what a factory's figure is made of.

    Raises:
        NotFound: when there is no such factory, or this actor may not know of it.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "compliance.observe_factory", scope)
    found = _observe(session, str(scope.program), factory_id=factory_id)
    if not found:
        raise NotFound("factory_not_found", factory_id=factory_id)
    return found[0]


def observe_program(
    session: Session, actor: Actor, *, program: str, district: str | None = None
) -> list[Observation]:
    """Return what the program's figure is made of, one observation an operator.

    Nobody leaves by leaving: withdrawn, removed and closed ones stay until exit.
    """
    require(actor, "compliance.observe_program", Scope(program=program, district=district))
    return _observe(session, program, district=district)


def get_program_sums(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    district: str | None = None,
    last: int,
) -> KeptTotals:
    """Return the kept sums of all who enrolled by the month `last`, up to that month."""
    program = rulebook.program.key
    require(actor, "compliance.get_program_sums", Scope(program=program, district=district))
    return read_totals(session, rulebook, district=district, last=last)


def get_program_units(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    district: str | None = None,
    last: int,
) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """Return the kept findings and checks of each operator, for estimates that name nobody.

    Enrolled before entry, enrolled after it, and those not enrolled.
    """
    program = rulebook.program.key
    require(actor, "compliance.get_program_units", Scope(program=program, district=district))
    return read_units(session, program, district=district, last=last)


__all__ = [
    "ExposureRow",
    "FindingCount",
    "Observation",
    "get_program_sums",
    "get_program_units",
    "observe_factory",
    "observe_program",
]
