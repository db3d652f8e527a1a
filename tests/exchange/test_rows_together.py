"""Stores, earlier records and products taken together end exactly as they would one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.desk.standing import check as check_standing
from marketplace.exchange.importing import (
    ImportRequest,
    portion,
    run_import,
    running,
    undo_import,
)
from marketplace.exchange.importing.taking import Sending
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.periods import Period, Precision
from marketplace.exchange.reading import RowReading
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.commands import NewBrand, NewProduct
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.compliance.summary import check
from marketplace.features.history import commands as history
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.commands import OnSale
from marketplace.features.promotion.events import OfferChanged
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry import commands as registry
from marketplace.features.registry.events import HoldingChanged, StoresConfirmed
from marketplace.features.registry.tables import ImportBatch, ImportRow, Store, StoreHolding
from tests.exchange.builders import uscc, xlsx
from tests.exchange.taken_back import Back, tried
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once

TABLES = (EarlierRecord, Store, StoreHolding, Brand, Product, Listing)
# What names a row of another table, and where a number stands in words.
KEYS = {
    "store_id": "store", "holding_id": "store_holding", "brand_id": "brand",
    "product_id": "product",
}  # fmt: skip


@pytest.fixture
@built_once
def town(world: World) -> World:
    """Firms 1-3 with codes, one draft, two of one name; some of each thing is there already."""
    firms = [{"name": f"（虚构）{n}号鞋厂", "uscc": uscc(n)} for n in (1, 2, 3)]
    firms += [{"name": "（虚构）未领证鞋厂", "address": "荔城区乙路"}]
    firms += [{"name": "（虚构）同名鞋厂", "uscc": uscc(n)} for n in (7, 8)]
    for values in firms:
        world.do(
            lambda s, values=values: registry.record_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                values={"address": "莆田市荔城区甲路1号", **values},
                source="工信局",
            )
        )
    for number, row in enumerate(THERE):
        world.do(
            lambda s, n=number, row=row: take(s, world, [(row[0], [row[1:]])], {}, start=n)
        )
    freeze(world)
    return world


def freeze(world):
    """One product is under review and fixed, one record was withdrawn."""

    def work(session):
        fixed = session.execute(select(Product).where(Product.model_no == "Q9")).scalar_one()
        fixed.status = Moderation.SUBMITTED
        gone = session.execute(
            select(EarlierRecord).where(EarlierRecord.reference_no == "罚3")
        ).scalar_one()
        history.withdraw_earlier_record(
            session,
            clock=world.clock,
            actor=world.officer,
            record_id=gone.key,
            reason="文号写错了",
        )

    world.do(work)


def period(day):
    return Period(day, date(day.year, day.month, day.day + 1), Precision.DAY)


def firm(number):
    """A code, a name, both, or neither right."""
    return {
        "code": (uscc(number), None),
        "name": (None, f"（虚构）{number}号鞋厂"),
        "both": (uscc(number), f"（虚构）{number}号鞋厂"),
    }


FIRMS = st.sampled_from(
    [
        *firm(1).values(), *firm(2).values(), firm(3)["code"], firm(1)["code"],
        (None, "（虚构）未领证鞋厂"), (uscc(9), "（虚构）未领证鞋厂"), (None, "（虚构）同名鞋厂"),
        (uscc(9), None), (None, "（虚构）1号鞋厂厂"), (None, None),
    ]
)  # fmt: skip
DAYS = [date(2019, 5, 6), date(2020, 1, 2), date(2027, 1, 5)]  # the last is to come


def a_record(who, number, day, cause, pairs):
    return {
        "uscc": who[0], "name": who[1], "decision_no": number,
        "decided_on": day and period(day), "cause": cause, "quantity_pairs": pairs,
        "value_fen": None,
    }  # fmt: skip


def a_store(who, platform, number, name, day, url):
    return {
        "uscc": who[0], "operator_name": who[1], "platform": platform, "store_no": number,
        "name": name, "from_on": day and period(day), "url": url,
    }  # fmt: skip


def a_product(who, brand, model, category, money, listing):
    return {
        "uscc": who[0], "factory_name": who[1], "brand": brand, "model_no": model,
        "name": "运动鞋", "category": category, "price_fen": money, "gtin": None, "note": None,
        **listing,
    }  # fmt: skip


def a_listing(platform, store, number, stock, url):
    return {
        "platform": platform, "store_no": store, "item_id": number, "stock": stock, "url": url,
    }  # fmt: skip


RECORDS = st.builds(
    a_record,
    FIRMS,
    # 罚1 is there in full-width brackets, 罚3 was withdrawn.
    st.sampled_from([None, None, "罚(1)", "罚2", "罚3", "(2019)刑初4号"]),
    st.sampled_from([None, DAYS[0], DAYS[0], DAYS[1], DAYS[2]]),
    st.sampled_from([None, "侵权"]),
    st.sampled_from([None, 120, 120, -1]),
)
STORES = st.builds(
    a_store,
    FIRMS,
    st.sampled_from(["淘宝", "淘宝", "京东", None]),
    st.sampled_from(["100", "200", "300", "301", "302", "303", "304"]),
    st.sampled_from(["店", "店", "新店"]),
    st.sampled_from([None, DAYS[0], DAYS[1], DAYS[2]]),
    st.sampled_from([None, "https://shop.example.com/1"]),
)
URLS = ["https://item.example.com/1", "https://item.example.com/1", "http://x.example"]
GOODS = st.builds(
    a_product,
    st.sampled_from([firm(1)["code"], firm(1)["name"], firm(2)["code"], (uscc(9), None)]),
    # Folded alike, slugs that meet (`abc`, `abc-2`), names without a Latin letter.
    st.sampled_from(["青禾", "青禾", "云川", "ABC", "abc", "ABC 2", "Brand 1"]),
    st.sampled_from(["Q1", "Q9", "Q2", "Q3", "Q4", None]),
    st.sampled_from([None, None, None, "没有这一类"]),
    st.sampled_from([19900, 19900, 20900, 10**9]),
    st.one_of(
        st.just({}),
        st.builds(
            a_listing,
            st.sampled_from(["淘宝", None]),
            st.sampled_from(["100", "100", "200", "999", None]),
            st.sampled_from(["1001", "1002", "1003", "1004", "1005", "1006"]),
            st.sampled_from([5, 5, 7, None]),
            st.sampled_from(URLS),
        ),
    ),
)
HINTS = st.sampled_from([None] * 8 + [Outcome.REJECTED, Outcome.DUPLICATE])
ROWS = {
    ImportKind.EARLIER_RECORDS: RECORDS,
    ImportKind.STORES: STORES,
    ImportKind.PRODUCTS: GOODS,
}
SHOP = {"platform": "淘宝", "store_no": "100", "stock": 5, "url": "https://item.example.com/1"}


def there(kind, **values):
    return ImportKind(kind), values, None


def item(model, number):
    return there(
        "products", uscc=uscc(1), brand="青禾", model_no=model, name="运动鞋", price_fen=19900,
        item_id=number, **SHOP,
    )  # fmt: skip


def shop(number, firm_number, platform="淘宝"):
    return there(
        "stores", uscc=uscc(firm_number), platform=platform, store_no=number, name="店",
        from_on=period(DAYS[0]),
    )  # fmt: skip


def record(number):
    return there(
        "earlier-records", uscc=uscc(1), decision_no=number, decided_on=period(DAYS[0]),
        cause="侵权", quantity_pairs=120,
    )  # fmt: skip


THERE = [
    record("罚（1）"), record("罚3"), record(None),
    shop("100", 1), shop("200", 2, "京东"), shop("303", 2, None),
    item("Q1", "1001"), item("Q9", "1002"),
]  # fmt: skip


def take(session, world, files, takers, *, start=10):
    """Take files in, one unit of work for all; return what became of each row."""
    told = []
    for number, (kind, rows) in enumerate(files, start):
        sending = Sending(
            world.rulebook, world.clock, world.officer, f"平台{number}", None,
            confirms_stores=bool(number % 2), first_days={},
        )  # fmt: skip
        ticket = registry.begin_import(
            session,
            clock=world.clock,
            actor=world.officer,
            program=PROGRAM,
            kind=kind.value,
            file_name="名单",
            file_sha256=f"{number:064d}",
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
                kind=kind,
                rows=tuple(
                    RowReading(n, values, (), hint, ())
                    for n, (values, hint) in enumerate(rows, 2)
                ),
            )
        told.append(lines)
    return told


def left(session):
    """What stands in the tables and the trail, with words for the numbers of rows."""
    session.flush()
    session.expire_all()
    words: dict[tuple[str, int], str] = {}

    def plain(facts):
        return {k: words[KEYS[k], v] if k in KEYS and v else v for k, v in facts.items()}

    for table in TABLES:
        for row in session.execute(select(table).order_by(table.id)).scalars():
            facts = {c: v for c, v in row.model_dump().items() if c != "id"}
            name = table.__tablename__
            words[name, row.id] = f"{name} {sorted(plain(facts).items())}"
    traces = [
        (row.batch_id, row.row, row.outcome, row.lines, [
            (words[t["t"], t["k"]], t["b"] and plain(t["b"]), plain(t["a"]))
            for t in row.traces["traces"]
        ])
        for row in session.execute(select(ImportRow).order_by(ImportRow.id)).scalars()
    ]  # fmt: skip
    trail = Counter()
    for entry in session.info["audit_pending"]:
        fields = dict(entry.fields)
        kind, _, key = fields["subject"].partition(":")
        fields["subject"] = words.get((kind, int(key)), fields["subject"])
        content = {part: plain(said) for part, said in entry.content.items()}
        trail[str((sorted(fields.items(), key=str), content))] += 1
    events = Counter(
        fact for event in session.info["events"] for fact in facts_of(event, words)
    )
    return Counter(words.values()), traces, trail, events


def facts_of(event, words):
    """What was announced; of many new stores at once, what each would have announced."""
    match event:
        case OfferChanged():
            return [("offer", words["product", number]) for number in event.product_ids]
        case StoresConfirmed():
            assert len(event.store_ids) >= len(event.factory_ids) > 0
            return [("holding", words["store", number]) for number in event.store_ids]
        case HoldingChanged():
            return [("holding", words["store", event.store_id])]


def seen_of(world, files, takers):
    """Take files in and look at what is left; nothing of it stays."""
    return tried(
        world,
        (*TABLES, ImportBatch, ImportRow),
        lambda session: (take(session, world, files, takers), left(session)),
    )


def files_of(kind):
    rows = st.lists(st.tuples(ROWS[kind], HINTS), min_size=1, max_size=9)
    return st.lists(st.tuples(st.just(kind), rows), min_size=2, max_size=3)


@pytest.mark.parametrize("kind", ROWS)
def test_together_or_one_by_one_is_the_same(town, kind):
    @settings(
        max_examples=25, deadline=None, phases=[Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(files_of(kind))
    def same(files):
        together = seen_of(town, files, portion.MANY_TAKERS)
        one_by_one = seen_of(town, files, {})
        assert together[0] == one_by_one[0]
        for seen, expected in zip(together[1], one_by_one[1], strict=True):
            assert seen == expected

    same()


HEADINGS = {
    ImportKind.STORES: ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期"],
    ImportKind.EARLIER_RECORDS: [
        "统一社会信用代码", "处罚决定书文号", "处罚日期", "案由", "数量（双）",
    ],
    ImportKind.PRODUCTS: [
        "统一社会信用代码", "品牌", "货号", "商品名称", "价格（元）",
        "平台", "店铺ID", "商品ID", "商品链接", "库存",
    ],
}  # fmt: skip


def lines_of(kind, count=7):
    """New rows, one of an unknown firm, one twice."""
    firms = [uscc(n % 3 + 1) for n in range(count)]
    firms[3] = uscc(9)
    rows = {
        ImportKind.STORES: [
            ["淘宝", f"77{n}", f"店{n}", code, "2024-01-05"] for n, code in enumerate(firms)
        ],
        ImportKind.EARLIER_RECORDS: [
            [code, f"莆市监罚〔2019〕{n}号", "2019-05-06", "侵权", 120]
            for n, code in enumerate(firms)
        ],
        ImportKind.PRODUCTS: [
            [
                code, "云川", f"M{n}", "跑鞋", 199, "淘宝", "100", f"8800{n}",
                f"https://item.example.com/{n}", 5,
            ]
            for n, code in enumerate(firms)
        ],
    }[kind]  # fmt: skip
    return [*rows, rows[0]]


def content_of(kind, rows=None):
    return xlsx([HEADINGS[kind], *(rows or lines_of(kind))])


def send(world, kind, content=None, *, killed_after=None, dry_run=False):
    def progress(done, _total):
        if killed_after is not None and done >= killed_after:
            raise Back

    return run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(
            kind, content or content_of(kind), "平台_名单.xlsx",
            confirms_stores=True,
        ),
        clock=world.clock,
        actor=world.officer,
        dry_run=dry_run,
        progress=progress,
    )  # fmt: skip


def standing(world):
    """What stands in the tables, without numbers and times."""

    def work(session):
        aside = {"id", "recorded_at", "created_at", "updated_at", "confirmed_at", "stock_as_of"}
        return {
            table: Counter(
                str({c: v for c, v in row.model_dump().items() if c not in aside})
                for row in session.execute(select(table)).scalars()
            )
            for table in (EarlierRecord, Store, Brand, Product, Listing)
        }

    return world.see(work)


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_file_taken_together_is_kept_in_step_told_again_and_taken_back(town, kind):
    before = standing(town)
    tried = send(town, kind, dry_run=True)
    assert standing(town) == before
    done = send(town, kind)
    assert done.lines == tried.lines
    outcomes = [line.outcome.value for line in done.lines]
    expected = ["inserted"] * 3 + ["rejected"] + ["inserted"] * 3 + ["duplicate"]
    assert outcomes == expected
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
    assert town.see(lambda s: check_standing(s, rulebook=town.rulebook, clock=town.clock)) == []
    assert audit.verify(town.app.store).is_intact
    again = send(town, kind)
    assert again.counts["unchanged"] == 6
    undone = undo_import(
        town.app.store,
        batch_id=done.batch_id,
        clock=town.clock,
        actor=town.officer,
        reason="平台发错了文件",
    )
    assert (undone.counts["taken_back"], undone.counts["kept"]) == (6, 0)
    assert town.see(lambda s: check(s, rulebook=town.rulebook)) == []
    if kind is not ImportKind.EARLIER_RECORDS:  # those stay, withdrawn
        assert standing(town) == before


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_killed_import_of_rows_taken_together_goes_on_and_doubles_nothing(
    town, kind, monkeypatch
):
    monkeypatch.setattr(running, "ROWS_PER_UNIT", 2)
    content = content_of(kind)
    with pytest.raises(Back):
        send(town, kind, content, killed_after=4)
    town.clock.advance(minutes=3)  # nobody holds it any more
    done = send(town, kind, content)
    assert done.counts["inserted"] == 6
    assert (done.counts["rejected"], done.counts["duplicate"]) == (1, 1)
    rows = town.see(
        lambda s: list(
            s.execute(
                select(ImportRow.row).where(ImportRow.batch_id == done.batch_id)
            ).scalars()
        )
    )
    assert sorted(rows) == list(range(2, 10))
    assert send(town, kind).counts["unchanged"] == 6


def test_listings_sent_again_the_next_day_are_refreshed_together(town, monkeypatch):
    send(town, ImportKind.PRODUCTS)
    town.clock.advance(days=1)
    rows = [[*row[:-1], 9] for row in lines_of(ImportKind.PRODUCTS)]
    with monkeypatch.context() as patched:
        patched.setattr(portion, "TAKERS", {})  # nothing is left to be taken one by one
        known = [row for row in rows if row[0] != uscc(9)]
        done = send(town, ImportKind.PRODUCTS, content_of(ImportKind.PRODUCTS, known))
    assert done.counts["updated"] == 6
    stocks = town.see(
        lambda s: list(
            s.execute(select(Listing.stock).where(Listing.item_no.startswith("8800"))).scalars()
        )
    )
    assert stocks == [9] * 6


def test_many_at_once_are_refused_whole_and_only_in_reach(town):
    def add(actor, *brands):
        return town.do(
            lambda s: catalog.add_brands(
                s, clock=town.clock, actor=actor, program=PROGRAM, rows=brands
            )
        )

    def draft(*products):
        return town.do(
            lambda s: catalog.draft_products(
                s, clock=town.clock, actor=town.officer, program=PROGRAM, rows=products
            )
        )

    def list_at(*listings):
        return town.do(
            lambda s: promotion.record_listings(
                s, clock=town.clock, actor=town.officer, program=PROGRAM, rows=listings
            )
        )

    good = NewBrand(2, "好牌")
    with pytest.raises(NotAllowed):
        add(town.marketer, good)
    with pytest.raises(Invalid):
        add(town.officer, good, NewBrand(2, " "))
    with pytest.raises(NotFound, match="operator_not_found"):
        add(town.officer, good, NewBrand(99, "牌"))
    before = standing(town)
    sound = NewProduct(1, 1, 1, "Z1", "鞋", {})
    for wrong in (
        NewProduct(1, 1, 1, "", "鞋", {}),
        NewProduct(1, 1, 2, "Z2", "鞋", {}),  # a factory of another operator
        NewProduct(1, 1, 1, "Z2", "鞋", {"price_fen": 0}),
    ):
        with pytest.raises(Invalid):
            draft(sound, wrong)
    on_sale = OnSale(1, 1, "淘宝", "555", "https://x.example/1", 100, 1, town.clock.now())
    with pytest.raises(Invalid):
        list_at(on_sale, replace(on_sale, item_no="556", url="http://x.example/1"))
    with pytest.raises(NotFound, match="store_not_found"):
        list_at(on_sale, replace(on_sale, item_no="556", store_id=99))
    with pytest.raises(Refused, match="item_of_other_product"):
        list_at(on_sale, replace(on_sale, item_no="1002"))
    with pytest.raises(ValueError, match="two listings"):
        list_at(on_sale, on_sale)
    assert standing(town) == before


def test_many_that_are_open_are_left(town):
    """What a caller must give to the command for one is missing from the answer."""
    told = {
        1: registry.DeclaredStore(1, "淘宝", "100", "店", DAYS[0]),  # is there
        2: registry.DeclaredStore(1, "淘宝", "801", "店", DAYS[2]),  # to come
        3: registry.DeclaredStore(99, "淘宝", "802", "店", DAYS[0]),  # no such factory
        4: registry.DeclaredStore(1, "淘宝", "803", "店", DAYS[0]),
        5: registry.DeclaredStore(2, "淘宝", "803", "店", DAYS[0]),  # told twice
        6: registry.DeclaredStore(2, "淘宝", "804", "店", DAYS[0]),
    }
    kept = town.do(
        lambda s: registry.declare_stores(
            s, clock=town.clock, actor=town.officer, program=PROGRAM, rows=told, basis="平台",
            confirms=False,
        )
    )  # fmt: skip
    assert set(kept) == {6}
    with pytest.raises(NotAllowed):
        town.do(
            lambda s: registry.declare_stores(
                s, clock=town.clock, actor=town.marketer, program=PROGRAM, rows=told,
                basis="平台", confirms=False,
            )
        )  # fmt: skip
    seized = EarlierKind.PENALTY_DECISION
    records = {
        1: history.Earlier(1, seized, "pairs", reference_no="罚(1)", quantity=5),  # corrects
        2: history.Earlier(1, seized, "pairs", reference_no="罚9", quantity=-1),
        3: history.Earlier(1, seized, "pairs", reference_no="罚8", quantity=1),
    }
    done = town.do(
        lambda s: history.record_earlier_records(
            s, clock=town.clock, actor=town.officer, program=PROGRAM, rows=records,
            source="市监局", reliability=Reliability.OFFICIAL,
        )
    )  # fmt: skip
    assert {number: one.outcome for number, one in done.items()} == {3: "inserted"}
