"""Makes a backup while people work: one consistent state of every table, then the files.

A database file is never copied: a copy under writers may be torn, and it would fit one engine.
"""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.db import metadata, read
from marketplace.base.db.extras import import_all_tables
from marketplace.base.db.migrate import newest_revision
from marketplace.base.errors import Refused
from marketplace.upkeep.archive.manifest import FORMAT, NAME, Manifest, Part, check_archive
from marketplace.upkeep.archive.rows import encode_row
from marketplace.upkeep.minute import keep_anchor

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

# Beside the database: kept files by their hash, and the signed anchors of the audit chain.
KEPT_FILES = ("files", audit.ANCHORS_FILE)
KEYS = "keys.json"

# Nobody stays signed in across a restore, and nobody stays locked out.
LEFT_OUT = frozenset({"web_session", "throttle"})


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What went into a backup."""

    path: Path
    tables: int
    rows: int
    files: int
    has_keys: bool
    size: int


def make_backup(
    app: App, target: Path, *, with_keys: bool = True, progress: Progress | None = None
) -> BackupReport:
    """Write a backup and read it back before it gets its name.

    The file is readable by its owner only: with the keys in it, it is as secret as the
    installation. Without them (`with_keys=False`) it is useless alone: the keys must be kept
    elsewhere, or personal details stay sealed and the audit chain cannot be verified.

    Raises:
        Refused: when the target exists, or what was written does not read back.
    """
    if target.exists():
        raise Refused("backup_exists", file=str(target))
    import_all_tables()
    _anchor(app)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _fill(app, archive, with_keys=with_keys, progress=progress)
            stream.flush()
            os.fsync(stream.fileno())
        check_archive(draft)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    tables = {n: p for n, p in manifest.parts.items() if n.startswith("tables/")}
    return BackupReport(
        path=target,
        tables=len(tables),
        rows=sum(part.rows for part in tables.values()),
        files=sum(1 for name in manifest.parts if name.startswith("files/")),
        has_keys=KEYS in manifest.parts,
        size=target.stat().st_size,
    )


def _anchor(app: App) -> None:
    """Sign the trail first, so that what this backup holds is told from anything older.

    A backup matters most where something is wrong: that nothing can be written does not stop it.
    """
    try:
        keep_anchor(app)
    except (OSError, sa.exc.DBAPIError):
        log.warning("this backup goes without a new anchor", exc_info=True)


def _fill(
    app: App, archive: zipfile.ZipFile, *, with_keys: bool, progress: Progress | None
) -> Manifest:
    parts: dict[str, Part] = {}
    tables = [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]
    with read(app.store) as session:
        connection = session.connection()
        for done, table in enumerate(tables):
            parts[f"tables/{table.name}.jsonl"] = _write_table(connection, archive, table)
            if progress:
                progress(done + 1, len(tables))
    # The rows came first: a file they name was there before them and never changes.
    for path in _kept(app.data_dir, with_keys=with_keys):
        name = path.relative_to(app.data_dir).as_posix()
        parts[name] = _write_file(archive, path, name)
    manifest = Manifest(
        format=FORMAT,
        schema=newest_revision() or "",
        as_of=app.clock.now().isoformat(),
        dialect=app.store.dialect,
        audit_entries=parts["tables/audit_entry.jsonl"].rows,
        parts=parts,
    )
    archive.writestr(NAME, manifest.to_json())
    return manifest


def _write_table(connection: sa.Connection, archive: zipfile.ZipFile, table: sa.Table) -> Part:
    found, size, rows = sha256(), 0, 0
    statement = sa.select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=1_000).execute(statement)
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
        for row in result.mappings():
            line = encode_row(dict(row))
            member.write(line)
            found.update(line)
            size += len(line)
            rows += 1
    return Part(found.hexdigest(), size, rows)


def _write_file(archive: zipfile.ZipFile, path: Path, name: str) -> Part:
    content = path.read_bytes()
    archive.writestr(name, content)
    return Part(sha256(content).hexdigest(), len(content))


def _kept(data_dir: Path, *, with_keys: bool) -> list[Path]:
    found: list[Path] = []
    for name in (*KEPT_FILES, *((KEYS,) if with_keys else ())):
        path = data_dir / name
        if path.is_dir():
            found.extend(p for p in sorted(path.rglob("*")) if p.is_file())
        elif path.is_file():
            found.append(path)
    return [p for p in found if not p.name.startswith(".") and p.suffix != ".part"]
