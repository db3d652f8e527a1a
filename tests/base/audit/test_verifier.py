"""Every kind of tampering at random places, found by the verifier that stands alone."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.base import audit
from marketplace.base.audit import verifier
from marketplace.base.audit.verifier import Trouble
from tests.base.audit.conftest import Trail

SCRIPT = Path(verifier.__file__)
FIELDS = ["at", "actor_id", "actor_login", "actor_role", "action", "subject", "program",
          "operator_id", "payload"]  # fmt: skip
ZERO = "0" * 64


def run(*arguments: object) -> tuple[int, dict[str, object]]:
    """Run the script with nothing but the standard library in reach."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)],
        capture_output=True, text=True, cwd="/", check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else {}


def unlock(connection: sqlite3.Connection) -> None:
    """Remove what an owner of the database can remove: triggers."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")


def tampered(trail: Trail, change: Callable[[sqlite3.Connection], None]) -> None:
    trail.store.dispose()
    with closing(sqlite3.connect(trail.db)) as connection:
        unlock(connection)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        change(connection)
        connection.commit()


def checked(trail: Trail, key: bytes, *, anchored: bool = True) -> verifier.Report:
    anchors = verifier.read_anchors(trail.anchors) if anchored else []
    return verifier.check_sqlite(trail.db, key, anchors)


def rechain(connection: sqlite3.Connection, first: int, key: bytes) -> None:
    """Compute every link again from `first` on, and the head."""
    found = connection.execute(
        "SELECT mac FROM audit_entry WHERE seq < ? ORDER BY seq DESC LIMIT 1", (first,)
    ).fetchone()
    prev = found[0] if found else ZERO
    rows = connection.execute(
        f"SELECT seq, prev, {', '.join(FIELDS)}, mac FROM audit_entry WHERE seq >= ?"
        " ORDER BY seq", (first,)
    ).fetchall()  # fmt: skip
    connection.execute("UPDATE audit_entry SET prev = 'x' || seq WHERE seq >= ?", (first,))
    seq = first - 1
    for row in rows:
        entry = verifier.Entry(*row, None)
        mac = verifier.link(key, entry, prev)
        connection.execute(
            "UPDATE audit_entry SET prev = ?, mac = ? WHERE seq = ?", (prev, mac, entry.seq)
        )
        prev, seq = mac, entry.seq
    connection.execute("UPDATE audit_head SET seq = ?, mac = ?", (seq, prev))


def move_head_to_the_last(connection: sqlite3.Connection) -> None:
    last = connection.execute(
        "SELECT seq, mac FROM audit_entry ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    connection.execute("UPDATE audit_head SET seq = ?, mac = ?", last or (0, ZERO))


@pytest.fixture(params=range(4))
def place(request: pytest.FixtureRequest) -> int:
    """A place among the 30 entries, another each time the suite is changed to a new seed."""
    return random.Random(f"place {request.param}").randint(2, 28)


def test_an_untouched_chain_gives_no_alarm(long_chain: Trail, audit_key: bytes) -> None:
    report = checked(long_chain, audit_key)
    assert report.findings == []
    assert (report.entries, report.last_seq) == (30, 30)
    assert report.anchors == 6  # three in the file, the same three in the table


@pytest.mark.parametrize("field", FIELDS)
def test_an_edit_is_found_in_any_field(
    long_chain: Trail, audit_key: bytes, place: int, field: str
) -> None:
    new = {"at": "2026-01-01 00:00:00.000000", "actor_id": 8, "operator_id": 9}.get(field, "x")

    def edit(connection: sqlite3.Connection) -> None:
        connection.execute(f"UPDATE audit_entry SET {field} = ? WHERE seq = ?", (new, place))

    tampered(long_chain, edit)
    report = checked(long_chain, audit_key, anchored=False)
    assert report.first_bad_seq == place
    assert Trouble.ALTERED in {found.trouble for found in report.findings}


def test_an_edit_rechained_without_the_key_is_found_at_its_place(
    long_chain: Trail, audit_key: bytes, place: int
) -> None:
    def edit(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE audit_entry SET actor_login = 'nobody' WHERE seq = ?", (place,)
        )
        rechain(connection, place, b"a guess")

    tampered(long_chain, edit)
    assert checked(long_chain, audit_key).first_bad_seq == place


def test_an_edit_rechained_with_the_stolen_key_is_found_between_two_anchors(
    long_chain: Trail, audit_key: bytes, place: int
) -> None:
    def edit(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE audit_entry SET actor_login = 'nobody' WHERE seq = ?", (place,)
        )
        rechain(connection, place, audit_key)
        connection.execute("DELETE FROM audit_anchor")

    tampered(long_chain, edit)
    assert checked(long_chain, audit_key, anchored=False).is_intact  # why anchors are needed
    first = checked(long_chain, audit_key).findings[0]
    start = (place - 1) // 10 * 10 + 1  # anchors stand at 10, 20 and 30
    assert first == verifier.Finding(Trouble.REWRITTEN, start, start + 9)


def test_a_deleted_entry_is_found(long_chain: Trail, audit_key: bytes, place: int) -> None:
    tampered(long_chain, lambda c: c.execute("DELETE FROM audit_entry WHERE seq = ?", (place,)))
    report = checked(long_chain, audit_key, anchored=False)
    assert report.findings == [verifier.Finding(Trouble.MISSING, place, place)]


def test_a_deleted_entry_closed_up_is_found(
    long_chain: Trail, audit_key: bytes, place: int
) -> None:
    def remove(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_entry WHERE seq = ?", (place,))
        for seq in range(place + 1, 31):
            connection.execute(
                "UPDATE audit_entry SET seq = ?, id = ? WHERE seq = ?", (seq - 1, seq - 1, seq)
            )
        rechain(connection, place, b"a guess")

    tampered(long_chain, remove)
    assert checked(long_chain, audit_key, anchored=False).first_bad_seq == place


def test_a_cut_end_is_found_by_the_head(
    long_chain: Trail, audit_key: bytes, place: int
) -> None:
    tampered(long_chain, lambda c: c.execute("DELETE FROM audit_entry WHERE seq > ?", (place,)))
    report = checked(long_chain, audit_key, anchored=False)
    assert report.first_bad_seq == place + 1
    assert report.findings[0] == verifier.Finding(Trouble.CUT, place + 1, 30)


def test_a_cut_end_with_the_head_moved_is_found_by_the_anchors(
    long_chain: Trail, audit_key: bytes, place: int
) -> None:
    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_entry WHERE seq > ?", (place,))
        connection.execute("DELETE FROM audit_anchor")
        move_head_to_the_last(connection)

    tampered(long_chain, cut)
    assert checked(long_chain, audit_key, anchored=False).is_intact
    assert checked(long_chain, audit_key).findings == [
        verifier.Finding(Trouble.CUT, place + 1, 30)
    ]


def test_two_swapped_entries_are_found(long_chain: Trail, audit_key: bytes, place: int) -> None:
    def swap(connection: sqlite3.Connection) -> None:
        for old, new in ((place, -1), (place + 1, place), (-1, place + 1)):
            connection.execute(
                "UPDATE audit_entry SET seq = ?, id = ? WHERE seq = ?", (new, new, old)
            )

    tampered(long_chain, swap)
    assert checked(long_chain, audit_key, anchored=False).first_bad_seq == place


def test_an_inserted_entry_is_found(long_chain: Trail, audit_key: bytes, place: int) -> None:
    def insert(connection: sqlite3.Connection) -> None:
        for seq in range(30, place - 1, -1):
            connection.execute(
                "UPDATE audit_entry SET seq = ?, id = ? WHERE seq = ?", (seq + 1, seq + 1, seq)
            )
        forge(connection, place, place - 1)
        rechain(connection, place, b"a guess")

    tampered(long_chain, insert)
    assert checked(long_chain, audit_key, anchored=False).first_bad_seq == place


def forge(connection: sqlite3.Connection, seq: int, model: int) -> None:
    connection.execute(
        "INSERT INTO audit_entry (id, seq, prev, at, actor_login, actor_role, action, subject,"
        " payload, mac) SELECT ?, ?, hex(randomblob(32)), at, actor_login, actor_role, action,"
        " 'factory:99', '{}', lower(hex(randomblob(32))) FROM audit_entry WHERE seq = ?",
        (seq, seq, model),
    )


@pytest.mark.parametrize("seq", [0, -5])
def test_an_entry_before_the_first_is_found(
    long_chain: Trail, audit_key: bytes, seq: int
) -> None:
    tampered(long_chain, lambda c: forge(c, seq, 5))
    report = checked(long_chain, audit_key, anchored=False)
    assert report.findings == [verifier.Finding(Trouble.OUT_OF_PLACE, 1, 1)]


def test_a_forged_entry_at_the_end_is_found(long_chain: Trail, audit_key: bytes) -> None:
    tampered(long_chain, lambda c: forge(c, 31, 30))
    found = checked(long_chain, audit_key, anchored=False).findings
    assert [(f.trouble, f.seq) for f in found] == [
        (Trouble.UNLINKED, 31),
        (Trouble.BEYOND_HEAD, 31),
    ]


def test_a_forged_entry_with_link_and_head_set_is_found(
    long_chain: Trail, audit_key: bytes
) -> None:
    def append(connection: sqlite3.Connection) -> None:
        forge(connection, 31, 30)
        rechain(connection, 31, b"a guess")

    tampered(long_chain, append)
    (found,) = checked(long_chain, audit_key).findings
    assert found == verifier.Finding(Trouble.ALTERED, 31, 31)


def test_an_emptied_table_is_found(long_chain: Trail, audit_key: bytes) -> None:
    tampered(long_chain, lambda c: c.execute("DELETE FROM audit_entry"))
    report = checked(long_chain, audit_key, anchored=False)
    assert report.findings[0] == verifier.Finding(Trouble.CUT, 1, 30)


def test_an_emptied_chain_with_its_head_reset_is_found_by_the_anchors(
    long_chain: Trail, audit_key: bytes
) -> None:
    def empty(connection: sqlite3.Connection) -> None:
        for table in ("audit_detail", "audit_entry", "audit_anchor", "person_key"):
            connection.execute(f"DELETE FROM {table}")
        move_head_to_the_last(connection)

    tampered(long_chain, empty)
    assert checked(long_chain, audit_key).findings == [verifier.Finding(Trouble.CUT, 1, 30)]


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "audit_detail"])
def test_a_dropped_table_is_found(long_chain: Trail, audit_key: bytes, table: str) -> None:
    tampered(long_chain, lambda c: c.execute(f"DROP TABLE {table}"))
    (found,) = checked(long_chain, audit_key).findings
    assert found.trouble is Trouble.UNREADABLE


def test_a_removed_and_a_changed_head_are_found(long_chain: Trail, audit_key: bytes) -> None:
    tampered(long_chain, lambda c: c.execute("UPDATE audit_head SET mac = ?", ("f" * 64,)))
    (found,) = checked(long_chain, audit_key, anchored=False).findings
    assert found == verifier.Finding(Trouble.HEAD_ALTERED, 30, 30)
    tampered(long_chain, lambda c: c.execute("DELETE FROM audit_head"))
    (found,) = checked(long_chain, audit_key, anchored=False).findings
    assert found == verifier.Finding(Trouble.HEAD_GONE, 31, 31)


def test_an_older_backup_put_back_is_found_by_the_anchors(
    long_chain: Trail, audit_key: bytes
) -> None:
    long_chain.store.dispose()
    backup = long_chain.folder / "backup.db"
    with (
        closing(sqlite3.connect(long_chain.db)) as old,
        closing(sqlite3.connect(backup)) as new,
    ):
        old.backup(new)
    long_chain.append(7)
    long_chain.anchor()  # at 37
    long_chain.store.dispose()
    for suffix in ("-wal", "-shm"):
        long_chain.db.with_name(long_chain.db.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(backup, long_chain.db)
    assert checked(long_chain, audit_key, anchored=False).is_intact
    assert checked(long_chain, audit_key).findings == [verifier.Finding(Trouble.CUT, 31, 37)]
    long_chain.append(9, subject="factory:77")  # work goes on after the restore, up to 39
    assert checked(long_chain, audit_key).findings == [
        verifier.Finding(Trouble.REWRITTEN, 31, 37)
    ]
    assert audit.verify(long_chain.store, long_chain.anchors).first_bad_seq == 31


def test_changed_and_missing_personal_values_are_found(
    long_chain: Trail, audit_key: bytes
) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit_detail SET ciphertext = 'x' WHERE seq = 10")
        connection.execute("DELETE FROM audit_detail WHERE seq = 25")

    tampered(long_chain, change)
    found = checked(long_chain, audit_key).findings
    assert [(f.trouble, f.seq) for f in found] == [
        (Trouble.DETAIL_ALTERED, 10),
        (Trouble.DETAIL_MISSING, 25),
    ]


def test_a_forged_anchor_is_told_apart_from_a_changed_chain(
    long_chain: Trail, audit_key: bytes
) -> None:
    tampered(
        long_chain,
        lambda c: c.execute("UPDATE audit_anchor SET mac = ? WHERE seq = 20", (ZERO,)),
    )
    (found,) = checked(long_chain, audit_key).findings
    assert found == verifier.Finding(Trouble.ANCHOR_FORGED, 20, 20)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pick=st.data())
def test_any_value_changed_anywhere_is_found_at_its_place(
    long_chain: Trail, audit_key: bytes, pick: st.DataObject
) -> None:
    long_chain.store.dispose()
    copy = long_chain.folder / "copy.db"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(long_chain.db)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
        unlock(new)
        place = pick.draw(st.integers(1, 30))
        field = pick.draw(st.sampled_from([*FIELDS, "mac", "prev"]))
        before = new.execute(
            f"SELECT {field} FROM audit_entry WHERE seq = ?", (place,)
        ).fetchone()[0]
        value = pick.draw(
            st.one_of(st.text(max_size=20), st.integers(-5, 50), st.binary(max_size=5))
            .filter(lambda new_value: str(new_value) != str(before))
        )  # fmt: skip
        new.execute(f"UPDATE audit_entry SET {field} = ? WHERE seq = ?", (value, place))
        new.commit()
    assert verifier.check_sqlite(copy, audit_key).first_bad_seq == place


def test_the_script_stands_alone_and_its_exit_code_tells(
    long_chain: Trail, audit_key: bytes
) -> None:
    code, told = run(
        "--db", long_chain.db, "--key", long_chain.key, "--anchors", long_chain.anchors
    )
    assert (code, told["intact"], told["entries"], told["anchors"]) == (0, True, 30, 6)
    tampered(long_chain, lambda c: c.execute("DELETE FROM audit_entry WHERE seq = 17"))
    code, told = run("--db", long_chain.db, "--key", long_chain.key)
    assert (code, told["intact"], told["first_bad_seq"]) == (1, False, 17)
    assert told["findings"] == [{"trouble": "missing", "seq": 17, "until_seq": 17}]
    assert run("--db", long_chain.folder / "none.db", "--key", long_chain.key)[0] == 2
    assert run("--db", long_chain.db, "--key", long_chain.anchors)[0] == 2
    assert run("--key", long_chain.key)[0] == 2


def test_the_script_reads_a_database_that_is_being_written(long_chain: Trail) -> None:
    with long_chain.store.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET seq = seq")
        code, told = run("--db", long_chain.db, "--key", long_chain.key)
    assert (code, told["entries"]) == (0, 30)


def test_the_verifier_writes_nothing(long_chain: Trail) -> None:
    long_chain.store.dispose()
    before = long_chain.db.read_bytes()
    run("--db", long_chain.db, "--key", long_chain.key)
    assert long_chain.db.read_bytes() == before


def test_a_digest_from_paper_serves_as_an_anchor(long_chain: Trail, audit_key: bytes) -> None:
    printed = audit.printed_digest(long_chain.anchor())
    assert printed.startswith("30-")
    assert len(printed.replace(" ", "")) == 35  # "30-" and 32 digits
    arguments = ("--db", long_chain.db, "--key", long_chain.key, "--printed")
    assert run(*arguments, printed)[0] == 0
    tampered(
        long_chain,
        lambda c: (
            c.execute("UPDATE audit_entry SET subject = 'factory:1' WHERE seq = 30"),
            rechain(c, 30, audit_key),
            c.execute("DELETE FROM audit_anchor"),
        ),
    )
    assert run(*arguments[:4])[0] == 0
    code, told = run(*arguments, printed)
    assert (code, told["findings"]) == (
        1,
        [{"trouble": "rewritten", "seq": 1, "until_seq": 30}],
    )


def test_an_export_verifies_like_the_database(long_chain: Trail, audit_key: bytes) -> None:
    path = long_chain.folder / "chain.jsonl"
    assert audit.export_chain(long_chain.store, path) == 30
    arguments = ("--jsonl", path, "--key", long_chain.key, "--anchors", long_chain.anchors)
    code, told = run(*arguments)
    assert (code, told["entries"], told["anchors"]) == (0, 30, 6)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:12], *lines[13:]]), "utf-8")  # line 13 holds entry 12
    code, told = run(*arguments)
    assert (code, told["first_bad_seq"]) == (1, 12)
    path.write_text("{}\n", "utf-8")
    assert run(*arguments)[0] == 2


def test_the_running_product_verifies_itself(long_chain: Trail) -> None:
    report = audit.verify(long_chain.store, long_chain.anchors)
    assert (report.is_intact, report.entries, report.anchors) == (True, 30, 6)


def test_a_line_torn_by_a_crash_spoils_no_other_anchor(long_chain: Trail) -> None:
    with long_chain.anchors.open("a", encoding="utf-8") as file:
        file.write('{"seq": 30, "ma')
    long_chain.anchor()
    assert [a.seq for a in verifier.read_anchors(long_chain.anchors)] == [10, 20, 30, 30]
    assert audit.verify(long_chain.store, long_chain.anchors).is_intact
