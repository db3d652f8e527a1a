"""Restores a backup into an empty installation of either engine and proves it whole."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from marketplace.assembly import App
from marketplace.base.audit import verify
from marketplace.base.db import metadata
from marketplace.base.db.extras import import_all_tables
from marketplace.base.db.migrate import migrate, newest_revision
from marketplace.base.errors import Refused
from marketplace.upkeep.archive.backing import KEYS
from marketplace.upkeep.archive.manifest import Manifest, check_archive
from marketplace.upkeep.archive.rows import decode_row

Progress = Callable[[int, int], None]

_AT_ONCE = 500


def restore_keys(archive: Path, data_dir: Path) -> bool:
    """Put the archive's keys in place before anything opens the installation.

    False when the archive has none; then the installation's own keys must be there already.

    Raises:
        Refused: when other keys are there: they would be lost, and with them what they sealed.
    """
    with zipfile.ZipFile(archive) as opened:
        if KEYS not in opened.namelist():
            return False
        content = opened.read(KEYS)
    target = data_dir / KEYS
    if target.exists():
        if target.read_bytes() == content:
            return True
        raise Refused("restore_other_keys", file=str(target))
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return True


def restore_backup(app: App, archive: Path, *, progress: Progress | None = None) -> Manifest:
    """Fill an empty installation from a backup; all of the database or nothing of it.

    Raises:
        Refused: the archive is damaged or of another schema, the database is not empty, or the
            restored audit chain does not verify.
    """
    manifest = check_archive(archive)
    if manifest.schema != newest_revision():
        raise Refused(
            "backup_schema", found=manifest.schema or "-", known=newest_revision() or "-"
        )
    migrate(app.store)
    import_all_tables()
    with zipfile.ZipFile(archive) as opened:
        _restore_files(opened, manifest, app.data_dir)
        with app.store.housekeeping.begin() as connection:
            _require_empty(connection)
            tables = metadata.sorted_tables
            for done, table in enumerate(tables):
                _restore_table(connection, opened, manifest, table)
                if progress:
                    progress(done + 1, len(tables))
    report = verify(app.store, app.data_dir / "anchors.jsonl")
    if not report.is_intact:
        raise Refused("restore_chain_broken", seq=report.first_bad_seq or 0)
    return manifest


def _require_empty(connection: sa.Connection) -> None:
    for table in metadata.sorted_tables:
        if table.info.get("housekeeping"):
            continue
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Refused("restore_not_empty", table=table.name)


def _restore_table(
    connection: sa.Connection, opened: zipfile.ZipFile, manifest: Manifest, table: sa.Table
) -> None:
    name = f"tables/{table.name}.jsonl"
    if name not in manifest.parts:
        return
    if table.info.get("housekeeping"):
        connection.execute(sa.delete(table))  # counters begun since the migration
    rows = 0
    some: list[dict[str, object]] = []
    with opened.open(name) as member:
        for line in member:
            some.append(decode_row(line, table))
            rows += 1
            if len(some) == _AT_ONCE:
                connection.execute(sa.insert(table), some)
                some = []
    if some:
        connection.execute(sa.insert(table), some)
    if rows != manifest.parts[name].rows:
        raise Refused("backup_damaged", part=name)
    if rows and connection.dialect.name == "postgresql":
        _move_sequence(connection, table)


def _move_sequence(connection: sa.Connection, table: sa.Table) -> None:
    """Rows came with their keys; the next one must not meet them."""
    found = connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
    sequence = found.scalar()
    if sequence is not None:
        last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, last)))


def _restore_files(opened: zipfile.ZipFile, manifest: Manifest, data_dir: Path) -> None:
    for name in manifest.parts:
        if name.startswith("tables/") or name == KEYS:
            continue
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise Refused("backup_damaged", part=name)
        target = data_dir / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.write_bytes(opened.read(name))
