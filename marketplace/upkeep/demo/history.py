"""Writes one factory's past years: register, ladder, stores, conduct, products."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import start_of, today
from marketplace.base.text import fold_name
from marketplace.desk.reactions import index_factory
from marketplace.features.progress.kinds import (
    CertificationStatus,
    EnrollmentStatus,
)
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import (
    EntityKind,
    FactoryStatus,
    HoldingStatus,
    StoreStatus,
    ValueStatus,
)
from marketplace.features.registry.tables import (
    ContractWork,
    Factory,
    FieldValue,
    Operator,
    Store,
    StoreHolding,
)
from marketplace.upkeep.demo.bulk import Bulk
from marketplace.upkeep.demo.conduct import (
    MONTHS,
    write_earlier,
    write_inspections,
    write_months,
)
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.pictures import Drawn, Shoe
from marketplace.upkeep.demo.products import write_catalog
from marketplace.upkeep.demo.story import Plot, Story

WATCHED = 3  # the firm on which one person decided
CERTIFIED = ("real_name", "real_person", "on_site", "design_basis")


@dataclass(frozen=True, slots=True)
class FactoryIds:
    """What a factory's rows got for numbers."""

    factory_id: int
    operator_id: int
    store_ids: tuple[int, ...]
    brand_id: int | None
    product_ids: tuple[int, ...]


def write_factory(
    session: Session,
    bulk: Bulk,
    app: App,
    people: People,
    pictures: dict[Shoe, Drawn],
    story: Story,
    rng: random.Random,
) -> FactoryIds:
    """Write one factory's history and return its numbers; its leaves go to `bulk`."""
    now = app.clock.now()
    operator, factory = _register(session, bulk, app, people, story, rng)
    enrollment = _enroll(session, app, people, story, operator)
    _certify(bulk, app, people, story, factory, rng)
    stores = _stores(session, bulk, app, story, factory)
    if stores:
        write_months(bulk, app, story, factory, operator, stores, rng)
    write_inspections(bulk, app, people, story, factory, rng)
    write_earlier(bulk, app, story, factory, rng)
    brand_id, products = write_catalog(
        session, bulk, app, people, pictures, story, factory, stores, rng
    )
    if enrollment is not None and story.plot is Plot.LEAVER:
        enrollment.status = EnrollmentStatus.WITHDRAWN
        enrollment.exit_on = today(app.clock) - timedelta(days=rng.randint(30, 150))
        enrollment.exit_reason = "转做其他行业（虚构）"
    session.flush()
    index_factory(session, app.house, FactoryChanged(factory.key))
    audit.record(
        session,
        clock=app.clock,
        actor=SYSTEM,
        action="upkeep.load_demo_factory",
        subject=f"factory:{factory.key}",
        program=factory.program,
        operator_id=operator.key,
        facts={"plot": story.plot, "at": now},
    )
    return FactoryIds(
        factory.key, operator.key, tuple(s.key for s in stores), brand_id, products
    )


def _register(
    session: Session, bulk: Bulk, app: App, people: People, story: Story, rng: random.Random
) -> tuple[Operator, Factory]:
    program = app.rulebook().program.key
    first = story.enrolled_on or today(app.clock) - timedelta(days=rng.randint(10, 60))
    at = start_of(first - timedelta(days=rng.randint(20, 90))) + timedelta(hours=9)
    operator = Operator(
        program=program, name=story.name, name_fold=fold_name(story.name), uscc=story.uscc,
        legal_representative=story.head, phone=story.phone, created_at=at,
    )  # fmt: skip
    session.add(operator)
    session.flush()
    officer = people.officer if story.index % 3 else people.deputy
    factory = Factory(
        operator_id=operator.key, program=program, name=story.name,
        name_fold=fold_name(story.name), name_en=story.name_en, district=story.district,
        address=story.address, category="footwear", capacity_pairs_per_year=story.capacity,
        staff=story.staff, above_scale=story.staff > 300, founded_year=story.founded,
        status=FactoryStatus.REGISTERED if story.uscc else FactoryStatus.DRAFT,
        officer_id=officer.account_id, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(factory)
    session.flush()
    bulk.add(
        ContractWork,
        factory_id=factory.key,
        from_year=story.founded,
        until_year=story.enrolled_on.year if story.enrolled_on else None,
        kind="运动鞋代工",
        pairs_per_year=story.capacity // 2,
    )
    for field, value in (
        ("capacity_pairs_per_year", str(story.capacity)),
        ("staff", str(story.staff)),
        ("address", story.address),
        ("name", story.name),
    ):
        bulk.add(
            FieldValue, entity=EntityKind.FACTORY, entity_id=factory.key, program=program,
            field=field, value=value, source="工信局名单（虚构）", source_on=at.date(),
            recorded_at=at, status=ValueStatus.CURRENT,
        )  # fmt: skip
    return operator, factory


def _enroll(
    session: Session, app: App, people: People, story: Story, operator: Operator
) -> Enrollment | None:
    if story.enrolled_on is None:
        return None
    at = start_of(story.enrolled_on) + timedelta(hours=10)
    status = EnrollmentStatus.ENROLLED
    if story.plot is Plot.IMPROVER and story.index % 11 == 5:
        status = EnrollmentStatus.GRADUATED
    if story.plot is Plot.STEADY and story.index % 9 == 4:
        status = EnrollmentStatus.PAUSED
    row = Enrollment(
        operator_id=operator.key, program=operator.program, status=status,
        signed_on=story.enrolled_on - timedelta(days=2 + story.index * 7 % 12), signed_by=story.head,
        applied_by=None, applied_at=at - timedelta(days=1 + story.index * 7 % 12), enrolled_on=story.enrolled_on,
        accepted_by=_pair(people, story, len(CERTIFIED))[0], accepted_at=at,
    )  # fmt: skip
    session.add(row)
    return row


def _certify(
    bulk: Bulk,
    app: App,
    people: People,
    story: Story,
    factory: Factory,
    rng: random.Random,
) -> None:
    rulebook = app.rulebook()
    start = story.enrolled_on or today(app.clock) - timedelta(days=20)
    for n, key in enumerate(CERTIFIED[: min(story.reached, len(CERTIFIED))]):
        rule = rulebook.condition(key)
        if rule is None or (story.enrolled_on is None and key == "on_site"):
            continue
        decided = min(
            start + timedelta(days=9 + n * rng.randint(5, 24)), today(app.clock) - timedelta(2)
        )
        until = None
        if rule.valid_days:
            until = decided + timedelta(days=rule.valid_days)
            while until <= today(app.clock) + timedelta(days=5):
                decided, until = until, until + timedelta(days=rule.valid_days)
            decided = min(decided, today(app.clock) - timedelta(days=1))
        at = start_of(decided) + timedelta(hours=15)
        decider, first = _pair(people, story, n)
        bulk.add(
            Certification,
            factory_id=factory.key,
            operator_id=factory.operator_id,
            program=factory.program,
            condition=key,
            status=CertificationStatus.APPROVED,
            facts={},
            submitted_by=None,
            submitted_at=at - timedelta(days=1 + (story.index + n) * 5 % 9),
            due_on=decided,
            first_by=first if rule.second_person else None,
            decided_by=decider,
            decided_at=at,
            note="材料齐全（演示）",
            valid_until=until,
            rulebook_sha256=rulebook.sha256,
        )


def _pair(people: People, story: Story, n: int) -> tuple[int | None, int | None]:
    """Return (who decides, who agrees first where two are needed).

    Two officers share the work; on one firm the deputy decided everything, so that the auditor
    has a pattern to ask about.
    """
    pair = (people.officer.account_id, people.deputy.account_id)
    is_deputy = (story.index + n) % 4 == 0 or story.index == WATCHED
    return (pair[1], pair[0]) if is_deputy else pair


def _stores(
    session: Session, bulk: Bulk, app: App, story: Story, factory: Factory
) -> list[Store]:
    stores = []
    opened = today(app.clock) - timedelta(days=31 * (MONTHS + 1))
    if story.plot is Plot.NO_HISTORY and story.enrolled_on:
        opened = story.enrolled_on
    short = story.name.removeprefix("（虚构）莆田市")[:3]
    for n in range(story.stores):
        platform = ("淘宝", "天猫", "抖音")[n % 3]
        store = Store(
            program=factory.program, platform=f"{platform}（演示）",
            store_no=f"DEMO{story.index:03d}{n}",
            name=f"{short}{('鞋铺', '运动店', '旗舰店')[n % 3]}（虚构）", status=StoreStatus.OPEN,
            created_at=start_of(opened),
        )  # fmt: skip
        stores.append(store)
    session.add_all(stores)
    session.flush()
    for store in stores:
        bulk.add(
            StoreHolding,
            store_id=store.key,
            factory_id=factory.key,
            from_on=opened,
            basis="营业执照与平台主体一致",
            status=HoldingStatus.CONFIRMED,
            confirmed_at=start_of(opened),
        )
    return stores
