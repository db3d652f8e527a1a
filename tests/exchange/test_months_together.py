"""Store months that are taken together end exactly as they would one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.clock import month_index, month_start
from marketplace.base.errors import Invalid, NotAllowed, NotFound
from marketplace.exchange.importing import (
    ImportRequest,
    portion,
    run_import,
    running,
    undo_import,
)
from marketplace.exchange.importing.taking import Sending
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.periods import Period, Precision
from marketplace.exchange.reading import RowReading
from marketplace.features.compliance import commands as compliance
from marketplace.features.compliance.commands import Quantity
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.observing import observe
from marketplace.features.compliance.summary import check
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.commands import MonthCount
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry import commands as registry
from marketplace.features.registry.tables import ImportBatch, ImportRow, Store, StoreHolding
from marketplace.upkeep.rebuilding import rebuild
from tests.exchange.builders import uscc, xlsx
from tests.exchange.taken_back import tried
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once

MAY = month_index(date(2026, 5, 1))
HEADING = [
    "平台", "店铺ID", "店铺名称", "统一社会信用代码", "月份", "在售商品数", "抽查商品数",
    "侵权商品数", "其中主动发现", "其中投诉",
]  # fmt: skip


@pytest.fixture
@built_once
def town(world: World) -> World:
    """Three firms; store 100 is confirmed, 200 is the number of two stores, one only declared."""
    firms = [
        {"name": f"（虚构）{n}号鞋厂", "uscc": uscc(n), "address": "莆田市荔城区甲路1号"}
        for n in (1, 2, 3)
    ]
    world.do(
        lambda s: registry.record_factories(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            rows=dict(enumerate(firms)),
            source="工信局",
        )
    )
    for factory_id, platform, number, confirmed in (
        (1, "淘宝", "100", True),
        (2, "淘宝", "200", True),
        (3, "京东", "200", False),
    ):
        declare(world, factory_id, platform, number, confirmed=confirmed)
    return world


def declare(world, factory_id, platform, number, *, confirmed):
    holding = world.do(
        lambda s: registry.declare_store(
            s,
            clock=world.clock,
            actor=world.officer,
            factory_id=factory_id,
            platform=platform,
            store_no=number,
            name=f"店{number}",
            from_on=date(2026, 3, 20),
            basis="平台",
        )
    )
    if confirmed:
        world.do(
            lambda s: registry.confirm_holding(
                s, clock=world.clock, actor=world.officer, holding_id=holding
            )
        )


COUNTS = st.one_of(
    st.just({}),
    st.builds(
        lambda p, c, more: {"infringing": p + c + more, "proactive": p, "complaints": c},
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 1),
    ),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["淘宝", "淘宝", "京东", None]),
        st.sampled_from(["100", "100", "200", "300"]),
        st.sampled_from([None, None, uscc(1), uscc(2), uscc(9)]),
        # Few months, so that files meet: before anybody held the store, held, and to come.
        st.sampled_from([MAY - 3, MAY, MAY, MAY, MAY + 1, MAY + 7]),
        st.dictionaries(st.sampled_from(["listed", "checked"]), st.integers(0, 2)),
        COUNTS,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[:2] + row[3:4],
)


def reading(number, row):
    platform, store_no, code, month, quantities, counts = row
    start = month_start(month)
    period = Period(start, month_start(month + 1), Precision.MONTH)
    values = {
        "platform": platform,
        "store_no": store_no,
        "store_operator": None,
        "uscc": code,
        "month": period,
        **quantities,
        **counts,
    }
    return RowReading(number, values, (), None, ())


def take(session, world, files, takers):
    """Take files in, one unit of work for all; return what became of each row."""
    told = []
    for number, rows in enumerate(files):
        sending = Sending(
            world.rulebook, world.clock, world.officer, f"平台{number}", None,
            confirms_stores=bool(number), first_days={},
        )  # fmt: skip
        ticket = registry.begin_import(
            session,
            clock=world.clock,
            actor=world.officer,
            program=PROGRAM,
            kind="exposure",
            file_name="月报",
            file_sha256=str(number) * 64,
            source=sending.source,
            mapping={},
            total=len(rows),
        )
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(portion, "MANY_TAKERS", takers)
            _, lines = running._take_and_keep(
                session,
                sending=sending,
                ticket=ticket,
                kind=ImportKind.EXPOSURE,
                rows=tuple(reading(n, row) for n, row in enumerate(rows, 2)),
            )
        told.append(lines)
    return told


def left(session):
    """What stands in the tables and the trail, without the numbers of rows."""
    session.flush()
    session.expire_all()
    names = {}
    rows = Counter()
    for table in (Exposure, Finding, Store, StoreHolding):
        for row in session.execute(select(table)).scalars():
            facts = {c: v for c, v in row.model_dump().items() if c != "id"}
            if table is Finding:
                facts["reference"] = facts["reference"].split(":")[:2]
            names[table.__tablename__, row.id] = (
                f"{table.__tablename__} {sorted(facts.items())}"
            )
            rows[names[table.__tablename__, row.id]] += 1
    traces = [
        (row.batch_id, row.row, row.outcome, row.lines, [
            (names[t["t"], t["k"]], t["b"], t["a"]) for t in row.traces["traces"]
        ])
        for row in session.execute(select(ImportRow).order_by(ImportRow.id)).scalars()
    ]  # fmt: skip
    trail = Counter()
    for item in session.info["audit_pending"]:
        fields = dict(item.fields)
        kind, _, key = fields["subject"].partition(":")
        if kind == "finding":
            fields["subject"] = names["finding", int(key)]
        trail[str((sorted(fields.items(), key=str), item.content))] += 1
    events = Counter(repr(fact) for fact in session.info["events"])
    return rows, traces, trail, events


def seen_of(world, files, takers):
    """Take files in and look at what is left; nothing of it stays."""
    return tried(
        world,
        (Exposure, Finding, Store, StoreHolding, ImportBatch, ImportRow),
        lambda session: (take(session, world, files, takers), left(session)),
    )


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=2, max_size=3))
def test_together_or_one_by_one_is_the_same(town, files):
    assert seen_of(town, files, portion.MANY_TAKERS) == seen_of(town, files, {})


def sent(world, rows, *, dry_run=False):
    return run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(ImportKind.EXPOSURE, xlsx([HEADING, *rows]), "平台_月报.xlsx"),
        clock=world.clock,
        actor=world.officer,
        dry_run=dry_run,
    )


def month_rows(quantity=80):
    return [
        ["淘宝", "100", "店100", uscc(1), f"2026-{m:02d}", 900, quantity, 3, 2, 1]
        for m in range(4, 10)
    ]


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def test_months_taken_together_stand_in_the_trail_and_the_sums_and_can_be_taken_back(town):
    first = sent(town, month_rows())
    assert first.counts["inserted"] == 6
    # Six months with two quantities each, and two origins of what was found.
    assert len(rows_of(town, Exposure)) == 12
    assert [(f.origin, f.listings, f.operator_id) for f in rows_of(town, Finding)] == (
        [(Origin.PROACTIVE_MODEL, 2, 1), (Origin.RIGHT_HOLDER, 1, 1)] * 6
    )
    second = sent(town, month_rows(90))
    assert second.counts["updated"] == 6
    counting = [e.revision for e in rows_of(town, Exposure) if e.current]
    assert sorted(counting) == [1] * 6 + [2] * 6
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
    assert audit.verify(town.app.store).is_intact
    for batch in (second.batch_id, first.batch_id):
        undone = undo_import(
            town.app.store,
            batch_id=batch,
            clock=town.clock,
            actor=town.officer,
            reason="平台发错了文件",
        )
        assert undone.counts["taken_back"] == 6
    assert not any(e.current for e in rows_of(town, Exposure))
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []


def test_many_quantities_are_refused_whole(town):
    def record(*rows, actor=town.officer):
        return town.do(
            lambda s: compliance.record_exposures(
                s, clock=town.clock, actor=actor, program=PROGRAM, rows=rows, source="平台"
            )
        )

    def faults(*rows):
        with pytest.raises(Invalid) as refused:
            record(good, *rows)
        return [fault.code for fault in refused.value.faults]

    good = Quantity(1, MAY, ExposureKind.CHECKED, 5)
    with pytest.raises(NotAllowed):
        record(good, actor=town.marketer)
    assert faults(Quantity(1, MAY + 1, ExposureKind.CHECKED, -1)) == ["number_out_of_range"]
    assert faults(Quantity(1, MAY + 7, ExposureKind.CHECKED, 1)) == ["day_to_come"]
    with pytest.raises(NotFound, match="store_not_found"):
        record(good, Quantity(99, MAY, ExposureKind.CHECKED, 1))
    with pytest.raises(ValueError, match="two quantities"):
        record(good, Quantity(1, MAY, ExposureKind.CHECKED, 6))
    assert rows_of(town, Exposure) == []


def test_a_month_without_infringing_listings_has_no_finding(town):
    with pytest.raises(Invalid):
        town.do(
            lambda s: enforcement.record_monthly_counts(
                s,
                clock=town.clock,
                actor=town.officer,
                program=PROGRAM,
                rows=[MonthCount(1, MAY, Origin.CONSUMER, 0)],
                source="平台",
            )
        )
    assert rows_of(town, Finding) == []


def test_corrected_counts_of_months_are_taken_together_too(town, monkeypatch):
    """One told otherwise, one told as none, one told anew after it was none, one as before."""

    def found(*counts):
        return [
            ["淘宝", "100", "店100", uscc(1), f"2026-{m:02d}", 900, 80, p + c, p, c]
            for m, (p, c) in enumerate(counts, 4)
        ]

    def alone(*_given):
        pytest.fail("a corrected count was taken alone")

    sent(town, found((2, 1), (2, 1), (0, 1), (2, 1)))
    sent(town, found((2, 1), (0, 1), (0, 0), (2, 1)))
    monkeypatch.setitem(portion.TAKERS, ImportKind.EXPOSURE, alone)
    last = sent(town, found((5, 1), (2, 1), (3, 1), (2, 1)))
    assert (last.counts["updated"], last.counts["unchanged"]) == (3, 1)
    upheld = {
        (f.found_month - MAY, f.origin): f.listings
        for f in rows_of(town, Finding)
        if f.status is FindingStatus.UPHELD
    }
    assert upheld == {
        (n, origin): listings
        for n, counts in ((-1, (5, 1)), (0, (2, 1)), (1, (3, 1)), (2, (2, 1)))
        for origin, listings in zip(
            (Origin.PROACTIVE_MODEL, Origin.RIGHT_HOLDER), counts, strict=True
        )
    }
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
    undone = undo_import(
        town.app.store, batch_id=last.batch_id, clock=town.clock, actor=town.officer,
        reason="平台发错了文件",
    )  # fmt: skip
    assert undone.counts["taken_back"] == 3
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []


def test_a_correction_of_what_nobody_counted_is_refused_whole(town):
    sent(town, month_rows())

    def correct(*rows, actor=town.officer):
        return town.do(
            lambda s: enforcement.correct_monthly_counts(
                s, clock=town.clock, actor=actor, program=PROGRAM, rows=rows, source="平台"
            )
        )

    good = MonthCount(1, MAY, Origin.PROACTIVE_MODEL, 9)
    with pytest.raises(NotAllowed):
        correct(good, actor=town.marketer)
    with pytest.raises(Invalid):
        correct(good, MonthCount(1, MAY, Origin.RIGHT_HOLDER, -1))
    with pytest.raises(NotFound, match="finding_not_found"):
        correct(good, MonthCount(1, MAY, Origin.CONSUMER, 1))
    assert {f.listings for f in rows_of(town, Finding)} == {2, 1}
    (told, same) = correct(good, MonthCount(1, MAY, Origin.RIGHT_HOLDER, 1))
    assert (told.before, told.after, same) == ({"listings": 2}, {"listings": 9}, None)


def test_what_was_found_counts_for_who_is_confirmed_later_as_what_was_looked_at_does(town):
    """Months come in before an officer has confirmed the store; nobody looks clean by that."""
    row = ["淘宝", "900", "新店", uscc(2), "2026-05", 900, 100, 3, 2, 1]
    done = sent(town, [row])
    assert {f.operator_id for f in rows_of(town, Finding)} == {None}
    (holding,) = [h.id for h in rows_of(town, StoreHolding) if h.store_id == 4]
    town.do(
        lambda s: registry.confirm_holding(
            s, clock=town.clock, actor=town.officer, holding_id=holding
        )
    )
    (firm,) = [o for o in town.see(lambda s: observe(s, PROGRAM)) if o.exposure]
    assert (firm.operator_id, sum(f.listings for f in firm.findings)) == (2, 3)
    assert sent(town, [row]).counts["unchanged"] == 1
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
    # Only the holding, which an officer decided, stays; the counts go with the months.
    undo_import(
        town.app.store, batch_id=done.batch_id, clock=town.clock, actor=town.officer,
        reason="平台发错了文件",
    )  # fmt: skip
    assert {f.status for f in rows_of(town, Finding)} == {FindingStatus.DISMISSED}


def test_the_month_a_store_begins_in_has_what_was_found_beside_what_was_looked_at(town):
    """Store 100 is held since 20 March; both sides of March's rate are that firm's."""
    sent(town, [["淘宝", "100", "店100", uscc(1), "2026-03", 900, 100, 20, 12, 8]])
    (firm,) = [o for o in town.see(lambda s: observe(s, PROGRAM)) if o.exposure]
    assert [(f.month - MAY, f.listings) for f in firm.findings] == [(-2, 20)]


def test_a_side_a_file_does_not_tell_of_keeps_what_was_told_before(town):
    sent(town, [["淘宝", "100", "店100", uscc(1), "2026-05", 900, 80, 5, 3, 2]])
    heading = [h for h in HEADING if h not in {"侵权商品数", "其中投诉"}]
    content = xlsx([heading, ["淘宝", "100", "店100", uscc(1), "2026-05", 900, 80, 4]])
    request = ImportRequest(ImportKind.EXPOSURE, content, "平台_主动发现.xlsx")
    run_import(town.app.store, town.rulebook, request, clock=town.clock, actor=town.officer)
    upheld = [f for f in rows_of(town, Finding) if f.status is FindingStatus.UPHELD]
    assert [(f.origin, f.listings) for f in upheld] == [
        (Origin.PROACTIVE_MODEL, 4),
        (Origin.RIGHT_HOLDER, 2),
    ]


def test_rebuilding_counts_what_stayed_with_nobody_for_who_is_confirmed(town):
    sent(town, [["淘宝", "100", "店100", uscc(1), "2026-05", 900, 80, 3, 2, 1]])
    with town.app.store.housekeeping.begin() as connection:  # as it was kept before
        nobody = {"factory_id": None, "operator_id": None}
        connection.execute(Finding.__table__.update().values(**nobody))
    rebuild(town.app)
    assert {f.operator_id for f in rows_of(town, Finding)} == {1}
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
