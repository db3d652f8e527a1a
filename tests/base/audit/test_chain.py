from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.audit import verifier
from marketplace.base.audit.tables import AuditEntry, AuditHead
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, defer, read, unit_of_work, write
from marketplace.base.words import has_key
from tests.base.audit.conftest import Doer, Trail


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def rows(store: Store) -> list[AuditEntry]:
    with read(store) as session:
        found = session.execute(sa.select(AuditEntry).order_by(AuditEntry.seq)).scalars().all()
        session.expunge_all()
        return list(found)


def head(store: Store) -> tuple[int, str]:
    with read(store) as session:
        return tuple(session.execute(sa.select(AuditHead.seq, AuditHead.mac)).one())


def leave(session: Session, clock: FixedClock, subject: str, **given: object) -> None:
    audit.record(
        session, clock=clock, actor=Doer(), action="registry.edit", subject=subject, **given
    )


def test_the_mac_is_the_one_the_trust_document_describes(
    trail: Trail, audit_key: bytes
) -> None:
    trail.append(program="putian", operator_id=12, reason="营业执照核对无误", facts={"n": 3})
    (entry,) = rows(trail.store)
    payload = '{"facts":{"n":3},"reason":"营业执照核对无误"}'
    fields = (
        '{"action":"registry.admit_factory","actor_id":7,"actor_login":"chen",'
        '"actor_role":"officer","at":"2026-03-02T01:30:01.000000+00:00","operator_id":12,'
        f'"payload":{json.dumps(payload, ensure_ascii=False)},'
        '"program":"putian","subject":"factory:12"}'
    )
    message = b"0" * 64 + b"1" + hashlib.sha256(fields.encode()).digest()
    assert entry.payload == payload
    assert entry.mac == hmac.new(audit_key, message, hashlib.sha256).hexdigest()


def test_each_entry_points_to_the_one_before_and_the_head_to_the_last(trail: Trail) -> None:
    trail.append(3)
    first, second, third = rows(trail.store)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert [first.prev, second.prev, third.prev] == ["0" * 64, first.mac, second.mac]
    assert head(trail.store) == (3, third.mac)


def test_entries_of_one_unit_are_written_together_at_its_end(
    store: Store, clock: FixedClock
) -> None:
    with unit_of_work(store) as session:
        for number in range(4):
            leave(session, clock, f"factory:{number}")
        assert session.execute(sa.select(sa.func.count()).select_from(AuditEntry)).scalar() == 0
    assert [row.subject for row in rows(store)] == [f"factory:{n}" for n in range(4)]


def test_a_unit_that_fails_leaves_no_entry_and_no_gap(store: Store, clock: FixedClock) -> None:
    def fail(session: Session) -> None:
        leave(session, clock, "factory:1")
        raise LookupError

    with pytest.raises(LookupError):
        write(store, fail)
    write(store, lambda session: leave(session, clock, "factory:2"))
    assert [(row.seq, row.subject) for row in rows(store)] == [(1, "factory:2")]


def test_a_savepoint_that_rolls_back_takes_its_entries_with_it(
    store: Store, clock: FixedClock
) -> None:
    with unit_of_work(store) as session:
        leave(session, clock, "factory:1")
        outer = session.begin_nested()
        leave(session, clock, "factory:2")
        with session.begin_nested():
            leave(session, clock, "factory:3")
        outer.rollback()
        with session.begin_nested():
            leave(session, clock, "factory:4")
    assert [row.subject for row in rows(store)] == ["factory:1", "factory:4"]


def test_an_entry_left_by_what_runs_last_is_still_written(
    store: Store, clock: FixedClock
) -> None:
    with unit_of_work(store) as session:
        leave(session, clock, "factory:1")
        defer(session, "later", lambda s: leave(s, clock, "summary:1"))
    assert [(row.seq, row.subject) for row in rows(store)] == [
        (1, "factory:1"),
        (2, "summary:1"),
    ]


def test_a_later_change_by_the_caller_does_not_change_the_entry(
    store: Store, clock: FixedClock
) -> None:
    with unit_of_work(store) as session:
        after = {"name": "华亭鞋厂"}
        leave(session, clock, "factory:1", after=after)
        after["name"] = "别的鞋厂"
    assert json.loads(rows(store)[0].payload) == {"after": {"name": "华亭鞋厂"}}


def test_floats_are_refused_where_they_are_recorded(store: Store, clock: FixedClock) -> None:
    with unit_of_work(store) as session, pytest.raises(TypeError, match="float"):
        leave(session, clock, "factory:1", after={"rate": 0.1})


def test_personal_values_of_nobody_are_refused(store: Store, clock: FixedClock) -> None:
    with unit_of_work(store) as session, pytest.raises(ValueError, match="person"):
        leave(session, clock, "factory:1", personal={"phone": "13900000001"})


def test_nothing_is_appended_to_entries_without_a_head(trail: Trail) -> None:
    trail.append(2)
    with trail.store.writing.begin() as connection:
        trigger = "audit_head_no_delete"
        suffix = " ON audit_head" if trail.store.dialect == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}{suffix}")
        connection.exec_driver_sql("DELETE FROM audit_head")
    with pytest.raises(audit.BrokenChainError):
        trail.append()
    assert len(rows(trail.store)) == 2


def test_the_chain_of_either_engine_verifies_in_place_and_as_an_export(
    long_chain: Trail, audit_key: bytes
) -> None:
    report = audit.verify(long_chain.store, long_chain.anchors)
    assert (report.findings, report.entries, report.anchors) == ([], 30, 6)
    path = long_chain.folder / "chain.jsonl"
    assert audit.export_chain(long_chain.store, path) == 30
    exported = verifier.check_jsonl(path, audit_key)
    assert (exported.findings, exported.entries, exported.anchors) == ([], 30, 3)
    assert exported.head_mac == report.head_mac
    assert "139000000" not in path.read_text("utf-8")  # no phone leaves with it


@pytest.mark.parametrize("member", [*audit.Trouble, *audit.Disclosure])
def test_every_finding_and_disclosure_has_a_word_in_both_languages(
    member: audit.Trouble | audit.Disclosure,
) -> None:
    assert has_key(f"enum.{type(member).__name__}.{member.value}")
