"""An import that was cut short goes on or is taken back; a second sender of the file is told so."""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import metadata
from marketplace.base.errors import Conflict, Fault, Invalid, Refused
from marketplace.exchange.importing import (
    ImportRequest,
    change_saved_columns,
    list_saved_columns,
    run_import,
    running,
    undo_import,
)
from marketplace.exchange.kinds import ImportKind
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import FactoryStatus, ImportStatus, ValueStatus
from marketplace.features.registry.queries import (
    list_conflicts,
    list_drafts,
    list_import_batches,
    list_settled_conflicts,
)
from marketplace.features.registry.tables import Factory, FieldValue, ImportMapping, ImportRow
from tests.exchange.builders import uscc, xlsx
from tests.exchange.test_stated import book
from tests.features.conftest import PROGRAM

HEADING = ["企业名称", "统一社会信用代码", "地址", "联系电话", "年产能（万双）"]
CONTENT = xlsx(
    [HEADING]
    + [
        [f"（虚构）莆田市{n}号鞋厂", uscc(n), f"莆田市荔城区甲路{n}号", "13100000001", 12]
        for n in range(1, 8)
    ]
)


class Killed(BaseException):
    """What a killed process leaves: nothing after it runs."""


@pytest.fixture
def portions(monkeypatch):
    """Two rows a unit of work, so that seven rows take four."""
    monkeypatch.setattr(running, "ROWS_PER_UNIT", 2)


def send(world, *, content=CONTENT, name="工信局_名单.xlsx", killed_after=None, **options):
    def progress(done: int, _total: int) -> None:
        if killed_after is not None and done >= killed_after:
            raise Killed

    return run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(ImportKind.FACTORIES, content, name, **options),
        clock=world.clock,
        actor=world.officer,
        progress=progress,
    )


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def batches(world):
    return world.see(lambda s: list_import_batches(s, world.officer, program=PROGRAM))


def outcomes(result):
    return [line.outcome.value for line in result.lines]


@pytest.mark.usefixtures("portions")
def test_a_killed_import_goes_on_where_it_stopped_and_doubles_nothing(world):
    with pytest.raises(Killed):
        send(world, killed_after=4)
    (batch,) = batches(world)
    assert (batch.status, batch.counts) == (ImportStatus.RUNNING, {"inserted": 4})
    assert len(rows_of(world, Factory)) == 4
    world.clock.advance(minutes=3)  # nobody holds it any more
    done = send(world)
    assert outcomes(done) == ["inserted"] * 7
    assert done.batch_id == batch.number
    assert len(rows_of(world, Factory)) == len(rows_of(world, ImportRow)) == 7
    assert [b.status for b in batches(world)] == [ImportStatus.FINISHED]
    assert outcomes(send(world)) == ["unchanged"] * 7


@pytest.mark.usefixtures("portions")
def test_a_killed_import_can_be_taken_back_instead(world):
    with pytest.raises(Killed):
        send(world, killed_after=4)
    number = batches(world)[0].number
    world.clock.advance(minutes=3)
    result = undo_import(
        world.app.store,
        batch_id=number,
        clock=world.clock,
        actor=world.officer,
        reason="没有导完，不要了",
    )
    assert result.counts["taken_back"] == 4
    assert {f.status for f in rows_of(world, Factory)} == {FactoryStatus.ARCHIVED}
    assert outcomes(send(world)) == ["inserted"] * 7


@pytest.mark.usefixtures("portions")
def test_the_second_sender_of_the_same_file_is_told_that_it_is_being_taken_in(world):
    with pytest.raises(Killed):
        send(world, killed_after=2)
    with pytest.raises(Refused, match="import_busy") as busy:
        send(world)
    # The first unit holds two of seven rows.
    assert (busy.value.facts["done"], busy.value.facts["total"]) == (2, 7)
    assert len(rows_of(world, Factory)) == 2
    with pytest.raises(Refused, match="import_busy"):
        undo_import(
            world.app.store,
            batch_id=batches(world)[0].number,
            clock=world.clock,
            actor=world.officer,
            reason="别人正在导入",
        )


@pytest.mark.usefixtures("portions")
def test_who_was_believed_gone_and_comes_back_stops_and_doubles_nothing(world):
    """The first sender sleeps past its lease; the second finishes; the first may write no more."""

    def overtaken(done: int, _total: int) -> None:
        if done == 2:
            world.clock.advance(minutes=3)
            send(world)

    with pytest.raises(Conflict, match="import_taken_over"):
        run_import(
            world.app.store,
            world.rulebook,
            ImportRequest(ImportKind.FACTORIES, CONTENT, "工信局_名单.xlsx"),
            clock=world.clock,
            actor=world.officer,
            progress=overtaken,
        )
    assert len(rows_of(world, Factory)) == len(rows_of(world, ImportRow)) == 7
    assert [b.status for b in batches(world)] == [ImportStatus.FINISHED]


@pytest.mark.usefixtures("portions")
def test_an_import_cut_short_does_not_go_on_with_other_columns(world):
    with pytest.raises(Killed):
        send(world, killed_after=2)
    world.clock.advance(minutes=3)
    with pytest.raises(Refused, match="import_unfinished"):
        send(world, overrides={"capacity_pairs_per_year": ""})


@pytest.mark.usefixtures("portions")
def test_an_import_cut_short_does_not_go_on_with_another_sheet(world):
    lists = [
        (
            f"表{sheet}",
            [
                HEADING,
                *(
                    [f"（虚构）{sheet}{n}号鞋厂", uscc(10 * sheet + n), "莆田市荔城区"]
                    for n in range(3)
                ),
            ],
        )
        for sheet in (1, 2)
    ]
    content = book(*lists)
    with pytest.raises(Killed):
        send(world, content=content, sheet="表1", killed_after=2)
    world.clock.advance(minutes=3)
    with pytest.raises(Refused, match="import_unfinished"):
        send(world, content=content, sheet="表2")
    assert outcomes(send(world, content=content, sheet="表1")) == ["inserted"] * 3
    assert outcomes(send(world, content=content, sheet="表2")) == ["inserted"] * 3


def test_a_trial_writes_to_no_table_at_all(world):
    def everything():
        return world.see(
            lambda s: {t.name: s.execute(t.select()).fetchall() for t in metadata.sorted_tables}
        )

    before = everything()
    tried = run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(ImportKind.FACTORIES, CONTENT, "工信局_名单.xlsx"),
        clock=world.clock,
        actor=world.officer,
        dry_run=True,
    )
    assert outcomes(tried) == ["inserted"] * 7
    assert everything() == before


def one(code, *, capacity=12, phone="13100000001"):
    return xlsx([HEADING, ["（虚构）甲鞋厂", code, "莆田市荔城区甲路1号", phone, capacity]])


def test_a_choice_between_sources_can_be_made_again(world):
    send(world, content=one(uscc(1), capacity=12), name="工信局.xlsx")
    send(world, content=one(uscc(1), capacity=20), name="市监局.xlsx")
    (conflict,) = world.see(lambda s: list_conflicts(s, world.officer, program=PROGRAM))

    def do(command, **facts):
        world.do(
            lambda s: command(
                s, clock=world.clock, actor=world.officer, value_id=conflict.value_id, **facts
            )
        )

    do(registry.settle_conflict, take=True, reason="以市监局登记为准")
    assert rows_of(world, Factory)[0].capacity_pairs_per_year == 200_000
    (settled,) = world.see(lambda s: list_settled_conflicts(s, world.officer, program=PROGRAM))
    assert settled.value_id == conflict.value_id
    with pytest.raises(Refused, match="reason_missing"):
        do(registry.reopen_conflict, reason="")
    do(registry.reopen_conflict, reason="营业执照另有说法")
    assert rows_of(world, Factory)[0].capacity_pairs_per_year == 120_000
    (again,) = world.see(lambda s: list_conflicts(s, world.officer, program=PROGRAM))
    assert (again.value, again.current, again.current_source) == ("200000", "120000", "工信局")
    actions = [e.action for e in world.see(audit.list_entries)][:2]
    assert actions == ["registry.reopen_conflict", "registry.settle_conflict"]


def test_phones_that_disagree_are_shown_masked(world):
    send(world, content=one(uscc(1), phone="13100000001"), name="工信局.xlsx")
    send(world, content=one(uscc(1), phone="13100000009"), name="市监局.xlsx")
    (conflict,) = world.see(lambda s: list_conflicts(s, world.officer, program=PROGRAM))
    assert (conflict.current, conflict.value) == ("131****0001", "131****0009")


def test_a_draft_waits_until_its_code_is_there_and_an_archived_one_stays_away(world):
    send(world, content=one(None), name="工信局.xlsx")
    (draft,) = world.see(lambda s: list_drafts(s, world.officer, program=PROGRAM))
    assert (draft.name, draft.source) == ("（虚构）甲鞋厂", "工信局")
    world.do(
        lambda s: registry.archive_factory(
            s,
            clock=world.clock,
            actor=world.officer,
            factory_id=draft.factory_id,
            reason="不是企业",
        )
    )
    assert world.see(lambda s: list_drafts(s, world.officer, program=PROGRAM)) == []
    again = send(world, content=one(None), name="工信局.xlsx")
    told = again.lines[0]
    assert (told.outcome.value, told.code) == ("unchanged", "row_archived")
    # With its code it is a firm after all.
    assert outcomes(send(world, content=one(uscc(1)), name="工信局.xlsx")) == ["inserted"]


def test_remembered_columns_are_changed_or_forgotten(world):
    send(world)

    def change(columns):
        world.do(
            lambda s: change_saved_columns(
                s, clock=world.clock, actor=world.officer, number=kept.number, columns=columns
            )
        )

    (kept,) = world.see(lambda s: list_saved_columns(s, world.officer, program=PROGRAM))
    assert kept.columns["name"] == "企业名称"
    with pytest.raises(Invalid) as twice:
        change({"name": "企业名称", "note": "企业名称", "nonsense": "甲"})
    assert twice.value.faults == (
        Fault("nonsense", "field_unknown"),
        Fault("note", "column_used_twice", {"heading": "企业名称"}),
    )
    change({"name": "企业名称", "uscc": ""})
    (fewer,) = world.see(lambda s: list_saved_columns(s, world.officer, program=PROGRAM))
    assert fewer.columns == {"name": "企业名称"}
    change({})
    assert rows_of(world, ImportMapping) == []


def test_what_a_source_said_and_was_taken_back_no_longer_disagrees(world):
    send(world, content=one(uscc(1), capacity=12), name="工信局.xlsx")
    done = send(world, content=one(uscc(1), capacity=20), name="市监局.xlsx")
    undo_import(
        world.app.store,
        batch_id=done.batch_id,
        clock=world.clock,
        actor=world.officer,
        reason="传错了文件",
    )
    left = [v.status for v in rows_of(world, FieldValue) if v.source == "市监局"]
    assert set(left) == {ValueStatus.WITHDRAWN}
