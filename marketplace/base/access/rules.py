"""Decides who may do what to which thing; one table, read by every command and query.

An action without a row is a fault of the program, not a permission.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

import sqlalchemy as sa
from sqlmodel import col

from marketplace.base.access.actor import Actor, Role, Scope
from marketplace.base.access.policy import TABLE
from marketplace.base.access.reach import Reach
from marketplace.base.errors import NotAllowed, NotFound


class MissingPolicyError(LookupError):
    """An action nobody wrote a policy row for."""


def may(actor: Actor, action: str, scope: Scope) -> bool:
    """Tell whether an actor may do an action to a thing of a scope.

    Raises:
        MissingPolicyError: when the action has no row.
    """
    reach = _row(action).get(actor.role)
    if reach is None:
        return False
    match reach:
        case Reach.ANY:
            return True
        case Reach.PROGRAM:
            return _in_program(actor, scope)
        case Reach.OWN:
            return scope.operator_id in actor.operator_ids
        case Reach.HEAD:
            return scope.operator_id in actor.head_of
        case _:
            assert_never(reach)


def require(actor: Actor, action: str, scope: Scope) -> None:
    """Let an allowed action pass.

    Raises:
        NotAllowed: when the role may not do this at all, or an agent what needs the head.
        NotFound: when the role may, but not to this thing, so that its existence stays unknown.
        MissingPolicyError: when the action has no row.
    """
    if may(actor, action, scope):
        return
    if _row(action).get(actor.role) is Reach.HEAD and scope.operator_id in actor.agent_of:
        raise NotAllowed("head_only", action=action)
    if actor.role in _row(action):
        raise NotFound("not_found_here", action=action)
    raise NotAllowed("not_allowed", action=action, role=actor.role.value)


def is_in_reach(actor: Actor, program: str, district: str | None) -> bool:
    """Tell whether something of a program lies where an actor works there.

    What lies in no known district is within everybody's reach (decision 0081): else nobody of a
    district could say where it lies.
    """
    limits = actor.districts_in(program)
    return district is None or not limits or district in limits


def within_reach(actor: Actor, program: str, district_column: Any) -> sa.ColumnElement[bool]:
    """Return `is_in_reach` as a condition on rows of a program that has been asked for already."""
    limits = sorted(actor.districts_in(program))
    return _lies_in(district_column, limits) if limits else sa.true()


def require_place(actor: Actor, action: str, *, program: str, district: str | None) -> None:
    """Let an action to a district pass, and without one to the whole program.

    Raises:
        NotAllowed: when the role may not do this at all, or only in some districts.
        NotFound: when the program or district is out of reach.
    """
    require(actor, action, Scope(program=program, district=district))
    if district is None and actor.districts_in(program):
        raise NotAllowed("whole_program_reach", action=action, login=actor.login)


def narrow(
    actor: Actor,
    action: str,
    *,
    program_column: Any,
    district_column: Any,
    operator_column: Any,
    program: str | None = None,
) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions that leave an actor only the rows of a list it may see.

    They hold the rows that `require` lets pass: those of no known district among them.

    `program` names the only program of the statement where it asks for one already: then the
    program's column is not compared once more, at every row that an offset steps over.

    Raises:
        NotAllowed: when the role has no row for the action.
        MissingPolicyError: when the action has no row at all.
    """
    reach = _row(action).get(actor.role)
    if reach is None:
        raise NotAllowed("not_allowed", action=action, role=actor.role.value)
    match reach:
        case Reach.ANY:
            return []
        case Reach.OWN:
            if operator_column is None:
                return [sa.false()]
            return [col(operator_column).in_(sorted(actor.operator_ids))]
        case Reach.HEAD:
            if operator_column is None:
                return [sa.false()]
            return [col(operator_column).in_(sorted(actor.head_of))]
        case _:  # Reach.PROGRAM
            return _within(actor, program_column, district_column, program)


def _in_program(actor: Actor, scope: Scope) -> bool:
    if scope.program is not None and scope.program not in actor.programs:
        return False
    if scope.district is None:
        return True
    places = actor.programs if scope.program is None else {scope.program}
    return any(is_in_reach(actor, place, scope.district) for place in places)


def _lies_in(district_column: Any, districts: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(district_column.in_(districts), district_column.is_(None))


def _within(
    actor: Actor, program_column: Any, district_column: Any, program: str | None
) -> list[sa.ColumnElement[bool]]:
    """Leave the rows of the actor's programs, in each only of the districts it is limited to."""
    if program is not None and program not in actor.programs:
        return [sa.false()]
    places = sorted(actor.programs if program is None else {program})
    limits = {place: sorted(actor.districts_in(place)) for place in places}
    found: list[sa.ColumnElement[bool]] = []
    if program is None and program_column is not None:
        found.append(col(program_column).in_(places))
    if district_column is None or not any(limits.values()):
        return found
    if len(places) == 1:
        return [*found, _lies_in(district_column, limits[places[0]])]
    if program_column is None:
        return [sa.false()]  # nothing tells which of the programs' limits holds for a row
    whole = [place for place in places if not limits[place]]
    each = [
        sa.and_(col(program_column) == place, _lies_in(district_column, districts))
        for place, districts in limits.items()
        if districts
    ]
    return [*found, sa.or_(col(program_column).in_(whole), *each)]


def _row(action: str) -> Any:
    row = TABLE.get(action)
    if row is None:
        raise MissingPolicyError(action)
    return row


ROLES_WITH_SCREENS = (
    Role.OFFICER, Role.REVIEWER, Role.OWNER, Role.MARKETER, Role.AUDITOR, Role.ADMIN,
    Role.RIGHT_HOLDER,
)  # fmt: skip
