"""Restores a backup into an empty installation of either engine and proves it whole."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from marketplace.assembly import App
from marketplace.base.audit import ANCHORS_FILE, count_entries, verify
from marketplace.base.db import metadata, open_store, read
from marketplace.base.db.extras import import_all_tables
from marketplace.base.db.migrate import is_empty, migrate, newest_revision
from marketplace.base.errors import Refused
from marketplace.base.keys import load_or_make_keys
from marketplace.base.private import make_folder, write_private
from marketplace.base.settings import Settings
from marketplace.upkeep.archive.backing import KEPT_FILES, KEYS
from marketplace.upkeep.archive.manifest import Manifest, check_archive
from marketplace.upkeep.archive.rows import decode_row

Progress = Callable[[int, int], None]

_AT_ONCE = 500


def is_never_used(given: Settings) -> bool:
    """Tell whether nothing was ever done in an installation, so that its keys sealed nothing.

    A verb or a start that came to nothing leaves keys and an empty database behind.
    """
    if not (given.data_dir / KEYS).exists():
        return True
    if any((given.data_dir / name).exists() for name in KEPT_FILES):
        return False
    if given.database_url is None and not given.sqlite_path.exists():
        return True
    keys = load_or_make_keys(given.data_dir)
    store = open_store(keys=keys, path=given.sqlite_path, url=given.database_url)
    try:
        with read(store) as session:
            # Every write of a command leaves an entry.
            return is_empty(store) or not count_entries(session)
    finally:
        store.dispose()


def restore_keys(archive: Path, data_dir: Path, *, is_never_used: bool = False) -> Path | None:
    """Put the archive's keys in place before anything opens the installation.

    An archive without keys changes nothing; the installation's own must be there already. Other
    keys of an installation that was never used are set aside; returns where.

    Raises:
        Refused: when other keys are there: they would be lost, and with them what they sealed.
    """
    with zipfile.ZipFile(archive) as opened:
        if KEYS not in opened.namelist():
            return None
        content = opened.read(KEYS)
    target, aside = data_dir / KEYS, None
    if target.exists():
        if target.read_bytes() == content:
            return None
        if not is_never_used:
            raise Refused("restore_other_keys", file=str(target))
        aside = _set_aside(target)
    make_folder(data_dir)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return aside


def _set_aside(keys: Path) -> Path:
    names = (keys.with_name(f"keys.unused-{n}.json") for n in count(1))
    free = next(path for path in names if not path.exists())
    return keys.rename(free)


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
    report = verify(app.store, app.data_dir / ANCHORS_FILE)
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
        if not target.exists():
            write_private(target, opened.read(name))
