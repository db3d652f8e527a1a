"""Takes a complaint from the public form: one press, one complaint, with pictures where there are.

Nothing is opened by it: a stranger's text is no case, and no case removes anything.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db import once
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.files import Cleaned, clean_file, keep_file
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.features.complaints.kinds import PublicState
from marketplace.features.complaints.tables import PublicComplaint

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on paper
_GROUPS = 3
SCOPE = "complaints.send_public_complaint"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture or PDF sent along; the name decides nothing."""

    name: str
    content: bytes | Cleaned

    @property
    def bytes_sent(self) -> bytes:
        """The content, cleaned where it is."""
        return self.content.content if isinstance(self.content, Cleaned) else self.content


def clean_enclosures(
    rulebook: Rulebook, *, shop: str, item: str, text: str, enclosures: Sequence[Enclosure]
) -> tuple[Enclosure, ...]:
    """Return what was sent along cleaned, before the command holds the database.

    Raises:
        Invalid: names every fault of the form and every file that cannot be taken.
    """
    faults = _faults(rulebook, shop, item, text, enclosures)
    if any(fault.place == "files" for fault in faults):
        raise Invalid(faults)
    cleaned = []
    for one in enclosures:
        try:
            content = clean_file(one.bytes_sent, one.name, of_stranger=True)
        except Refused as error:
            faults.append(Fault("files", error.code, error.facts))
        else:
            cleaned.append(replace(one, content=content))
    if faults:
        raise Invalid(faults)
    return tuple(cleaned)


def send_public_complaint(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    shop: str,
    item: str,
    text: str,
    brand: str = "",
    contact: str | None = None,
    enclosures: Sequence[Enclosure] = (),
    data_dir: Path | None = None,
    token: str | None = None,
) -> str:
    """Keep a complaint of the public and return its receipt code, the only way back to it.

    The same `token` with the same content again is the same complaint and the same code.

    Raises:
        Invalid: without store or listing, a text under 10 or over 2,000 characters, too many
            files, or one that cannot be taken.
        Conflict: the token came before with other content.
    """
    program = rulebook.program.key
    require(actor, SCOPE, Scope(program=program))
    faults = _faults(rulebook, shop, item, text, enclosures)
    if faults:
        raise Invalid(faults)
    body = {
        "program": program,
        "told": [shop, item, text, brand, contact or ""],
        "files": [hashlib.sha256(one.bytes_sent).hexdigest() for one in enclosures],
    }

    def keep() -> dict[str, str]:
        row = PublicComplaint(
            program=program,
            code=_new_code(),
            shop=normalize(shop)[:200],
            item=normalize(item)[:300],
            brand=normalize(brand)[:80],
            text=normalize(text),
            contact=normalize(contact or "")[:120] or None,
            at=clock.now(),
            state=PublicState.NEW,
        )
        session.add(row)
        session.flush()
        _enclose(session, clock, actor, row, enclosures, data_dir)
        audit.record(
            session, clock=clock, actor=actor, action=SCOPE,
            subject=f"public_complaint:{row.key}", program=program,
            facts={"files": len(enclosures)},
        )  # fmt: skip
        return {"code": row.code}

    made = once(session, clock=clock, token=token, scope=SCOPE, body=body, work=keep)
    return str(made["code"])


def _faults(
    rulebook: Rulebook, shop: str, item: str, text: str, enclosures: Sequence[Enclosure]
) -> list[Fault]:
    faults = [
        Fault(place, "field_missing")
        for place, told in (("store", shop), ("item", item))
        if not normalize(told)
    ]
    if not 10 <= len(normalize(text)) <= 2000:
        faults.append(Fault("text", "text_length", {"low": 10, "high": 2000}))
    most = rulebook.intake.max_files_per_public_complaint
    if len(enclosures) > most:
        facts = {"most": most, "given": len(enclosures)}
        faults.append(Fault("files", "files_too_many", facts))
    limit = rulebook.intake.public_file_max_mb
    faults += [
        Fault("files", "file_too_large", {"limit_mb": limit, "file": one.name})
        for one in enclosures
        if len(one.bytes_sent) > limit * 2**20
    ]
    return faults


def _enclose(
    session: Session,
    clock: Clock,
    who: Actor,
    row: PublicComplaint,
    enclosures: Sequence[Enclosure],
    data_dir: Path | None,
) -> None:
    """Keep what was sent along; every file that cannot be taken is named at once."""
    if not enclosures:
        return
    if data_dir is None:
        msg = "what was sent along needs a place to be kept"
        raise ValueError(msg)
    faults = []
    for one in enclosures:
        try:
            keep_file(
                session, clock=clock, who=who, content=one.content, name=one.name,
                purpose="complaint", subject=f"public_complaint:{row.key}",
                program=row.program, data_dir=data_dir,
            )  # fmt: skip
        except Refused as error:
            faults.append(Fault("files", error.code, error.facts))
    if faults:
        raise Invalid(faults)


def _new_code() -> str:
    """Return about 59 bits in three groups: nobody guesses another's complaint."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)
