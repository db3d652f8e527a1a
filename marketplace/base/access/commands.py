"""Makes, changes and ends accounts; hands owners their one-time links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access.actor import SYSTEM, Actor, Role, Scope
from marketplace.base.access.hashing import hash_secret
from marketplace.base.access.rules import require
from marketplace.base.access.sessions import close_all_sessions
from marketplace.base.access.signin import DEVICE_LIFE, end_links, find_link
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountProgram,
    AccountStatus,
    Capacity,
    Device,
    Password,
    SignInLink,
)
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.keys import new_token, token_digest
from marketplace.base.text import normalize, normalize_name, normalize_prose

# Where a firm belongs is kept by a feature above; the caller hands the question down.
ScopeOf = Callable[[Session, int], Scope]

MIN_PASSWORD = 15
LINK_LIFE = timedelta(hours=24)
_DENIED = ("password", "12345678", "qwertyui", "11111111", "zhuanzheng")


def create_first_admin(
    session: Session, *, clock: Clock, login: str, name: str, password: str
) -> int:
    """Make the first administrator; only while there is no account at all.

    Raises:
        Refused: when there is one.
    """
    if session.execute(select(Account.id)).first() is not None:
        raise Refused("accounts_there")
    return _create(
        session, clock, SYSTEM, login=login, name=name, role=Role.ADMIN, password=password
    )


def create_account(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    login: str,
    name: str,
    role: Role,
    password: str | None = None,
    programs: Sequence[tuple[str, str | None]] = (),
    operators: Sequence[tuple[int, Capacity]] = (),
) -> int:
    """Make an account; owners have none of the passwords, they get a link.

    Raises:
        Invalid: for a taken login or a weak password.
    """
    require(actor, "access.create_account", Scope())
    return _create(
        session, clock, actor, login=login, name=name, role=role, password=password,
        programs=programs, operators=operators,
    )  # fmt: skip


def create_owner_account(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    name: str,
    capacity: Capacity,
    scope_of: ScopeOf,
) -> int:
    """Make an account for somebody of a firm, by the officer who knows him; a link lets him in.

    The same name again is the account that is there.

    Raises:
        Invalid: without a name.
    """
    scope = scope_of(session, operator_id)
    require(actor, "access.create_owner_account", scope)
    name = normalize_name(name)
    if not name:
        raise Invalid([Fault("name", "field_missing")])
    there = session.execute(
        select(Account.id, Account.name, AccountOperator.capacity)
        .join(AccountOperator, col(AccountOperator.account_id) == col(Account.id))
        .where(
            AccountOperator.operator_id == operator_id, Account.status == AccountStatus.ACTIVE
        )
        .order_by(col(Account.id))
    ).all()
    for account_id, known, held in there:
        if (known, held) == (name, capacity):
            return int(account_id or 0)
    return _create(
        session, clock, actor, login=_free_login(session, f"firm{operator_id}-"), name=name,
        role=Role.OWNER, password=None, programs=[(str(scope.program), None)],
        operators=[(operator_id, capacity)],
    )  # fmt: skip


def set_password(
    session: Session, *, clock: Clock, actor: Actor, account_id: int, password: str
) -> None:
    """Set one's own password, or somebody's as administrator; ends every session."""
    require(actor, "access.set_password", Scope())
    if actor.role is not Role.ADMIN and actor.account_id != account_id:
        raise NotFound("not_found_here", action="access.set_password")
    _require_strong(password)
    _set(session, clock, account_id, password)
    close_all_sessions(session, clock=clock, account_id=account_id)
    _trail(session, clock, actor, "access.set_password", account_id)


def disable_account(
    session: Session, *, clock: Clock, actor: Actor, account_id: int, reason: str
) -> None:
    """Disable an account; it is out at its next click.

    Raises:
        Refused: for one's own account, or without a reason.
    """
    require(actor, "access.disable_account", Scope())
    if account_id == actor.account_id:
        raise Refused("not_yourself")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    account = _load(session, account_id)
    account.status = AccountStatus.DISABLED
    close_all_sessions(session, clock=clock, account_id=account_id)
    _trail(
        session,
        clock,
        actor,
        "access.disable_account",
        account_id,
        reason=normalize_prose(reason),
    )


def change_role(
    session: Session, *, clock: Clock, actor: Actor, account_id: int, role: Role
) -> None:
    """Change what somebody is; their sessions end so that nothing old stays open."""
    require(actor, "access.change_role", Scope())
    if account_id == actor.account_id:
        raise Refused("not_yourself")
    account = _load(session, account_id)
    before = account.role
    if before is role:
        return
    account.role = role
    close_all_sessions(session, clock=clock, account_id=account_id)
    _trail(
        session, clock, actor, "access.change_role", account_id,
        facts={"before": before, "after": role},
    )  # fmt: skip


def issue_sign_in_link(
    session: Session, *, clock: Clock, actor: Actor, account_id: int, scope_of: ScopeOf
) -> str:
    """Return the token of a new one-time link for an owner; shown once, handed over in person.

    Whoever holds the link is the owner: it is issued only by somebody who may act for every firm
    the account acts for, and a new one ends the last: it may have gone to the wrong hands.

    Raises:
        NotAllowed: by a role that issues no links.
        NotFound: for an account of firms elsewhere, or of none.
        Refused: for an account that is not an owner's.
    """
    operators = session.execute(
        select(AccountOperator.operator_id).where(AccountOperator.account_id == account_id)
    ).scalars()
    scopes = [scope_of(session, int(operator_id)) for operator_id in operators]
    for scope in scopes or [Scope()]:
        require(actor, "access.issue_sign_in_link", scope)
    account = _load(session, account_id)
    if account.role is not Role.OWNER or account.status is not AccountStatus.ACTIVE:
        raise Refused("links_for_owners")
    if not scopes:
        raise NotFound("not_found_here", action="access.issue_sign_in_link")
    end_links(session, clock=clock, account_id=account_id)
    token = new_token()
    session.add(
        SignInLink(
            token_sha256=token_digest(token),
            account_id=account_id,
            issued_by=actor.account_id,
            issued_at=clock.now(),
            expires_at=clock.now() + LINK_LIFE,
        )
    )
    _trail(session, clock, actor, "access.issue_sign_in_link", account_id)
    return token


def use_sign_in_link(session: Session, *, clock: Clock, token: str, pin: str) -> str:
    """Use up a link: remember this device under a PIN; return the device's token.

    Raises:
        Refused: for a link that is used, ended or unknown, or a PIN that is not 6 digits.
    """
    if not (len(pin) == 6 and pin.isascii() and pin.isdigit()) or _is_obvious(pin):
        raise Refused("pin_form")
    link = find_link(session, clock, token)
    if link is None:
        raise Refused("link_used")
    link.used_at = clock.now()
    device = new_token()
    session.add(
        Device(
            token_sha256=token_digest(device),
            account_id=link.account_id,
            pin_argon2=hash_secret(pin),
            created_at=clock.now(),
            expires_at=clock.now() + DEVICE_LIFE,
        )
    )
    _trail(session, clock, SYSTEM, "access.use_sign_in_link", link.account_id)
    return device


def _is_obvious(pin: str) -> bool:
    """Tell whether a PIN is one digit repeated or a row upward or downward."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def _create(
    session: Session,
    clock: Clock,
    actor: Actor,
    *,
    login: str,
    name: str,
    role: Role,
    password: str | None,
    programs: Sequence[tuple[str, str | None]] = (),
    operators: Sequence[tuple[int, Capacity]] = (),
) -> int:
    login, name = normalize(login).lower(), normalize_name(name)
    faults = []
    if not 3 <= len(login) <= 80:
        faults.append(Fault("login", "text_length", {"low": 3, "high": 80}))
    if not name:
        faults.append(Fault("person_name", "field_missing"))
    if session.execute(select(Account.id).where(Account.login == login)).first():
        faults.append(Fault("login", "login_taken", {"login": login}))
    if faults:
        raise Invalid(faults)
    if password is not None:
        _require_strong(password)
    account = Account(
        login=login, name=name, role=role, status=AccountStatus.ACTIVE, created_at=clock.now()
    )
    session.add(account)
    session.flush()
    for program, district in programs:
        session.add(AccountProgram(account_id=account.key, program=program, district=district))
    for operator_id, capacity in operators:
        session.add(
            AccountOperator(account_id=account.key, operator_id=operator_id, capacity=capacity)
        )
    if password is not None:
        _set(session, clock, account.key, password)
    _trail(
        session, clock, actor, "access.create_account", account.key,
        facts={"role": role, "programs": [p for p, _d in programs],
               "operators": [o for o, _c in operators]},
    )  # fmt: skip
    return account.key


def _free_login(session: Session, start: str) -> str:
    """Return a login nobody ever had: people who left keep theirs."""
    taken = set(
        session.execute(
            select(Account.login).where(col(Account.login).startswith(start, autoescape=True))
        ).scalars()
    )
    number = 1
    while f"{start}{number}" in taken:
        number += 1
    return f"{start}{number}"


def _require_strong(password: str) -> None:
    lowered = password.lower()
    if len(password) < MIN_PASSWORD:
        raise Refused("password_short", least=MIN_PASSWORD)
    if any(word in lowered for word in _DENIED) or len(set(password)) < 5:
        raise Refused("password_common")


def _set(session: Session, clock: Clock, account_id: int, password: str) -> None:
    row = session.execute(select(Password).where(Password.account_id == account_id)).scalar()
    digest = hash_secret(password)
    if row is None:
        session.add(Password(account_id=account_id, argon2=digest, set_at=clock.now()))
    else:
        row.argon2, row.set_at = digest, clock.now()


def _load(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account_not_found", account_id=account_id)
    return account


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    account_id: int,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"account:{account_id}",
        reason=reason,
        facts=facts,
    )
