"""A PostgreSQL server for one test session, and databases that are handed on when they are clean.

Making a database copies some nine hundred files and leaving it costs as many again: a test that
is done hands its database on, emptied, unless it changed more than rows. What fills and empties it
keeps its connection: a new one is a new process, which learns every table anew.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

TEMPLATE = "template_schema"
_VACUUMED_FROM = 16  # pages: a table that grew past it gives its space back

# Everything that makes two schemas differ, in one number.
_SHAPE = """
SELECT hashtextextended(string_agg(word, ' ' ORDER BY word), 0) FROM (
  SELECT concat(relname, relkind) AS word FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat(tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat(conrelid::regclass, conname, convalidated) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat(relname, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped
  UNION ALL SELECT concat(proname, prosrc) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
) AS words
"""
# That number costs 16 ms to make, as much as all else between two tests: it is made anew only where
# a command changed a definition since it was made, which each database counts.
_WATCH = """
CREATE SCHEMA watch;
CREATE SEQUENCE watch.changes;
CREATE FUNCTION watch.count() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM nextval('watch.changes'); END $$;
CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watch.count();
ALTER EVENT TRIGGER watching ENABLE ALWAYS;
"""
_CHANGES = "SELECT last_value + is_called::int FROM watch.changes"
_OTHERS = """
SELECT count(*) FILTER (WHERE state = 'idle') - {kept} + 1000 * count(*) FILTER (WHERE state <> 'idle')
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
WRITTEN = """
SELECT relname, pg_relation_size(oid) / 8192 FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
COUNTED = """
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def postgres_bin() -> Path | None:
    """Return the folder of the PostgreSQL binaries, or None."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    which = shutil.which("pg_ctl")
    if which:
        candidates.append(Path(which).resolve().parent)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the folder of its socket, and its port."""

    folder: str
    port: int

    def url(self, name: str) -> str:
        """Return the address of a database; by its socket a question takes a quarter less."""
        host = quote(self.folder, safe="")
        return f"postgresql://postgres@/{name}?host={host}&port={self.port}"

    def url_over_network(self, name: str) -> str:
        """Return the address that an installation on another machine would have."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"


@contextmanager
def serving(binaries: Path) -> Iterator[Server]:
    """Run a server for as long as the block takes."""
    folder = tempfile.mkdtemp(prefix="pg")
    if _is_root():
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _as_postgres(
        f"{binaries}/initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust",
        "-E", "UTF8", "--no-sync",
    )  # fmt: skip
    # Nothing of it outlives the session: no write is awaited, nothing is vacuumed or checkpointed.
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
        " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
        " -c max_wal_size=8GB -c checkpoint_timeout=1h"
    )
    _as_postgres(
        f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options,
        "start",
    )  # fmt: skip
    try:
        yield Server(folder, port)
    finally:
        _as_postgres(f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        # Some ten thousand files: nobody has to wait until they are gone.
        subprocess.Popen(["rm", "-rf", folder], start_new_session=True)


@dataclass(slots=True)
class Databases:
    """The databases of one server that hold the empty schema.

    The template of that name is on the server already. `keys` is the folder of the keys it was
    made with.
    """

    server: Server
    keys: Path
    _clean: list[str] = field(default_factory=list)
    _made: int = 0
    _shape: int = 0
    _changes: dict[str, int] = field(default_factory=dict)  # database → when it had that shape

    def __post_init__(self) -> None:
        with self._open(TEMPLATE) as connection:
            connection.execute(_WATCH)
            self._shape = _number(connection, _SHAPE)
            self._changes[TEMPLATE] = _number(connection, _CHANGES)
            assert not connection.execute(
                WRITTEN
            ).fetchall()  # empty is what emptied ones equal

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return self.server.url(name)

    def take(self) -> str:
        """Return the name of a database nobody uses."""
        if self._clean:
            return self._clean.pop()
        self._made += 1
        name = f"t{os.getpid()}_{self._made}"
        with self._open("postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )
        return name

    def give_back(self, name: str, *, kept: int = 0) -> None:
        """Empty a database for the next; one that is still in use or changed shape is left.

        `kept` connections stay, idle, for who takes it next.
        """
        url = self.url(name)
        hand = hand_on(url)
        if _is_used(hand, kept) or self._has_changed(hand, name):
            _hands.pop(url).close()
            return
        written = hand.execute(WRITTEN).fetchall()
        emptying = [
            sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table, _ in written
        ]
        emptying += [
            sql.SQL("SELECT setval({}::regclass, 1, false)").format(counter)
            for counter, _ in hand.execute(COUNTED).fetchall()
        ]
        if emptying:
            hand.execute(sql.SQL("; ").join(emptying))  # sent as one, so it is one transaction
        for table, pages in written:
            if pages >= _VACUUMED_FROM:
                hand.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
        self._clean.append(name)

    def _has_changed(self, hand: psycopg.Connection, name: str) -> bool:
        changes = _number(hand, _CHANGES)
        if changes == self._changes.get(name, self._changes[TEMPLATE]):
            return False
        self._changes[name] = changes
        return _number(hand, _SHAPE) != self._shape

    def _open(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.url(name), autocommit=True)


_hands: dict[str, psycopg.Connection] = {}


def hand_on(url: str) -> psycopg.Connection:
    """Return the connection that fills and empties a database; it minds no trigger and no key."""
    if url not in _hands:
        _hands[url] = psycopg.connect(url, autocommit=True)
        _hands[url].execute("SET session_replication_role = replica")
    return _hands[url]


def _is_used(hand: psycopg.Connection, kept: int) -> bool:
    """Whether others stay connected; who has just gone may still be seen for a moment."""
    for _ in range(100):
        if not _number(hand, _OTHERS.format(kept=kept)):
            return False
        time.sleep(0.002)
    return True


def _number(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_postgres(*command: str) -> None:
    """initdb refuses root: drop to nobody."""
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if _is_root() else {}
    subprocess.run(
        command,
        check=True,
        cwd="/tmp",
        stdout=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"},
        **who,
    )
