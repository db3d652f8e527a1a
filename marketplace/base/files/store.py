"""Keeps files on disk by their SHA-256 and hands them out to those who may see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.base.files.quota import require_room
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.media import Cleaned, clean_file
from marketplace.base.private import write_private
from marketplace.base.text import normalize


@dataclass(frozen=True, slots=True)
class FileView:
    """One use of a stored file."""

    use_id: int
    name: str
    purpose: str
    media_type: str
    size_bytes: int
    uploaded_by: int | None
    uploaded_at: datetime


def receive_file(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    content: bytes | Cleaned,
    name: str,
    purpose: str,
    subject: str,
    program: str,
    data_dir: Path,
    district: str | None = None,
    operator_id: int | None = None,
) -> int:
    """Check, clean and keep a file; return its use. Equal content is stored once.

    Whoever holds no unit of work yet gives it cleaned: nobody should wait while it is parsed.

    Raises:
        Refused: for a file that cannot be taken, or over the account's quota.
    """
    scope = Scope(program=program, district=district, operator_id=operator_id)
    require(actor, "files.receive_file", scope)
    return keep_file(
        session, clock=clock, who=actor, content=content, name=name, purpose=purpose,
        subject=subject, program=program, data_dir=data_dir, district=district,
        operator_id=operator_id,
    )  # fmt: skip


def keep_file(
    session: Session,
    *,
    clock: Clock,
    who: Actor,
    content: bytes | Cleaned,
    name: str,
    purpose: str,
    subject: str,
    program: str,
    data_dir: Path,
    district: str | None = None,
    operator_id: int | None = None,
) -> int:
    """Do what `receive_file` does, for a command that has asked the policy table itself.

    Raises:
        Refused: for a file that cannot be taken, or over the account's quota.
    """
    cleaned = content if isinstance(content, Cleaned) else clean_file(content, name)
    told = normalize(name)[:200]
    require_room(
        session, clock=clock, who=who, operator_id=operator_id, size=len(cleaned.content),
        name=told[:80],
    )  # fmt: skip
    sha = hashlib.sha256(cleaned.content).hexdigest()
    stored_id = _stored(session, clock, cleaned, sha)
    _keep(data_dir, sha, cleaned.content)
    use = FileUse(
        file_id=stored_id,
        program=program,
        district=district,
        operator_id=operator_id,
        subject=subject,
        purpose=purpose,
        name=told or sha[:12],
        uploaded_by=who.account_id,
        uploaded_at=clock.now(),
    )
    session.add(use)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=who,
        action="files.receive_file",
        subject=f"file:{use.key}",
        program=program,
        operator_id=operator_id,
        facts={"sha256": sha, "purpose": purpose, "for": subject, "size": len(cleaned.content)},
    )
    return use.key


def open_file(
    session: Session, actor: Actor, *, use_id: int, data_dir: Path
) -> tuple[bytes, str, str]:
    """Return (content, media type, name) of a file this actor may see.

    Raises:
        NotFound: when there is none, it may not be known of, or it is missing on disk.
    """
    row = session.execute(
        select(FileUse, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(FileUse.id == use_id)
    ).first()
    if row is None:
        raise NotFound("file_not_found", use_id=use_id)
    use, stored = row
    require(
        actor,
        "files.open_file",
        Scope(program=use.program, district=use.district, operator_id=use.operator_id),
    )
    return read_stored(data_dir, stored.sha256), stored.media_type, use.name


def require_own_file(session: Session, use_id: int, scope: Scope) -> None:
    """Refuse to rest on a file of another firm; one that is not there is told in the same words.

    Raises:
        NotFound: when it is not a file of the operator in this scope.
    """
    use = session.get(FileUse, use_id)
    if use is None or use.operator_id != scope.operator_id:
        raise NotFound("file_not_found", use_id=use_id)


def list_files(session: Session, actor: Actor, *, subject: str) -> list[FileView]:
    """Return the files of a subject this actor may see, newest first."""
    rows = session.execute(
        select(FileUse, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(FileUse.subject == subject, col(FileUse.withdrawn_at).is_(None))
        .order_by(col(FileUse.id).desc())
    ).all()
    for use, _stored in rows:
        require(
            actor,
            "files.list_files",
            Scope(program=use.program, district=use.district, operator_id=use.operator_id),
        )
    return [
        FileView(
            use_id=use.key,
            name=use.name,
            purpose=use.purpose,
            media_type=stored.media_type,
            size_bytes=stored.size_bytes,
            uploaded_by=use.uploaded_by,
            uploaded_at=use.uploaded_at,
        )
        for use, stored in rows
    ]


def read_stored(data_dir: Path, sha256: str) -> bytes:
    """Return a stored file's content; who may see it is decided before.

    Raises:
        NotFound: when it is missing or its content is not what its name says.
    """
    try:
        content = _path(data_dir, sha256).read_bytes()
    except OSError as error:
        raise NotFound("file_missing", sha256=sha256[:12]) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotFound("file_missing", sha256=sha256[:12])
    return content


def sweep_orphans(session: Session, data_dir: Path) -> int:
    """Remove files on disk that no row knows, left by a process that died; return how many."""
    known = set(session.execute(select(StoredFile.sha256)).scalars())
    removed = 0
    for path in (data_dir / "files").glob("??/*"):
        if path.name not in known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _stored(session: Session, clock: Clock, cleaned: Cleaned, sha: str) -> int:
    """Return the row of a content, made when it is new."""
    row = session.execute(select(StoredFile).where(StoredFile.sha256 == sha)).scalar()
    if row is None:
        row = StoredFile(
            sha256=sha,
            size_bytes=len(cleaned.content),
            media_type=cleaned.media_type,
            width=cleaned.width,
            height=cleaned.height,
            stored_at=clock.now(),
        )
        session.add(row)
        session.flush()
    return row.key


def _path(data_dir: Path, sha256: str) -> Path:
    return data_dir / "files" / sha256[:2] / sha256


def _keep(data_dir: Path, sha256: str, content: bytes) -> None:
    """Write the file before the row is committed; a crash leaves an orphan, never a hole."""
    path = _path(data_dir, sha256)
    if path.exists():
        return
    write_private(path, content)


__all__ = [
    "FileView",
    "keep_file",
    "list_files",
    "open_file",
    "read_stored",
    "receive_file",
    "sweep_orphans",
]
