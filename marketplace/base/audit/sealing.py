"""Seals personal values under a key per person, so that destroying the key erases them.

The chain keeps a salted commitment and the digest of the ciphertext; it verifies the same after
an erasure.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlmodel import Session, col, select

from marketplace.base.audit.tables import AuditDetail, PersonKey
from marketplace.base.audit.verifier import sealed_digest
from marketplace.base.canonical import canonical_json
from marketplace.base.db.bulk import insert_many
from marketplace.base.db.scrubbing import overwrite_freed
from marketplace.base.errors import NotFound
from marketplace.base.keys import KeyRing

_AT_ONCE = 500  # people asked for in one statement


@dataclass(frozen=True, slots=True)
class Sealed:
    """Sealed values: `committed` goes into the chain, `ciphertext` into the erasable table."""

    key_id: int
    ciphertext: str
    committed: Mapping[str, Any]


def seal(person: str, values: Mapping[str, Any], *, key: tuple[int, bytes]) -> Sealed:
    """Seal values of a person under one of the `living_keys`."""
    key_id, secret = key
    salt = secrets.token_hex(16)
    token = Fernet(secret).encrypt(canonical_json({"salt": salt, "values": values})).decode()
    committed = {
        "person": person,
        "fields": sorted(values),
        "commitment": commitment(salt, values),
        "sealed": sealed_digest(token),
    }
    return Sealed(key_id, token, committed)


def living_keys(
    session: Session, people: Mapping[str, datetime]
) -> dict[str, tuple[int, bytes]]:
    """Return person → number and secret of the living key; one is made where none lives.

    A person once erased gets a new key for what is learned later; the old stays out of reach.
    `people` maps a person to the instant a new key is dated with.
    """
    keys: KeyRing = session.info["keys"]
    found: dict[str, tuple[int, bytes]] = {}
    names = list(people)
    for start in range(0, len(names), _AT_ONCE):
        rows = session.execute(
            sa.select(col(PersonKey.person), col(PersonKey.id), col(PersonKey.wrapped)).where(
                col(PersonKey.person).in_(names[start : start + _AT_ONCE]),
                col(PersonKey.wrapped).is_not(None),
            )
        )
        found |= {person: (int(i), keys.unwrap(wrapped)) for person, i, wrapped in rows}
    new = {person: Fernet.generate_key() for person in names if person not in found}
    if new:
        fresh = [
            {"person": person, "wrapped": keys.wrap(secret), "made_at": people[person]}
            for person, secret in new.items()
        ]
        made = insert_many(session, PersonKey, fresh)
        found |= {
            person: (key, secret)
            for key, (person, secret) in zip(made, new.items(), strict=True)
        }
    return found


def commitment(salt: str, values: Mapping[str, Any]) -> str:
    """Return what the chain keeps of personal values: SHA-256 of a secret salt and the values."""
    return hashlib.sha256(salt.encode() + canonical_json(values)).hexdigest()


def unseal(keys: KeyRing, wrapped: str | None, ciphertext: str) -> Mapping[str, Any] | None:
    """Return the sealed values, None where the key was destroyed or does not fit."""
    if wrapped is None:
        return None
    try:
        content = json.loads(Fernet(keys.unwrap(wrapped)).decrypt(ciphertext.encode()))
    except InvalidToken:
        return None
    values: Mapping[str, Any] = content["values"]
    return values


def destroy_key(session: Session, person: str, *, at: datetime) -> int:
    """Destroy the living key of a person; return how many entries are beyond reach now.

    Raises:
        NotFound: when the person has no living key.
    """
    row = _find_living(session, person)
    if row is None:
        raise NotFound("no_personal_values", person=person)
    overwrite_freed(session)
    row.wrapped, row.erased_at = None, at
    session.add(row)
    session.flush()
    counted = session.execute(
        sa.select(sa.func.count())
        .select_from(AuditDetail)
        .where(col(AuditDetail.key_id) == row.key)
    )
    return int(counted.scalar_one())


def _find_living(session: Session, person: str) -> PersonKey | None:
    found = session.execute(
        select(PersonKey).where(
            col(PersonKey.person) == person, col(PersonKey.wrapped).is_not(None)
        )
    )
    return found.scalar_one_or_none()
