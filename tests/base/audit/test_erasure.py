from __future__ import annotations

import pytest
import sqlalchemy as sa

from marketplace.base import audit
from marketplace.base.audit.tables import AuditDetail, AuditEntry, PersonKey
from marketplace.base.db import read, unit_of_work
from marketplace.base.errors import NotFound
from tests.base.audit.conftest import Doer, Trail


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


PHONE = "13912345678"


def erase(trail: Trail, person: str) -> int:
    with unit_of_work(trail.store) as session:
        return audit.erase_person(
            session, clock=trail.clock, actor=Doer(), person=person, reason="本人申请"
        )


def newest(trail: Trail, *, subject: str, reveal: bool) -> audit.EntryRow:
    with read(trail.store) as session:
        return audit.list_entries(session, subject=subject, reveal=reveal)[0]


@pytest.fixture
def sealed(trail: Trail) -> Trail:
    given = {"personal": {"phone": ["13800000000", PHONE]}, "person": "operator:12"}
    trail.append(2, **given)
    trail.append(1, subject="factory:40", personal={"name": "林某"}, person="operator:40")
    return trail


def test_personal_values_are_nowhere_in_the_tables_in_clear(sealed: Trail) -> None:
    with read(sealed.store) as session:
        for table in (AuditEntry, AuditDetail, PersonKey):
            for row in session.execute(sa.select(table)).scalars():
                assert PHONE not in repr(row.model_dump())


def test_equal_values_have_different_commitments(sealed: Trail) -> None:
    with read(sealed.store) as session:
        first, second = session.execute(
            sa.select(AuditEntry.payload).where(AuditEntry.subject == "factory:12")
        ).scalars()
    assert first != second


def test_personal_values_are_sealed_until_asked_for(sealed: Trail) -> None:
    (kept,) = newest(sealed, subject="factory:12", reveal=False).changes
    assert kept == audit.Change("phone", None, None, audit.Disclosure.SEALED)
    (shown,) = newest(sealed, subject="factory:12", reveal=True).changes
    assert shown == audit.Change("phone", "13800000000", PHONE, audit.Disclosure.REVEALED)


def test_an_erased_person_is_beyond_reach_and_the_chain_still_verifies(sealed: Trail) -> None:
    assert erase(sealed, "operator:12") == 2  # two entries held values of this person
    for reveal in (False, True):
        (gone,) = newest(sealed, subject="factory:12", reveal=reveal).changes
        assert gone == audit.Change("phone", None, None, audit.Disclosure.ERASED)
    (other,) = newest(sealed, subject="factory:40", reveal=True).changes
    assert other == audit.Change("name", None, "林某", audit.Disclosure.REVEALED)
    entry = newest(sealed, subject="operator:12", reveal=False)
    assert (entry.action, entry.reason) == ("audit.erase_person", "本人申请")
    report = audit.verify(sealed.store)
    assert (report.findings, report.entries) == ([], 4)


def test_a_person_erased_before_has_nothing_left_to_erase(sealed: Trail) -> None:
    erase(sealed, "operator:12")
    with pytest.raises(NotFound) as refused:
        erase(sealed, "operator:12")
    assert refused.value.code == "no_personal_values"


def test_what_is_learned_after_an_erasure_has_a_key_of_its_own(sealed: Trail) -> None:
    erase(sealed, "operator:12")
    sealed.append(personal={"phone": "13700000000"}, person="operator:12")
    with read(sealed.store) as session:
        found = audit.list_entries(session, subject="factory:12", reveal=True)
    assert [entry.changes[0].disclosure.value for entry in found] == [
        "revealed",
        "erased",
        "erased",
    ]
    assert audit.verify(sealed.store).is_intact


def test_a_key_destroyed_behind_the_trail_is_found(sealed: Trail) -> None:
    with sealed.store.writing.begin() as connection:
        connection.execute(
            sa.update(PersonKey)
            .where(PersonKey.person == "operator:40")
            .values(wrapped=None, erased_at=sealed.clock.now())
        )
    (found,) = audit.verify(sealed.store).findings
    assert (found.trouble, found.seq) == (audit.Trouble.KEY_DESTROYED, 3)
