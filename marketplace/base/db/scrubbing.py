"""Makes what is erased unreadable in the files as well, where the engine lets us.

PostgreSQL frees the old row with its next vacuum, and its log keeps it as long as it is kept.
"""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.db.engines import Store


def overwrite_freed(session: Session) -> None:
    """Have SQLite overwrite what this connection frees from now on."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def empty_log(store: Store) -> None:
    """Have SQLite move its log into the file and cut it: earlier pages stand in it.

    Who reads or writes meanwhile makes it stay; it goes with a later one.
    """
    if store.dialect != "sqlite":
        return
    connection = store.housekeeping.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
