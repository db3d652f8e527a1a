"""Reads accounts: who acts for an operator, who works in a program."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access.actor import Actor, Role, Scope
from marketplace.base.access.rules import require
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountProgram,
    AccountStatus,
    Installation,
)
from marketplace.base.errors import Refused, Unavailable

LOADING = "loading"  # stands for a demo whose load has not come to its end


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as an administrator sees it."""

    account_id: int
    login: str
    name: str
    role: Role
    status: AccountStatus


def list_accounts(session: Session, actor: Actor) -> list[AccountRow]:
    """Return every account by login."""
    require(actor, "access.list_accounts", Scope())
    rows = session.execute(select(Account).order_by(col(Account.login))).scalars()
    return [AccountRow(a.key, a.login, a.name, a.role, a.status) for a in rows]


def names_of(session: Session, account_ids: set[int]) -> dict[int, str]:
    """Return account → name, for showing who decided; callers check access."""
    rows = session.execute(
        select(Account.id, Account.name).where(col(Account.id).in_(sorted(account_ids)))
    ).all()
    return {int(row[0] or 0): row[1] for row in rows}


def names_by_login(session: Session, logins: Collection[str]) -> dict[str, str]:
    """Return login → name, for a filter that knows people by their login; callers check access."""
    rows = session.execute(
        select(Account.login, Account.name).where(col(Account.login).in_(sorted(logins)))
    ).all()
    return {str(row[0]): str(row[1]) for row in rows}


def accounts_of_operator(session: Session, operator_id: int) -> list[int]:
    """Return the active accounts that act for an operator."""
    rows = session.execute(
        select(AccountOperator.account_id)
        .join(Account, col(Account.id) == col(AccountOperator.account_id))
        .where(
            AccountOperator.operator_id == operator_id, Account.status == AccountStatus.ACTIVE
        )
    ).scalars()
    return sorted(rows)


def officers_of(session: Session, program: str, district: str | None) -> list[int]:
    """Return the active officers whose districts hold a place."""
    return accounts_with_role(session, program, Role.OFFICER, district)


def require_officer(session: Session, account_id: int, scope: Scope) -> None:
    """Make sure that work is given to somebody who can do it: an active officer of its place.

    Raises:
        Refused: for anybody else, and for a number nobody has.
    """
    if account_id not in officers_of(session, str(scope.program), scope.district):
        raise Refused("officer_elsewhere")


def accounts_with_role(
    session: Session, program: str, role: Role, district: str | None = None
) -> list[int]:
    """Return the active accounts of a role in a program, and in a district where given."""
    statement = (
        select(AccountProgram.account_id)
        .join(Account, col(Account.id) == col(AccountProgram.account_id))
        .where(
            AccountProgram.program == program,
            Account.role == role,
            Account.status == AccountStatus.ACTIVE,
        )
    )
    if district is not None:
        statement = statement.where(
            sa.or_(
                col(AccountProgram.district).is_(None), col(AccountProgram.district) == district
            )
        )
    return sorted(set(session.execute(statement).scalars()))


def is_demo(session: Session) -> bool:
    """Tell whether what this database holds was made by the demo, all of it or a part."""
    return _demo(session) is not None


def is_demo_whole(session: Session, *, folder: Path) -> bool:
    """Tell whether the demo is here; `folder` is the installation's, for whoever is told of it.

    Raises:
        Unavailable: when loading it was broken off.
    """
    found = _demo(session)
    if found == LOADING:
        raise Unavailable("demo_broken_off", folder=str(folder))
    return found is not None


def _demo(session: Session) -> str | None:
    found: str | None = session.execute(
        select(Installation.value).where(Installation.name == "demo")
    ).scalar()
    return found
