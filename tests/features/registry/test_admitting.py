"""Rows of a list that are taken together end exactly as they would one by one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import unit_of_work
from marketplace.base.errors import MarketplaceError, NotAllowed
from marketplace.features.registry import commands as registry
from marketplace.features.registry.commands import RecordOutcome
from marketplace.features.registry.commands.factories import values_of
from marketplace.features.registry.tables import Factory, FieldValue, Operator
from tests.features.conftest import World
from tests.features.scene import uscc


def row(name="（虚构）甲鞋厂", code: str | None = uscc(1), **more):
    return {"name": name, "uscc": code, "address": "莆田市荔城区甲路1号", **more}


def record(session, world, rows, *, source="工信局", actor=None):
    return registry.record_factories(
        session,
        world.rulebook,
        clock=world.clock,
        actor=actor or world.officer,
        rows=rows,
        source=source,
    )


def one_by_one(session, world, rows, source, done):
    """Give the rows that are left to the command for one row; return number → outcome."""
    told = {number: one.recorded.outcome.value for number, one in done.items()}
    for number, values in rows.items():
        if number in told:
            continue
        try:
            with session.begin_nested():
                made = registry.record_factory(
                    session,
                    world.rulebook,
                    clock=world.clock,
                    actor=world.officer,
                    values=values,
                    source=source,
                )
                told[number] = made.outcome.value
        except MarketplaceError as error:
            told[number] = error.code
    return told


def register(session):
    """What the register holds, without the numbers of its rows and how often each was written."""
    session.flush()
    session.expire_all()
    values = Counter()
    names = {}
    for operator, factory in session.execute(
        select(Operator, Factory).join(Factory, Factory.operator_id == Operator.id)
    ):
        fields = values_of(factory, operator)
        key = tuple(sorted((f, str(v)) for f, v in fields.items()))
        names["operator", operator.key] = names["factory", factory.key] = (
            *key, factory.status.value, operator.name_fold, factory.name_fold,
        )  # fmt: skip
    for said in session.execute(select(FieldValue)).scalars():
        place = names[said.entity.value, said.entity_id]
        values[place, said.field, said.value, said.source, said.status.value] += 1
    return Counter(names[k] for k in names if k[0] == "factory"), values


def trail(session):
    """What waits for the chain, but for the numbers of factories and operators."""
    waiting = session.info.get("audit_pending", [])
    return Counter(
        (one.fields["action"], repr(sorted(one.content.items())), repr(one.personal))
        for one in waiting
    )


class _Undone(Exception):
    pass


def tried(world, files, *, together: bool):
    """Take some files in and roll everything back; return what they came to."""
    found = None
    try:
        with unit_of_work(world.app.store) as session:
            told = []
            for source, some in files:
                rows = dict(enumerate(some, start=2))
                done = record(session, world, rows, source=source) if together else {}
                told.append(one_by_one(session, world, rows, source, done))
            events = Counter(type(e).__name__ for e in session.info["events"])
            found = told, register(session), trail(session), events
            raise _Undone
    except _Undone:
        return found


rows_of_a_file = st.lists(
    st.builds(
        dict,
        name=st.sampled_from(["（虚构）甲鞋厂", "（虚构）乙鞋厂", "（虚构）丙鞋厂", ""]),
        uscc=st.sampled_from([None, uscc(1), uscc(2), uscc(3), "9135030"]),
        address=st.sampled_from([None, "莆田市荔城区甲路1号", "莆田市涵江区乙路2号"]),
        phone=st.sampled_from([None, "13100000001", "13100000002"]),
        staff=st.sampled_from([None, 8, 9]),
    ),
    max_size=5,
)
files = st.lists(st.tuples(st.sampled_from(["工信局", "市监局"]), rows_of_a_file), max_size=4)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=files)
def test_rows_taken_together_end_as_they_would_one_by_one(world: World, files):
    many, single = (tried(world, files, together=t) for t in (True, False))
    assert many == single


def test_new_firms_are_admitted_at_once_with_values_sources_and_entries(world: World, tmp_path):
    rows = {
        2: row(phone="13100000001", staff=8),
        3: row("（虚构）无码鞋厂", None, address="莆田市涵江区乙路2号"),
    }
    done = world.do(lambda s: record(s, world, rows))

    assert [one.recorded.outcome for one in done.values()] == [
        RecordOutcome.INSERTED,
        RecordOutcome.DRAFT,
    ]
    # Name, code, address, phone, staff and the district the address tells: 6; without the
    # code, phone and staff: 3. Operator and factory come first.
    assert [len(one.inserted) for one in done.values()] == [2 + 6, 2 + 3]
    kept = world.see(audit.list_entries)
    assert Counter(e.action for e in kept) == {"registry.record_factory": 2}
    assert audit.verify(world.app.store, tmp_path / "none.jsonl").is_intact


def test_a_known_firm_that_says_nothing_new_is_left_alone(world: World):
    world.do(lambda s: record(s, world, {2: row(staff=8)}))
    kept = len(world.see(audit.list_entries))
    with unit_of_work(world.app.store) as session:
        again = record(session, world, {7: row(staff=8)})
        assert not session.new
        assert not session.dirty
    assert again[7].recorded.outcome is RecordOutcome.UNCHANGED
    assert again[7].inserted == ()
    assert len(world.see(audit.list_entries)) == kept


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({2: row(staff=9)}, "a known firm says something new"),
        ({2: row(code=uscc(2))}, "another code under a known name"),
        (
            {2: row("（虚构）乙鞋厂", uscc(2)), 3: row("（虚构）乙鞋厂", uscc(3))},
            "a name twice",
        ),
        (
            {2: row("（虚构）乙鞋厂", uscc(2)), 3: row("（虚构）丙鞋厂", uscc(2))},
            "a code twice",
        ),
        ({2: row("（虚构）乙鞋厂", "9135030")}, "a faulty code"),
        ({2: row("", uscc(2))}, "no name"),
    ],
)
def test_what_is_open_about_a_row_is_left_to_be_decided_by_itself(world: World, rows, why):
    world.do(lambda s: record(s, world, {2: row(staff=8)}))
    with unit_of_work(world.app.store) as session:
        assert record(session, world, rows) == {}, why


def test_only_who_may_record_a_firm_may_record_many(world: World):
    with pytest.raises(NotAllowed):
        world.do(lambda s: record(s, world, {2: row()}, actor=world.marketer))
