"""The demo accounts; they exist only in a database made by `demo`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from marketplace.base.access import Actor, Role
from marketplace.base.access.actor import SYSTEM
from marketplace.base.access.commands import create_account, create_first_admin
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Capacity, Password
from marketplace.base.clock import Clock
from marketplace.upkeep.demo.accounts import DEMO_PASSWORD


@dataclass(frozen=True, slots=True)
class People:
    """The demo people as actors."""

    admin: Actor
    officer: Actor
    deputy: Actor
    reviewer: Actor
    marketer: Actor
    auditor: Actor
    owner_account: int
    holder_account: int


def make_people(session: Session, clock: Clock, program: str) -> People:
    """Make one account a role."""
    admin_id = create_first_admin(
        session, clock=clock, login="admin", name="管理员（演示）", password=DEMO_PASSWORD
    )
    session.flush()
    admin = _actor(session, admin_id)

    def account(login: str, name: str, role: Role) -> int:
        return make_account(
            session, clock, admin, login=login, name=name, role=role, program=program
        )

    officer = account("officer", "林晓岚（演示）", Role.OFFICER)
    deputy = account("deputy", "陈一舟（演示）", Role.OFFICER)
    reviewer = account("reviewer", "周敏（演示）", Role.REVIEWER)
    marketer = account("marketer", "苏然（演示）", Role.MARKETER)
    auditor = account("auditor", "何正（演示）", Role.AUDITOR)
    owner = account("owner", "陈厂长（演示）", Role.OWNER)
    holder = account("right_holder", "驰岳品牌部（演示）", Role.RIGHT_HOLDER)
    session.flush()
    return People(
        admin=admin,
        officer=_actor(session, officer),
        deputy=_actor(session, deputy),
        reviewer=_actor(session, reviewer),
        marketer=_actor(session, marketer),
        auditor=_actor(session, auditor),
        owner_account=owner,
        holder_account=holder,
    )


def make_account(
    session: Session,
    clock: Clock,
    admin: Actor,
    *,
    login: str,
    name: str,
    role: Role,
    program: str | None = None,
    operators: Sequence[tuple[int, Capacity]] = (),
) -> int:
    """Make an account with the password every demo account has."""
    account_id = create_account(
        session, clock=clock, actor=admin, login=login, name=name, role=role,
        programs=[(program, None)] if program else [], operators=operators,
    )  # fmt: skip
    session.add(
        Password(account_id=account_id, argon2=_digest(session, admin), set_at=clock.now())
    )
    session.flush()
    return account_id


def _digest(session: Session, admin: Actor) -> str:
    """Return the administrator's: hashing is slow by design, and here it is no secret."""
    found: str = session.execute(
        select(Password.argon2).where(Password.account_id == admin.account_id)
    ).scalar_one()
    return found


def _actor(session: Session, account_id: int) -> Actor:
    return actor_of(session, account_id) or SYSTEM
