"""Brings a database to the newest schema, on both engines, whole or not at all.

On SQLite a rebuilt table would drop its triggers, and with foreign keys on a cascade would empty
its children: keys are therefore off around the transaction, checked before the commit, and the
triggers are installed again at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from marketplace.base.db import extras
from marketplace.base.db.columns import metadata
from marketplace.base.db.engines import Store
from marketplace.base.errors import Refused

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
_NAMED = re.compile(r"^(revision|down_revision) = ['\"](\w+)['\"]", re.MULTILINE)
_LOCK = 7_281_032  # any number, the same for every process that migrates


def migrate(store: Store) -> bool:
    """Upgrade to the newest revision; False when there was nothing to do.

    Two processes may start at once: the second waits and finds the work done.

    Raises:
        Refused: when the database has tables that no migration made, comes from a newer
            version, or breaks a foreign key after the upgrade.
    """
    with _exclusive(store) as connection:
        before = _revision(connection)
        if before == newest_revision():
            return False  # as at every start but a few, which load nothing that is not needed
        from alembic import command

        extras.import_all_tables()
        _require_known(connection, before)
        command.upgrade(alembic_config(connection), "head")
        extras.install(connection)
        _require_whole(connection)
    return True


def is_empty(store: Store) -> bool:
    """Tell whether nobody ever made a table of ours in this database."""
    with store.reading.connect() as connection:
        return not sa.inspect(connection).has_table("audit_head")


def create_fresh(store: Store) -> None:
    """Create the schema straight from the tables, as the migrations must leave it."""
    extras.import_all_tables()
    with store.housekeeping.begin() as connection:
        metadata.create_all(connection)
        extras.install(connection)


def newest_revision() -> str | None:
    """Return the revision that no other stands on, or None while there is no migration.

    File numbers tell who wrote it first, not what stands on what: only the chain does.
    """
    found = _chain()
    ends = sorted(set(found) - set(found.values()))
    if len(ends) > 1:
        raise Refused("migrations_branch", heads=", ".join(ends))
    return ends[0] if ends else None


def make_migration(store: Store, *, slug: str) -> Path:
    """Write the next `NNNN_slug.py` from what the tables have and this database has not.

    The store is a scratch database at the newest revision.

    Raises:
        Refused: when there is nothing to write.
    """
    from alembic.command import revision
    from alembic.script import Script

    extras.import_all_tables()
    taken = [int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")]
    number = f"{max(taken, default=0) + 1:04d}"
    with store.housekeeping.connect() as connection:
        script = revision(
            alembic_config(connection), message=slug, autogenerate=True, rev_id=number
        )
    if not isinstance(script, Script):
        raise Refused("nothing_to_migrate")
    return Path(script.path)


def alembic_config(connection: sa.Connection) -> Config:
    """Return the configuration that an `alembic.ini` would hold, bound to a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _exclusive(store: Store) -> Iterator[sa.Connection]:
    with store.housekeeping.connect() as connection:
        if store.dialect == "sqlite":
            # Straight on the driver: through SQLAlchemy it would open the transaction, in
            # which this setting has no effect.
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101  narrows the type
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")
        else:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").first()  # noqa: S608
    return None if row is None else str(row[0])


def _require_known(connection: sa.Connection, revision: str | None) -> None:
    if revision is None:
        if sa.inspect(connection).has_table("audit_head"):
            raise Refused("database_not_migrated")
        return
    if revision not in _chain():
        raise Refused("database_too_new", found=revision, newest=newest_revision())


def _chain() -> dict[str, str]:
    """Return revision → the one it stands on (empty for the first)."""
    chain = {}
    for path in sorted((MIGRATIONS / "versions").glob("[0-9]*_*.py")):
        names = dict(_NAMED.findall(path.read_text(encoding="utf-8")))
        chain[names["revision"]] = names.get("down_revision", "")
    return chain


def _require_whole(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise Refused("foreign_keys_broken", count=len(broken), tables=tables)
