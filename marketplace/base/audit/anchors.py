"""Remembers the end of the chain outside the database, and verifies the chain against it.

Without an anchor kept elsewhere an older backup, put back in place, looks like the truth.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.audit import verifier
from marketplace.base.audit.chain import ensure_head
from marketplace.base.audit.tables import (
    AuditAnchor,
    AuditDetail,
    AuditEntry,
    AuditHead,
    PersonKey,
)
from marketplace.base.audit.verifier import Anchor, Chain, Entry, Report
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.db import Store, read, write
from marketplace.base.private import make_folder, open_private

ANCHORS_FILE = "anchors.jsonl"  # beside the database, where the product keeps its own
_BATCH = 2_000
_PRINTED_DIGITS = 32  # 128 bits: enough that no second past fits


def make_anchor(store: Store, *, clock: Clock, path: Path) -> Anchor:
    """Sign the present end of the chain, keep it in the database and append it to `path`.

    `path` belongs outside the database and, better, on another machine.
    """

    def keep(session: Session) -> Anchor:
        head = ensure_head(session)
        at = clock.now().astimezone(UTC)
        draft = Anchor(
            head.seq, head.mac, head.seq, at.isoformat(timespec="microseconds"), None
        )
        signature = verifier.sign_anchor(store.keys.audit, draft)
        session.add(
            AuditAnchor(seq=head.seq, mac=head.mac, size=head.seq, at=at, signature=signature)
        )
        return draft._replace(signature=signature)

    anchor = write(store, keep)
    _append(path, anchor)
    return anchor


def renew_anchor(
    store: Store, *, clock: Clock, path: Path, once_a_day: bool = False
) -> Anchor | None:
    """Make an anchor unless the last one in `path` holds this end of the chain already.

    `once_a_day`: nor when one of today (Asia/Shanghai) is there. What counts is the file: whoever
    changes the database can remove the anchors inside it as well.
    """
    last = _find_last(store, path)
    if last is not None and once_a_day and _day_of(last) == today(clock):
        return None
    with read(store) as session:
        head = _around(session)[0]
    if head is None or head[0] == 0 or (last is not None and head == (last.seq, last.mac)):
        return None
    return make_anchor(store, clock=clock, path=path)


def printed_digest(anchor: Anchor) -> str:
    """Return an anchor short enough for paper: `120-3f2a9c1b 0d4e55f6 ...`."""
    digits = anchor.mac[:_PRINTED_DIGITS]
    groups = [digits[start : start + 8] for start in range(0, len(digits), 8)]
    return f"{anchor.seq}-{' '.join(groups)}"


def verify(store: Store, anchors_path: Path | None = None) -> Report:
    """Verify the chain of an open store against its anchors, inside and in `anchors_path`.

    A missing file counts as no anchors; `Report.anchors` tells how many were held against it.
    """
    outside: Sequence[Anchor] = ()
    if anchors_path is not None and anchors_path.exists():
        outside = verifier.read_anchors(anchors_path)
    with read(store) as session:
        head, inside, destroyed = _around(session)
        chain = Chain(_entries(session), head, (*outside, *inside), destroyed)
        return verifier.check(chain, store.keys.audit)


def lacking_anchors(report: Report, path: Path) -> str | None:
    """Return what a verification could not be held against, as a key under `audit`; None if all.

    `anchors_none`: nothing at all. `anchors_inside`: only what whoever changes the database can
    change with it.
    """
    if path.exists() and verifier.read_anchors(path):
        return None
    return "anchors_inside" if report.anchors else "anchors_none"


def export_chain(store: Store, path: Path) -> int:
    """Write the chain to `path` for the stand-alone verifier; return how many entries.

    The first line holds the head, the anchors and the erased persons; then one entry a line. No
    sealed values leave the database, only their digests.
    """
    count = 0
    with read(store) as session, path.open("w", encoding="utf-8", newline="\n") as file:
        head, inside, destroyed = _around(session)
        first = {
            "kind": "chain",
            "head": head,
            "anchors": inside,
            "destroyed": sorted(destroyed),
        }
        file.write(json.dumps(first, ensure_ascii=False) + "\n")
        for entry in _entries(session):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
    return count


def _find_last(store: Store, path: Path) -> Anchor | None:
    """Return the last anchor in a file that this installation signed."""
    if not path.exists():
        return None
    ours = (
        anchor
        for anchor in reversed(verifier.read_anchors(path))
        if anchor.signature == verifier.sign_anchor(store.keys.audit, anchor)
    )
    return next(ours, None)


def _day_of(anchor: Anchor) -> date:
    return civil_day(datetime.fromisoformat(anchor.at))


def _append(path: Path, anchor: Anchor) -> None:
    """Append one line and have it on the disk before going on."""
    make_folder(path.parent)
    line = json.dumps(anchor._asdict(), sort_keys=True) + "\n"
    with open(path, "ab+", opener=open_private) as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = "\n" + line  # a crash left half a line; do not join it
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def _around(session: Session) -> tuple[tuple[int, str] | None, list[Anchor], frozenset[str]]:
    row = session.execute(
        sa.select(col(AuditHead.seq), col(AuditHead.mac)).where(col(AuditHead.id) == 1)
    ).first()
    inside = [
        Anchor(seq, mac, size, _text(at), signature)
        for seq, mac, size, at, signature in session.execute(
            sa.select(
                col(AuditAnchor.seq),
                col(AuditAnchor.mac),
                col(AuditAnchor.size),
                col(AuditAnchor.at),
                col(AuditAnchor.signature),
            )
        )
    ]
    gone = session.execute(
        sa.select(col(PersonKey.person)).where(col(PersonKey.wrapped).is_(None))
    )
    head = None if row is None else (int(row[0]), str(row[1]))
    return head, inside, frozenset(gone.scalars())


def _entries(session: Session) -> Iterator[Entry]:
    names: list[Any] = [getattr(AuditEntry, name) for name in Entry._fields[:-1]]
    found = session.execute(
        sa.select(*names, col(AuditDetail.ciphertext))
        .join(AuditDetail, col(AuditDetail.seq) == col(AuditEntry.seq), isouter=True)
        .order_by(col(AuditEntry.seq))
        .execution_options(yield_per=_BATCH)
    )
    for seq, prev, at, *others, ciphertext in found:
        sealed = verifier.sealed_digest(ciphertext)
        yield Entry._make((seq, prev, _text(at), *others, sealed))


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
