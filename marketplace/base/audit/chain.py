"""Appends to the chain: in the transaction of the change, in one go at its end.

Each entry's MAC covers the MAC before it, its number and the digest of all its fields. Personal
values never enter the chain: a salted commitment does, the values go to an erasable table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col

from marketplace.base.audit import sealing
from marketplace.base.audit.tables import AuditDetail, AuditEntry, AuditHead
from marketplace.base.audit.verifier import GENESIS
from marketplace.base.canonical import canonical_json
from marketplace.base.clock import Clock
from marketplace.base.db import defer
from marketplace.base.db.unit import MarketplaceSession
from marketplace.base.keys import KeyRing

COVERED = (
    "at", "actor_id", "actor_login", "actor_role", "action", "subject", "program",
    "operator_id", "payload",
)  # fmt: skip


class BrokenChainError(RuntimeError):
    """The head is gone although there are entries; nothing may be appended."""


class ActorLike(Protocol):
    """Who did it, as the chain keeps them."""

    @property
    def account_id(self) -> int | None:
        """The account; None for the system and the public."""
        ...

    @property
    def login(self) -> str:
        """The login name at that moment."""
        ...

    @property
    def role(self) -> str:
        """The role at that moment."""
        ...


@dataclass(frozen=True, slots=True)
class _Pending:
    fields: dict[str, Any]
    at: datetime
    content: dict[str, Any]
    person: str | None
    personal: Mapping[str, Any] | None


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

    `personal` maps a field to its value, or to [before, after]; it is sealed under the key of
    `person` (`operator:12`). A savepoint that rolls back takes its entries with it.

    Raises:
        TypeError: for values without one canonical form, such as floats.
        ValueError: for personal values of nobody.
    """
    if personal and person is None:
        msg = "personal values need a person"
        raise ValueError(msg)
    given = {"reason": reason, "facts": facts, "before": before, "after": after}
    content = _plain({name: value for name, value in given.items() if value})
    item = _Pending(
        fields={
            "actor_id": actor.account_id,
            "actor_login": actor.login,
            "actor_role": str(actor.role),
            "action": action,
            "subject": subject,
            "program": program,
            "operator_id": operator_id,
        },
        at=clock.now(),
        content=content,
        person=person,
        personal=_plain(personal) if personal else None,
    )
    session.info.setdefault("audit_pending", []).append(item)
    session.info["audited"] = True
    if session.info.get("audit_written"):  # asked by what runs after the chain was written
        _flush(session)
    else:
        defer(session, "audit", _flush)


def ensure_head(session: Session) -> AuditHead:
    """Return the head of the chain, made where no chain was begun yet.

    Raises:
        BrokenChainError: when there are entries but no head.
    """
    head = session.get(AuditHead, 1, populate_existing=True)
    if head is not None:
        return head
    if session.execute(sa.select(col(AuditEntry.seq)).limit(1)).first() is not None:
        raise BrokenChainError
    head = AuditHead(id=1, seq=0, mac=GENESIS)
    session.add(head)
    session.flush()
    return head


def entry_mac(keys: KeyRing, prev: str, seq: int, values: Mapping[str, Any]) -> str:
    """Return the MAC of an entry after `prev`; `values` holds the COVERED fields."""
    covered = {name: values[name] for name in COVERED}
    covered["at"] = values["at"].isoformat(timespec="microseconds")
    content = hashlib.sha256(canonical_json(covered)).digest()
    return keys.mac(prev.encode(), str(seq).encode(), content)


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy in canonical form, so that a later change by the caller changes nothing."""
    plain: dict[str, Any] = json.loads(canonical_json(value))
    return plain


def _flush(session: Session) -> None:
    """Write every waiting entry with one insert, and move the head once."""
    pending: list[_Pending] = session.info.pop("audit_pending", [])
    session.info["audit_written"] = True
    if not pending:
        # Savepoints took all entries back: what else was written has no entry.
        session.info["audited"] = bool(session.info.get("audit_count"))
        return
    session.info["audit_count"] = session.info.get("audit_count", 0) + len(pending)
    session.info["audited"] = True
    keys: KeyRing = session.info["keys"]
    head = ensure_head(session)
    seq, mac = head.seq, head.mac
    rows: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    secrets = sealing.living_keys(
        session, {i.person: i.at for i in reversed(pending) if i.person and i.personal}
    )
    for item in pending:
        seq += 1
        content = dict(item.content)
        if item.person is not None and item.personal:
            sealed = sealing.seal(item.person, item.personal, key=secrets[item.person])
            content["personal"] = sealed.committed
            details.append(
                {"seq": seq, "key_id": sealed.key_id, "ciphertext": sealed.ciphertext}
            )
        payload = canonical_json(content).decode()
        values = {**item.fields, "at": item.at, "payload": payload}
        prev, mac = mac, entry_mac(keys, mac, seq, values)
        rows.append({**values, "id": seq, "seq": seq, "prev": prev, "mac": mac})
    session.execute(_appended(AuditEntry), rows)
    if details:
        session.execute(_appended(AuditDetail), details)
    session.execute(_moved(), {"last_seq": seq, "last_mac": mac})


@cache
def _appended(kind: Any) -> sa.Insert:
    """The insert of a table, built once: every unit of work appends."""
    return sa.insert(kind.__table__)


@cache
def _moved() -> sa.Update:
    table: sa.Table = AuditHead.__table__  # type: ignore[attr-defined]
    return (
        sa.update(table)
        .where(table.c.id == 1)
        .values(seq=sa.bindparam("last_seq"), mac=sa.bindparam("last_mac"))
    )


@event.listens_for(MarketplaceSession, "after_transaction_create")
def _on_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        waiting = len(session.info.get("audit_pending", ()))
        session.info.setdefault("audit_marks", {})[transaction] = waiting


@event.listens_for(MarketplaceSession, "after_soft_rollback")
def _on_rollback(session: Session, previous: SessionTransaction) -> None:
    mark = session.info.get("audit_marks", {}).pop(previous, None)
    if mark is not None:
        del session.info.get("audit_pending", [])[mark:]
