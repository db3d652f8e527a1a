"""A database in use goes through every later migration: its rows stay, the chain still verifies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DBAPIError

from marketplace.base import audit
from marketplace.base.audit import GENESIS, entry_mac
from marketplace.base.clock import month_index
from marketplace.base.db import Store
from marketplace.base.db.columns import UtcInstant
from marketplace.base.db.growing import growing
from marketplace.base.db.migrate import VERSION_TABLE, _exclusive, alembic_config, migrate
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Measure, Origin
from marketplace.features.enforcement.queries import state_of_store_at
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.sampling.commands import correct_look
from marketplace.features.sampling.kinds import SampleOutcome, SeedStanding
from marketplace.features.sampling.queries import get_sample_draw, list_unfinished_draws
from marketplace.upkeep.minute import refresh_derived
from tests.base.db.test_migrate import empty  # noqa: F401
from tests.features.conftest import PROGRAM, make_world

THEN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
_KINDS = ((bool, sa.Boolean()), (datetime, UtcInstant()), (date, sa.Date()), (dict, sa.JSON()))


def upgrade(store: Store, revision: str) -> None:
    """Upgrade as `migrate` does, but only as far as a revision."""
    with _exclusive(store) as connection:
        command.upgrade(alembic_config(connection), revision)


def put(connection: sa.Connection, table: str, **values: Any) -> None:
    """Insert a row by its columns of then; numbers are given by the database, from 1."""
    columns = [
        sa.column(name, next((t for kind, t in _KINDS if isinstance(value, kind)), None))
        for name, value in values.items()
    ]
    connection.execute(sa.insert(sa.table(table, *columns)).values(**values))


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table that has some."""
    with store.housekeeping.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        found = {
            table: [
                dict(row)
                for row in connection.exec_driver_sql(
                    f'SELECT * FROM "{table}" ORDER BY 1'
                ).mappings()
            ]
            for table in tables
            if table != VERSION_TABLE and not table.startswith("search")
        }
    return {table: rows for table, rows in found.items() if rows}


def fill_first(store: Store, connection: sa.Connection) -> None:
    """A firm with a store, three upheld findings, two complaints counted, and a chain."""
    put(connection, "account", version=1, login="reviewer", name="复核人", role="reviewer",
        status="active", created_at=THEN)  # fmt: skip
    put(connection, "operator", version=1, program=PROGRAM, name="（虚构）甲公司",
        name_fold="虚构甲公司", uscc="91350300MA0000001X", created_at=THEN)  # fmt: skip
    put(connection, "factory", version=1, operator_id=1, program=PROGRAM, name="（虚构）甲厂",
        name_fold="虚构甲厂", district="350304", status="registered", created_at=THEN,
        updated_at=THEN)  # fmt: skip
    put(connection, "store", version=1, program=PROGRAM, platform="taobao", store_no="S-００1",
        name="甲 旗舰店", status="open", created_at=THEN)  # fmt: skip
    put(connection, "store_holding", version=1, store_id=1, factory_id=1,
        from_on=date(2025, 1, 1), basis="营业执照相符", status="confirmed", confirmed_by=1,
        confirmed_at=THEN)  # fmt: skip
    put(connection, "enrollment", version=1, operator_id=1, program=PROGRAM, status="enrolled",
        signed_on=date(2025, 6, 1), signed_by="陈厂长", applied_at=THEN,
        enrolled_on=date(2025, 6, 2), accepted_at=THEN)  # fmt: skip
    put(connection, "exposure", program=PROGRAM, store_id=1, month=month_index(DAY),
        kind="checked", quantity=120, source="月报", revision=1, current=True,
        recorded_at=THEN)  # fmt: skip
    for number, (points, measure) in enumerate(
        [(0, "warning"), (2, "points"), (24, "suspension")]
    ):
        at = THEN.replace(hour=2 + number)
        put(connection, "finding", version=1, program=PROGRAM, reference=f"f{number}",
            store_id=1, factory_id=1, operator_id=1, basis="case", origin="right_holder",
            listings=1 + number, found_on=DAY, found_month=month_index(DAY),
            statement="图形近似", status="upheld", recorded_by=1, recorded_at=at, heard_at=at,
            hearing="陈述", decided_by=1, decided_at=at, reason="认定",
            rulebook_sha256="0" * 64)  # fmt: skip
        put(connection, "points_entry", store_id=1, finding_id=number + 1, kind="score",
            offense=number + 1, points=points, measure=measure, at=at, decided_by=1,
            rulebook_sha256="0" * 64)  # fmt: skip
    put(connection, "earlier_record", version=1, program=PROGRAM, factory_id=1,
        kind="penalty_decision", quantity=300, unit="pairs", source="市场监管公示",
        reliability="official", recorded_at=THEN)  # fmt: skip
    prev = GENESIS
    for seq in (1, 2):
        values = {
            "at": THEN, "actor_id": 1, "actor_login": "reviewer", "actor_role": "reviewer",
            "action": "enforcement.decide_finding", "subject": f"finding:{seq}",
            "program": PROGRAM, "operator_id": 1, "payload": '{"reason":"认定"}',
        }  # fmt: skip
        mac = entry_mac(store.keys, prev, seq, values)
        put(connection, "audit_entry", id=seq, seq=seq, prev=prev, mac=mac, **values)
        prev = mac
    put(connection, "audit_head", seq=2, mac=prev)
    guard(connection, "points_entry", "audit_entry")


def fill_samples(connection: sa.Connection) -> None:
    """A quarter drawn by a chosen seed: one listing looked at, one waiting."""
    put(connection, "sample_draw", program=PROGRAM, quarter_from=date(2026, 1, 1),
        seed="20260101", algorithm="sha256-order-1", frame_size=40, frame_sha256="a" * 64,
        strata={"running": {"rate": 0.05, "size": 40, "drawn": 2}}, rulebook_sha256="0" * 64,
        due_on=date(2026, 3, 31), drawn_by=1, drawn_at=THEN)  # fmt: skip
    for position in (1, 2):
        put(connection, "sample_item", draw_id=1, position=position, category="running",
            listing_id=position, product_id=position, store_id=1, factory_id=1, operator_id=1,
            platform="taobao", item_no=f"60000{position}",
            url="https://shop.example/x")  # fmt: skip
    put(connection, "sample_look", item_id=1, outcome="nothing_found", note="图形一致",
        looked_by=1, looked_at=THEN)  # fmt: skip
    guard(connection, "sample_draw", "sample_item", "sample_look")


def guard(connection: sa.Connection, *tables: str) -> None:
    """Put the triggers on that these tables had in use: they must not stop a migration."""
    for statement in growing(connection.dialect.name, tables, function=f"{tables[0]}_grows"):
        connection.exec_driver_sql(statement)


def kept(before: Mapping[str, list[dict[str, Any]]], after: Mapping[str, list[dict[str, Any]]]):
    """Return what of the rows of then is not there any more, table by table."""
    return {
        table: [row for row in rows if not any(row.items() <= now.items() for now in after.get(table, ()))]
        for table, rows in before.items()
    }  # fmt: skip


def test_the_rows_of_a_database_in_use_outlive_every_migration(empty: Store, tmp_path: Path):  # noqa: F811
    upgrade(empty, "0001")
    with empty.housekeeping.begin() as connection:
        fill_first(empty, connection)
    first = rows_of(empty)
    assert {"store", "finding", "points_entry", "audit_entry", "earlier_record"} <= set(first)
    upgrade(empty, "0022")
    with empty.housekeeping.begin() as connection:
        fill_samples(connection)
    second = rows_of(empty)
    assert migrate(empty)
    now = rows_of(empty)
    for before in (first, second):
        assert {t: rows for t, rows in kept(before, now).items() if rows} == {}
        assert {t: len(now[t]) for t in before} == {t: len(rows) for t, rows in before.items()}
    assert audit.verify(empty).findings == []
    for table in ("points_entry", "audit_entry", "sample_draw", "sample_item", "sample_look"):
        with pytest.raises(DBAPIError), empty.housekeeping.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_what_was_kept_is_worked_with_after_the_upgrade(empty: Store, tmp_path: Path):  # noqa: F811
    upgrade(empty, "0001")
    with empty.housekeeping.begin() as connection:
        fill_first(empty, connection)
    upgrade(empty, "0022")
    with empty.housekeeping.begin() as connection:
        fill_samples(connection)
    migrate(empty)
    world = make_world(empty, tmp_path)
    refresh_derived(world.app)

    def state():
        return world.see(
            lambda s: state_of_store_at(
                s, world.officer, world.rulebook, store_id=1, at=world.clock.now()
            )
        )

    assert (state().balance, state().status) == (26, StoreStatus.OPEN)  # 0 + 2 + 24
    finding = world.do(
        lambda s: enforcement.record_finding(
            s, clock=world.clock, actor=world.officer, store_id=1, origin=Origin.INSPECTION,
            listings=1, found_on=date(2026, 11, 20), statement="图形近似", reference="f9",
        )
    )  # fmt: skip
    world.do(
        lambda s: enforcement.hear_owner(
            s, clock=world.clock, actor=world.officer, finding_id=finding, statement="说明"
        )
    )
    measure = world.do(
        lambda s: enforcement.decide_finding(
            s, world.rulebook, clock=world.clock, actor=world.reviewer, finding_id=finding,
            uphold=True, reason="两人复核认定", time_zero=time_zero,
        )
    )  # fmt: skip
    # The fourth: 26 + 24 = 50 closes.
    assert (measure, state().balance, state().status) == (
        Measure.CLOSURE, 50, StoreStatus.CLOSED,
    )  # fmt: skip
    [left] = world.see(lambda s: list_unfinished_draws(s, world.officer, program=PROGRAM))
    assert (left.waiting, left.drawn) == (1, 2)
    world.do(
        lambda s: correct_look(
            s, world.rulebook, clock=world.clock, actor=world.officer, item_id=1,
            outcome=SampleOutcome.GONE, note="当时已下架", reason="看错了商品",
        )
    )  # fmt: skip
    row, items = world.see(
        lambda s: get_sample_draw(s, world.auditor, clock=world.clock, draw_id=1)
    )
    assert (row.seed, row.seed_standing, row.gone) == ("20260101", SeedStanding.CHOSEN, 1)
    assert [e.outcome.value for e in items[0].entries] == ["nothing_found", "gone"]
    assert audit.verify(empty).findings == []
    with empty.housekeeping.connect() as connection:
        folded = connection.exec_driver_sql("SELECT no_fold, name_fold FROM store").one()
    assert tuple(folded) == ("s001", "甲旗舰店")
