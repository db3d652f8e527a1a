"""Decides who may do what to which thing; one table, read by every command and query.

An action without a row is a fault of the program, not a permission.
"""

from __future__ import annotations

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


def narrow(
    actor: Actor,
    action: str,
    *,
    program_column: Any,
    district_column: Any,
    operator_column: Any,
) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions that leave an actor only the rows of a list it may see.

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
            found: list[sa.ColumnElement[bool]] = []
            if program_column is not None:
                found.append(col(program_column).in_(sorted(actor.programs)))
            if actor.districts and district_column is not None:
                found.append(col(district_column).in_(sorted(actor.districts)))
            return found


def _in_program(actor: Actor, scope: Scope) -> bool:
    if scope.program is not None and scope.program not in actor.programs:
        return False
    if not actor.districts or scope.district is None:
        return True
    return scope.district in actor.districts


def _row(action: str) -> Any:
    row = TABLE.get(action)
    if row is None:
        raise MissingPolicyError(action)
    return row


ROLES_WITH_SCREENS = (
    Role.OFFICER, Role.REVIEWER, Role.OWNER, Role.MARKETER, Role.AUDITOR, Role.ADMIN,
    Role.RIGHT_HOLDER,
)  # fmt: skip
