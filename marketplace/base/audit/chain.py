"""Appends to the chain: in the same transaction as the change, buffered to its end.

Each entry's mac covers the previous mac, its number and the digest of all its fields. Personal
values stay out of the payload: a salted commitment goes in, the values go to an erasable table.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlmodel import Session, col, select

from marketplace.base.audit.tables import AuditDetail, AuditEntry, AuditHead, PersonKey
from marketplace.base.canonical import canonical_json
from marketplace.base.clock import Clock
from marketplace.base.db import defer
from marketplace.base.keys import KeyRing

GENESIS = "0" * 64


class ActorLike(Protocol):
    """Who did it."""

    @property
    def account_id(self) -> int | None:
        """The account, None for the system and the public."""
        ...

    @property
    def login(self) -> str:
        """The login name."""
        ...

    @property
    def role(self) -> Any:
        """The role at that moment."""
        ...


@dataclass(frozen=True, slots=True)
class _Pending:
    values: dict[str, Any]
    personal: Mapping[str, Any] | None
    person: str | None


def record(
    session: Session,
    *,
    clock: Clock,
    actor: ActorLike,
    action: str,
    subject: str,
    program: str | None = None,
    operator_id: int | None = None,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    person: str | None = None,
) -> None:
    """Leave an entry; it is written with the unit of work or not at all.

    Raises:
        TypeError: for values without one canonical form, such as floats.
    """
    content = {
        key: value
        for key, value in (
            ("reason", reason), ("facts", facts), ("before", before), ("after", after),
        )
        if value
    }  # fmt: skip
    if personal:
        salt = secrets.token_hex(16)
        content["personal"] = hashlib.sha256(salt.encode() + canonical_json(personal)).hexdigest()
        personal = {"salt": salt, "values": json.loads(canonical_json(personal))}
    values = {
        "at": clock.now(),
        "actor_id": actor.account_id,
        "actor_login": actor.login,
        "actor_role": str(actor.role.value),
        "action": action,
        "subject": subject,
        "program": program,
        "operator_id": operator_id,
        "payload": canonical_json(content).decode(),
    }
    pending: list[_Pending] = session.info.setdefault("audit_pending", [])
    pending.append(_Pending(values, personal, person))
    session.info["audited"] = True
    defer(session, "audit", _flush)


def entry_mac(keys: KeyRing, prev: str, seq: int, values: Mapping[str, Any]) -> str:
    """Return the mac of an entry after `prev`."""
    covered = {key: values[key] for key in COVERED if key != "at"}
    covered["at"] = values["at"].isoformat(timespec="microseconds")
    digest = hashlib.sha256(canonical_json(covered)).digest()
    return keys.mac(prev.encode(), str(seq).encode(), digest)


COVERED = (
    "at", "actor_id", "actor_login", "actor_role", "action", "subject", "program",
    "operator_id", "payload",
)  # fmt: skip


def _flush(session: Session) -> None:
    pending: list[_Pending] = session.info.pop("audit_pending", [])
    if not pending:
        return
    keys: KeyRing = session.info["keys"]
    head = session.execute(select(AuditHead)).scalar()
    if head is None:
        head = AuditHead(seq=0, mac=GENESIS)
        session.add(head)
        session.flush()
    seq, mac = head.seq, head.mac
    rows: list[dict[str, Any]] = []
    for item in pending:
        seq += 1
        prev, mac = mac, entry_mac(keys, mac, seq, item.values)
        rows.append({**item.values, "seq": seq, "prev": prev, "mac": mac})
        if item.personal is not None and item.person is not None:
            _keep_detail(session, keys, seq, item.person, item.personal)
    session.execute(sa.insert(AuditEntry), rows)
    session.execute(
        sa.update(AuditHead).where(col(AuditHead.id) == head.key).values(seq=seq, mac=mac)
    )


def _keep_detail(
    session: Session, keys: KeyRing, seq: int, person: str, values: Mapping[str, Any]
) -> None:
    row = session.execute(select(PersonKey).where(PersonKey.person == person)).scalar()
    if row is None:
        row = PersonKey(person=person, wrapped=keys.wrap(Fernet.generate_key()))
        session.add(row)
        session.flush()
    if row.wrapped is None:  # erased: nothing more is kept of this person
        return
    token = Fernet(keys.unwrap(row.wrapped)).encrypt(canonical_json(values))
    session.add(AuditDetail(seq=seq, person=person, ciphertext=token.decode()))
