"""The demo shows every state there is, with pictures, and nothing of a real firm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from marketplace.assembly import App, open_app
from marketplace.base.access import PUBLIC
from marketplace.base.access.queries import is_demo
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Account
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import SHANGHAI, today
from marketplace.base.db import read
from marketplace.base.db.migrate import migrate
from marketplace.base.errors import Unavailable
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.identifiers import check_gtin
from marketplace.base.settings import Settings
from marketplace.base.words import has_key
from marketplace.features.catalog.kinds import DesignBasis, LapseReason, Moderation, PhotoRole
from marketplace.features.catalog.queries.as_verified import (
    FACE,
    face_of,
    verifying_decision,
)
from marketplace.features.catalog.queries.public import list_public_products
from marketplace.features.catalog.rules.measured import read_results
from marketplace.features.catalog.tables import Lapse, Product, ProductPhoto, TestReport
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.queries import list_fast
from marketplace.features.oversight.queries.decisions import gather
from marketplace.features.promotion.kinds import (
    CollectionStatus,
    SlotKind,
    SlotStatus,
    WindowStatus,
)
from marketplace.features.promotion.tables import Collection, ObjectionWindow, Slot
from marketplace.upkeep.demo.goods import PRODUCTS
from marketplace.upkeep.demo.load import SEED, load_demo
from marketplace.upkeep.demo.story import FACTORIES, stories
from marketplace.upkeep.rebuilding import find_differences
from tests.conftest import open_demo


@pytest.fixture(scope="module")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_demo(demo_template, tmp_path_factory.mktemp("demo") / "var") as app:
        yield app


def found(app: App, statement: sa.Select) -> list:
    with read(app.store) as session:
        return list(session.execute(statement).scalars())


def test_there_are_fifteen_hundred_products_in_every_state(demo: App) -> None:
    products = found(demo, select(Product))
    assert len(products) == PRODUCTS == 1_500
    assert {p.status for p in products} == set(Moderation)
    assert {p.design_basis for p in products} == set(DesignBasis)
    live = [p for p in products if p.status is Moderation.VERIFIED]
    assert len(live) > 600
    ending = today(demo.clock) + timedelta(days=30)
    assert any(p.valid_until and p.valid_until < ending for p in live)
    assert {p.gtin is None for p in live} == {True, False}
    assert all(check_gtin(p.gtin) is None for p in products if p.gtin)


def test_a_product_went_for_every_reason_there_is(demo: App) -> None:
    assert {lapse.reason for lapse in found(demo, select(Lapse))} == set(LapseReason)


def test_the_design_sheet_is_not_the_picture_and_each_file_is_stored_once(demo: App) -> None:
    """60 shoes are drawn, each with a sheet: 120 files for 3,000 uses."""
    with read(demo.store) as session:
        rows = session.execute(
            select(ProductPhoto.product_id, ProductPhoto.role, StoredFile.sha256)
            .join(FileUse, FileUse.id == ProductPhoto.use_id)
            .join(StoredFile, StoredFile.id == FileUse.file_id)
        ).all()
    main = {p: sha for p, role, sha in rows if role is PhotoRole.MAIN}
    design = {p: sha for p, role, sha in rows if role is PhotoRole.DESIGN}
    assert main.keys() == design.keys()
    assert len(main) == PRODUCTS
    assert all(main[p] != design[p] for p in main)
    assert not set(main.values()) & set(design.values())
    assert len({sha for _p, _r, sha in rows}) == 120
    files = found(demo, select(StoredFile))
    assert all((demo.data_dir / "files" / f.sha256[:2] / f.sha256).exists() for f in files)


def test_what_a_verification_saw_is_what_the_product_shows(demo: App) -> None:
    """Decisions of past years are written past the commands; they keep the same as theirs."""
    with read(demo.store) as session:
        live = session.execute(
            select(Product).where(Product.status == Moderation.VERIFIED).order_by(Product.id)
        ).scalars().all()  # fmt: skip
        for product in live[::40]:
            decision = verifying_decision(session, product.key)
            assert decision is not None
            assert decision.snapshot[FACE] == face_of(session, product)


def test_lists_and_sums_are_what_the_facts_come_to_on_this_day(demo: App) -> None:
    """They are made once, when all was told, and kept by the events from then on."""
    assert find_differences(demo) == []


def test_a_load_that_was_broken_off_is_told_from_a_whole_one(tmp_path: Path) -> None:
    app = open_app(Settings(data_dir=tmp_path / "var"))
    migrate(app.store)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(app, progress=stop)
    with read(app.store) as session:
        assert is_demo(session), "what is here is fictional all the same, and says so"
    with pytest.raises(Unavailable) as told:
        load_demo(app)
    assert told.value.code == "demo_broken_off"
    assert told.value.facts == {"folder": str(tmp_path / "var")}
    app.store.dispose()


def test_measured_values_can_be_read_and_a_failed_report_misses_a_limit(demo: App) -> None:
    reports = found(demo, select(TestReport).where(TestReport.results != sa.JSON.NULL))
    kinds = set()
    for report in reports:
        rows = read_results(report.results).rows
        kinds |= {row.kind for row in rows}
    assert kinds == {"at_least", "at_most", "not_detected", "not_applicable"}


def test_objections_are_open_waiting_upheld_and_dismissed(demo: App) -> None:
    windows = found(demo, select(ObjectionWindow))
    assert {w.status for w in windows} == set(WindowStatus)
    assert sum(w.status is WindowStatus.OBJECTED for w in windows) == 2
    assert any(w.decided_at and w.status is WindowStatus.OPEN for w in windows)
    assert len({w.ends_on for w in windows if w.status is WindowStatus.OPEN}) > 3


def test_collections_are_in_every_phase_with_pins_rotation_and_a_held_slot(demo: App) -> None:
    now = demo.clock.now()
    rows = found(demo, select(Collection))
    published = [c for c in rows if c.status is CollectionStatus.PUBLISHED]
    assert {c.status for c in rows} == set(CollectionStatus)
    assert {
        "ended" if c.ends_at <= now else "live" if c.starts_at <= now else "scheduled"
        for c in published
    } == {"ended", "live", "scheduled"}
    slots = found(demo, select(Slot))
    assert {s.kind for s in slots} == set(SlotKind)
    assert {s.status for s in slots} == set(SlotStatus)
    assert all(s.reason for s in slots if s.kind is SlotKind.PINNED)
    rotated = [s for s in slots if s.status is SlotStatus.REMOVED and s.removed_reason]
    assert rotated, "a reserve took the place of a product that failed its test"


def test_the_public_sees_only_fictional_firms(demo: App) -> None:
    with read(demo.store) as session:
        shown, total = list_public_products(session, PUBLIC, clock=demo.clock)
    assert total > 600
    assert all("虚构" in p.maker_zh for p in shown)


def test_two_decisions_of_the_office_came_too_fast_and_the_rest_at_working_hours(
    demo: App,
) -> None:
    day = today(demo.clock)
    with read(demo.store) as session:
        login = session.execute(select(Account).where(Account.login == "auditor")).scalar_one()
        auditor = actor_of(session, login.key)
        assert auditor is not None
        fast = list_fast(
            session, auditor, demo.rulebook(), since=day - timedelta(days=365), until=day
        )
        told = gather(
            session, auditor, program=demo.rulebook().program.key,
            since=day - timedelta(days=365), until=day,
        )  # fmt: skip
    assert [(round(d.minutes or 0, 2), d.kind) for d in fast.fast] == [
        (0.75, DecisionKind.PRODUCT), (2.67, DecisionKind.PRODUCT),
    ]  # fmt: skip
    assert len({d.by for d in fast.fast}) == 1
    assert all(p.median_minutes is None or p.median_minutes > 24 * 60 for p in fast.people)
    assert all(d.minutes is None or d.minutes > 0 for d in told), "nothing before it was sent"
    hours = {d.at.astimezone(SHANGHAI).hour for d in told if d.at < demo.clock.now()}
    assert len(hours) > 5


def test_the_same_seed_tells_the_same_stories() -> None:
    told = stories(SEED, date(2026, 11, 23))
    assert told == stories(SEED, date(2026, 11, 23))
    assert len(told) == FACTORIES == 120
    assert sum(s.products for s in told) == PRODUCTS


def test_every_deed_of_the_trail_is_told_in_words(demo: App) -> None:
    actions = {str(a) for a in found(demo, select(AuditEntry.action).distinct())}
    assert len(actions) > 60
    assert {a for a in actions if not has_key(f"action.{a}")} == set()
