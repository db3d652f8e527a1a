"""Verifies an audit chain without the product: standard library only, reads and never writes.

    python verifier.py --db FILE --key KEYFILE [--anchors FILE] [--printed SEQ-DIGEST]
    python verifier.py --jsonl FILE --key KEYFILE [--anchors FILE]

Prints one JSON object. Exit code 0: the chain holds; 1: something was changed, `first_bad_seq`
names where; 2: wrong usage or nothing readable. Copy this file to a machine the operators of
the database cannot reach, together with the key and the anchors. It must not import the
product: a fault there would then hide itself here.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

GENESIS = "0" * 64  # what the first entry has for a previous MAC
ERASURE = "audit.erase_person"
_MOST_FINDINGS = 50


class Trouble(StrEnum):
    """What can be wrong with a chain."""

    MISSING = "missing"  # a sequence number has no entry
    OUT_OF_PLACE = "out_of_place"  # a number below 1, or one that comes twice
    ALTERED = "altered"  # an entry does not carry its own MAC
    UNLINKED = "unlinked"  # an entry does not follow the one before
    CUT = "cut"  # the end is gone: head or an anchor reaches further
    BEYOND_HEAD = "beyond_head"  # entries the head does not know
    HEAD_GONE = "head_gone"
    HEAD_ALTERED = "head_altered"
    REWRITTEN = "rewritten"  # the links hold, but an anchor remembers another past
    ANCHOR_FORGED = "anchor_forged"
    DETAIL_ALTERED = "detail_altered"  # sealed personal values are not the ones committed to
    DETAIL_MISSING = "detail_missing"
    KEY_DESTROYED = "key_destroyed"  # a person's key is gone and no entry says so
    UNREADABLE = "unreadable"  # a table is gone or a page is damaged


class Entry(NamedTuple):
    """One entry as stored; `sealed` is the SHA-256 of its sealed values, where there are any."""

    seq: int
    prev: str
    at: str
    actor_id: int | None
    actor_login: str
    actor_role: str
    action: str
    subject: str
    program: str | None
    operator_id: int | None
    payload: str
    mac: str
    sealed: str | None


class Anchor(NamedTuple):
    """A remembered end of the chain; without a signature it was typed from paper."""

    seq: int
    mac: str
    size: int
    at: str
    signature: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong; it lies in `seq` to `until_seq`, both inclusive."""

    trouble: Trouble
    seq: int
    until_seq: int


@dataclass(slots=True)
class Report:
    """What a verification found; `entries` were read, `head_mac` is the MAC of the last."""

    entries: int = 0
    last_seq: int = 0
    head_mac: str = GENESIS
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def first_bad_seq(self) -> int | None:
        """The lowest sequence number that is in doubt."""
        return min((found.seq for found in self.findings), default=None)

    def note(self, trouble: Trouble, seq: int, until_seq: int | None = None) -> None:
        """Add a finding; past the first fifty only the count of entries goes on."""
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(trouble, seq, seq if until_seq is None else until_seq))


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain to verify: entries by ascending `seq`, the head, anchors, erased persons."""

    entries: Iterable[Entry]
    head: tuple[int, str] | None
    anchors: Sequence[Anchor] = ()
    destroyed: frozenset[str] = frozenset()  # persons whose key is no longer there


def link(key: bytes, entry: Entry, prev: str) -> str:
    """Return the MAC an entry must carry after `prev`."""
    fields = {
        "at": _instant(entry.at),
        "actor_id": entry.actor_id,
        "actor_login": entry.actor_login,
        "actor_role": entry.actor_role,
        "action": entry.action,
        "subject": entry.subject,
        "program": entry.program,
        "operator_id": entry.operator_id,
        "payload": entry.payload,
    }
    content = hashlib.sha256(_canonical(fields)).digest()
    message = prev.encode("utf-8", "replace") + str(entry.seq).encode() + content
    return hmac.digest(key, message, "sha256").hex()


def sign_anchor(key: bytes, anchor: Anchor) -> str:
    """Return the signature an anchor must carry."""
    content = {"seq": anchor.seq, "mac": anchor.mac, "size": anchor.size, "at": anchor.at}
    return hmac.digest(key, b"anchor:" + _canonical(content), "sha256").hex()


def check(chain: Chain, key: bytes) -> Report:
    """Read a chain once and report all that is wrong with it."""
    report = Report()
    try:
        _check(chain, key, report)
    except (sqlite3.DatabaseError, TypeError, ValueError):
        report.note(Trouble.UNREADABLE, report.last_seq + 1)
    return report


def _check(chain: Chain, key: bytes, report: Report) -> None:
    waiting = _trusted(chain.anchors, key, report)
    seen: dict[str, int] = {}  # a destroyed person's first entry
    explained: set[str] = set()
    anchored = 0
    for entry in chain.entries:
        if not _check_place(entry, report):
            continue
        _check_link(entry, key, report)
        _check_detail(entry, report, chain.destroyed, seen)
        if entry.action == ERASURE:
            explained.add(entry.subject)
        report.entries += 1
        report.last_seq, report.head_mac = entry.seq, entry.mac
        while waiting and waiting[-1].seq <= entry.seq:
            anchored = _check_anchor(waiting.pop(), entry, anchored, report)
    _check_end(chain, report, waiting)
    for person in sorted(chain.destroyed - explained):
        report.note(Trouble.KEY_DESTROYED, seen.get(person, report.last_seq))


def _trusted(anchors: Sequence[Anchor], key: bytes, report: Report) -> list[Anchor]:
    """Return the anchors with a good signature, the highest first."""
    good = []
    for anchor in anchors:
        signed = anchor.signature is None or anchor.signature == sign_anchor(key, anchor)
        if signed and anchor.size == anchor.seq:
            good.append(anchor)
        else:
            report.note(Trouble.ANCHOR_FORGED, max(anchor.seq, 0))
    report.anchors = len(good)
    return sorted((a for a in good if a.seq > 0), key=lambda a: a.seq, reverse=True)


def _check_place(entry: Entry, report: Report) -> bool:
    if entry.seq <= report.last_seq:
        report.note(Trouble.OUT_OF_PLACE, report.last_seq + 1)
        return False
    return True


def _check_link(entry: Entry, key: bytes, report: Report) -> None:
    if entry.seq != report.last_seq + 1:
        report.note(Trouble.MISSING, report.last_seq + 1, entry.seq - 1)
    elif entry.prev != report.head_mac:
        report.note(Trouble.UNLINKED, entry.seq)
        return
    if link(key, entry, str(entry.prev)) != entry.mac:
        report.note(Trouble.ALTERED, entry.seq)


def _check_detail(
    entry: Entry, report: Report, destroyed: frozenset[str], seen: dict[str, int]
) -> None:
    committed = _committed(entry.payload)
    if committed is None:
        if entry.sealed is not None:
            report.note(Trouble.DETAIL_ALTERED, entry.seq)
        return
    person = str(committed.get("person"))
    if person in destroyed:
        seen.setdefault(person, entry.seq)
    if entry.sealed is None:
        report.note(Trouble.DETAIL_MISSING, entry.seq)
    elif entry.sealed != committed.get("sealed"):
        report.note(Trouble.DETAIL_ALTERED, entry.seq)


def _committed(payload: object) -> dict[str, Any] | None:
    if not isinstance(payload, str) or '"personal":' not in payload:
        return None
    try:
        content = json.loads(payload)
    except ValueError:
        return None
    personal = content.get("personal") if isinstance(content, dict) else None
    return personal if isinstance(personal, dict) else None


def _check_anchor(anchor: Anchor, entry: Entry, anchored: int, report: Report) -> int:
    """Compare an anchor with the entry at or after its place; return the last place that holds.

    A printed anchor holds the beginning of the MAC only.
    """
    if anchor.seq == entry.seq and anchor.mac and str(entry.mac).startswith(anchor.mac):
        return anchor.seq
    located = any(f.seq <= anchor.seq and f.until_seq > anchored for f in report.findings)
    if not located:  # the chain itself named the place more exactly
        report.note(Trouble.REWRITTEN, anchored + 1, anchor.seq)
    return anchored


def _check_end(chain: Chain, report: Report, waiting: Sequence[Anchor]) -> None:
    last = report.last_seq
    if chain.head is None:
        report.note(Trouble.HEAD_GONE, last + 1)
    else:
        seq, mac = chain.head
        if seq > last:
            report.note(Trouble.CUT, last + 1, seq)
        elif seq < last:
            report.note(Trouble.BEYOND_HEAD, max(seq + 1, 1), last)
        elif mac != report.head_mac:
            report.note(Trouble.HEAD_ALTERED, max(last, 1))
    if waiting:
        report.note(Trouble.CUT, last + 1, waiting[0].seq)


def _canonical(value: object) -> bytes:
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr
    )
    return text.encode("utf-8", "replace")


def _instant(text: str) -> str:
    """Return one form of an instant, whichever way the engine wrote it; UTC where unsaid."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return str(text)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")


# Reading: a SQLite file, an export of a PostgreSQL chain, key and anchors.

_ENTRIES = """
SELECT e.seq, e.prev, e.at, e.actor_id, e.actor_login, e.actor_role, e.action, e.subject,
       e.program, e.operator_id, e.payload, e.mac, d.ciphertext
FROM audit_entry e LEFT JOIN audit_detail d ON d.seq = e.seq ORDER BY e.seq
"""


def check_sqlite(path: Path, key: bytes, anchors: Sequence[Anchor] = ()) -> Report:
    """Verify the chain of a SQLite file, together with the anchors inside it.

    Raises:
        OSError: when there is no such file.
        sqlite3.OperationalError: when it cannot be opened.
    """
    with closing(_open(path)) as connection:
        try:
            head = connection.execute("SELECT seq, mac FROM audit_head WHERE id = 1").fetchone()
            inside = connection.execute(
                "SELECT seq, mac, size, at, signature FROM audit_anchor"
            ).fetchall()
            gone = connection.execute("SELECT person FROM person_key WHERE wrapped IS NULL")
            chain = Chain(
                entries=_sqlite_entries(connection),
                head=None if head is None else (int(head[0]), str(head[1])),
                anchors=[*anchors, *(_anchor(*row) for row in inside)],
                destroyed=frozenset(str(row[0]) for row in gone),
            )
        except (sqlite3.DatabaseError, TypeError, ValueError):
            report = Report()
            report.note(Trouble.UNREADABLE, 1)
            return report
        return check(chain, key)


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise FileNotFoundError(path)
    uri = path.resolve().as_uri() + "?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=15)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise  # without the log the newest entries would seem cut off
        connection = sqlite3.connect(uri + "&immutable=1", uri=True)  # a read-only folder
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("BEGIN")  # one state, whoever writes meanwhile
    return connection


def _sqlite_entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    for *values, ciphertext in connection.execute(_ENTRIES):
        yield Entry._make((*values, sealed_digest(ciphertext)))


def sealed_digest(ciphertext: str | None) -> str | None:
    """Return the digest of sealed values under which an entry commits to them."""
    if ciphertext is None:
        return None
    return hashlib.sha256(str(ciphertext).encode("utf-8", "replace")).hexdigest()


def check_jsonl(path: Path, key: bytes, anchors: Sequence[Anchor] = ()) -> Report:
    """Verify an exported chain: a first line with what surrounds it, then one entry a line.

    Raises:
        OSError: when it cannot be read.
        ValueError: when the first line is not that of an export.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = json.loads(next(lines, ""))
        if not isinstance(first, dict) or first.get("kind") != "chain":
            msg = "not an export of a chain"
            raise ValueError(msg)
        head = first.get("head")
        chain = Chain(
            entries=(Entry(*json.loads(line)) for line in lines if line.strip()),
            head=None if head is None else (int(head[0]), str(head[1])),
            anchors=[*anchors, *(_anchor(*row) for row in first.get("anchors", ()))],
            destroyed=frozenset(first.get("destroyed", ())),
        )
        return check(chain, key)


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors of a file, one JSON object a line; a torn line is passed over.

    Raises:
        OSError: when it cannot be read.
    """
    found = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
            found.append(
                _anchor(row["seq"], row["mac"], row["size"], row["at"], row["signature"])
            )
        except (ValueError, KeyError, TypeError):
            continue  # a crash in mid-line; spoiling a line does no more than removing it
    return found


def printed_anchor(text: str) -> Anchor:
    """Return the anchor behind a digest copied from paper, `120-3f2a 9c1b ...`.

    Raises:
        ValueError: when it is not one.
    """
    seq, _, digest = text.replace(" ", "").partition("-")
    int(digest, 16)
    if len(digest) < 16:
        msg = "a digest has at least 16 digits"
        raise ValueError(msg)
    return Anchor(int(seq), digest.lower(), int(seq), "", None)


def read_key(path: Path) -> bytes:
    """Return the audit key from a key ring file, or from a file that holds only the key in hex.

    Raises:
        OSError, ValueError, KeyError: when there is none.
    """
    text = path.read_text("utf-8").strip()
    return bytes.fromhex(json.loads(text)["audit"] if text.startswith("{") else text)


def _anchor(seq: Any, mac: Any, size: Any, at: Any, signature: Any) -> Anchor:
    return Anchor(int(seq), str(mac), int(size), _instant(str(at)), str(signature))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verifier and return its exit code."""
    parser = argparse.ArgumentParser(description="Verify an audit chain.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--db", type=Path, help="SQLite file, opened read-only")
    source.add_argument("--jsonl", type=Path, help="exported chain")
    parser.add_argument("--key", type=Path, required=True, help="key ring file or key in hex")
    parser.add_argument("--anchors", type=Path, help="anchors kept outside the database")
    parser.add_argument("--printed", action="append", default=[], help="SEQ-DIGEST from paper")
    given = parser.parse_args(arguments)
    try:
        key = read_key(given.key)
        anchors = read_anchors(given.anchors) if given.anchors else []
        anchors += [printed_anchor(text) for text in given.printed]
        if given.db:
            report = check_sqlite(given.db, key, anchors)
        else:
            report = check_jsonl(given.jsonl, key, anchors)
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write(json.dumps(_told(report), indent=1) + "\n")
    return 0 if report.is_intact else 1


def _told(report: Report) -> dict[str, object]:
    return {
        "intact": report.is_intact,
        "entries": report.entries,
        "last_seq": report.last_seq,
        "head_mac": report.head_mac,
        "anchors": report.anchors,
        "first_bad_seq": report.first_bad_seq,
        "findings": [
            {"trouble": f.trouble.value, "seq": f.seq, "until_seq": f.until_seq}
            for f in report.findings
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
