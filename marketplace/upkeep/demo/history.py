"""Writes one factory's past years: register, ladder, stores, exposure, findings, products."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import month_index, month_start, start_of, today
from marketplace.base.files.tables import FileUse
from marketplace.base.text import fold_name
from marketplace.desk.reactions import index_factory
from marketplace.features.catalog.kinds import (
    DesignBasis,
    HolderKind,
    Moderation,
    PhotoRole,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.catalog.rules import make_code
from marketplace.features.catalog.tables import (
    Brand,
    Product,
    ProductPhoto,
    TestReport,
    Trademark,
)
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding, NearMiss
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.progress.kinds import (
    CertificationStatus,
    EnrollmentStatus,
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.tables import Certification, Enrollment, Inspection
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import Listing, ObjectionWindow
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
from marketplace.upkeep.demo.names import MODELS, SHOES
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.story import Plot, Story

CERTIFIED = ("real_name", "real_person", "on_site", "design_basis")
_CATEGORY = {
    "run": "running", "court": "court", "canvas": "canvas",
    "bball": "basketball", "hike": "hiking", "kid": "kids",
}  # fmt: skip
_STANDARD = {
    "running": "GB/T 15107-2013",
    "basketball": "GB/T 15107-2013",
    "court": "QB/T 2955-2017",
    "canvas": "GB 25038-2010",
    "kids": "QB/T 4331-2012",
    "hiking": "QB/T 4553-2013",
}
MONTHS = 60


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
    app: App,
    people: People,
    pictures: dict[tuple[str, str], int],
    story: Story,
    rng: random.Random,
) -> FactoryIds:
    """Write one factory's history and return its numbers."""
    now = app.clock.now()
    operator, factory = _register(session, app, people, story, rng)
    enrollment = _enroll(session, app, people, story, operator)
    _certify(session, app, people, story, factory, rng)
    stores = _stores(session, app, story, factory, rng)
    if stores:
        _watch(session, app, story, factory, operator, stores, rng)
    _inspect(session, app, people, story, factory, rng)
    _past(session, app, story, factory, rng)
    brand_id, products = _catalog(session, app, pictures, story, factory, stores, rng)
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
    return FactoryIds(factory.key, operator.key, tuple(s.key for s in stores), brand_id, products)


def _register(
    session: Session, app: App, people: People, story: Story, rng: random.Random
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
    session.add(
        ContractWork(
            factory_id=factory.key, from_year=story.founded,
            until_year=story.enrolled_on.year if story.enrolled_on else None,
            kind="运动鞋代工", pairs_per_year=story.capacity // 2,
        )  # fmt: skip
    )
    values = [
        (EntityKind.FACTORY, factory.key, "capacity_pairs_per_year", str(story.capacity)),
        (EntityKind.FACTORY, factory.key, "staff", str(story.staff)),
        (EntityKind.FACTORY, factory.key, "address", story.address),
        (EntityKind.FACTORY, factory.key, "name", story.name),
    ]
    session.execute(
        sa.insert(FieldValue),
        [
            {
                "entity": entity, "entity_id": entity_id, "program": program, "field": field,
                "value": value, "source": "工信局名单（虚构）", "source_on": at.date(),
                "recorded_at": at, "status": ValueStatus.CURRENT,
            }
            for entity, entity_id, field, value in values
        ],
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
        signed_on=story.enrolled_on - timedelta(days=3), signed_by=story.head,
        applied_by=None, applied_at=at - timedelta(days=2), enrolled_on=story.enrolled_on,
        accepted_by=people.officer.account_id, accepted_at=at,
    )  # fmt: skip
    session.add(row)
    return row


def _certify(
    session: Session, app: App, people: People, story: Story, factory: Factory, rng: random.Random
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
        session.add(
            Certification(
                factory_id=factory.key, operator_id=factory.operator_id, program=factory.program,
                condition=key, status=CertificationStatus.APPROVED, facts={},
                submitted_by=None, submitted_at=at - timedelta(days=3), due_on=decided,
                first_by=people.deputy.account_id if rule.second_person else None,
                decided_by=people.officer.account_id, decided_at=at, note="材料齐全（演示）",
                valid_until=until, rulebook_sha256=rulebook.sha256,
            )  # fmt: skip
        )


def _stores(
    session: Session, app: App, story: Story, factory: Factory, rng: random.Random
) -> list[Store]:
    stores = []
    opened = today(app.clock) - timedelta(days=30 * MONTHS)
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
        session.add(store)
        session.flush()
        session.add(
            StoreHolding(
                store_id=store.key, factory_id=factory.key, from_on=opened,
                basis="营业执照与平台主体一致", status=HoldingStatus.CONFIRMED,
                confirmed_at=start_of(opened),
            )  # fmt: skip
        )
        stores.append(store)
    return stores


def _watch(
    session: Session,
    app: App,
    story: Story,
    factory: Factory,
    operator: Operator,
    stores: list[Store],
    rng: random.Random,
) -> None:
    """Write what was checked each month and what was found in the same looking."""
    last = month_index(today(app.clock)) - 1
    zero = month_index(story.enrolled_on) if story.enrolled_on else last + 1
    first = zero if story.plot is Plot.NO_HISTORY else max(last - MONTHS + 1, zero - 24)
    exposures, findings = [], []
    for store in stores:
        for month in range(first, last + 1):
            if story.plot is Plot.GAPS and (month + story.index) % 5 == 0:
                continue
            checked = max(1, int(rng.gauss(story.checked_per_month, story.checked_per_month / 5)))
            rate = story.base_rate if month < zero else story.later_rate
            at = start_of(month_start(month + 1)) + timedelta(days=2)
            for kind, quantity in ((ExposureKind.CHECKED, checked), (ExposureKind.LISTED, checked * 5)):
                exposures.append(
                    {
                        "program": factory.program, "store_id": store.key, "month": month,
                        "kind": kind, "quantity": quantity, "source": "平台店铺月报（虚构）",
                        "revision": 1, "current": True, "recorded_at": at,
                    }
                )  # fmt: skip
            hits = sum(rng.random() < rate / 2.2 for _ in range(checked))
            if hits:
                origin = rng.choice((Origin.PROACTIVE_MODEL,) * 4 + (Origin.CONSUMER,))
                findings.append(_monthly(factory, operator, store, month, origin, hits, rng, at))
    if exposures:
        session.execute(sa.insert(Exposure), exposures)
    if findings:
        session.execute(sa.insert(Finding), findings)
    if story.plot is Plot.IMPROVER and story.index % 3 == 0:
        session.add(
            NearMiss(
                program=factory.program, store_id=stores[0].key, listings=2, month=last - 2,
                recorded_at=app.clock.now(), source="发布前筛查（虚构）",
            )  # fmt: skip
        )


def _monthly(
    factory: Factory,
    operator: Operator,
    store: Store,
    month: int,
    origin: Origin,
    hits: int,
    rng: random.Random,
    at: datetime,
) -> dict[str, object]:
    overturned = rng.random() < 0.03
    return {
        "program": factory.program, "reference": f"monthly:{store.key}:{month}:{origin.value}",
        "store_id": store.key, "factory_id": factory.key, "operator_id": operator.key,
        "basis": FindingBasis.MONTHLY_REPORT, "origin": origin,
        "listings": hits + (rng.random() < 0.4) * rng.randint(1, 3),
        "found_on": month_start(month), "found_month": month, "statement": "平台店铺月报（虚构）",
        "status": FindingStatus.OVERTURNED if overturned else FindingStatus.UPHELD,
        "recorded_at": at, "decided_at": at, "version": 1,
    }  # fmt: skip


def _inspect(
    session: Session, app: App, people: People, story: Story, factory: Factory, rng: random.Random
) -> None:
    if story.enrolled_on is None or story.reached < 3:
        return
    day = story.enrolled_on + timedelta(days=25)
    kind = InspectionKind.FIRST
    while day < today(app.clock) - timedelta(days=3):
        result = InspectionResult.PASSED
        if rng.random() < 0.18:
            result = InspectionResult.CORRECTIVE_ACTION
        session.add(
            Inspection(
                factory_id=factory.key, operator_id=factory.operator_id, program=factory.program,
                kind=kind, inspected_on=day, inspectors="林晓岚（演示）、陈一舟（演示）",
                result=result,
                non_conformities={
                    "items": []
                    if result is InspectionResult.PASSED
                    else [{"grade": "major", "text": "原料出入库记录不全（虚构）"}]
                },
                corrective_due_on=day + timedelta(days=21)
                if result is InspectionResult.CORRECTIVE_ACTION
                else None,
                recorded_by=people.officer.account_id, recorded_at=start_of(day),
            )  # fmt: skip
        )
        kind = InspectionKind.PERIODIC
        day += timedelta(days=rng.randint(150, 210))


def _past(
    session: Session, app: App, story: Story, factory: Factory, rng: random.Random
) -> None:
    if story.plot in {Plot.NO_HISTORY, Plot.NEWCOMER, Plot.DRAFT} or rng.random() < 0.45:
        return
    year = rng.randint(2012, 2020)
    session.add(
        EarlierRecord(
            program=factory.program, factory_id=factory.key, kind=EarlierKind.PENALTY_DECISION,
            period_from=date(year, rng.randint(1, 12), rng.randint(1, 28)),
            quantity=rng.randint(800, 9000), unit="pairs", value_fen=rng.randint(10, 90) * 1_000_000,
            cause="销售侵犯注册商标专用权的商品",
            reference_no=f"莆市监处罚〔{year}〕{story.index + 1}号（虚构）",
            source="市监局处罚台账（虚构）", reliability=Reliability.OFFICIAL,
            recorded_at=app.clock.now(),
        )  # fmt: skip
    )


def _catalog(
    session: Session,
    app: App,
    pictures: dict[tuple[str, str], int],
    story: Story,
    factory: Factory,
    stores: list[Store],
    rng: random.Random,
) -> tuple[int | None, tuple[int, ...]]:
    if story.brand is None or story.enrolled_on is None:
        return None, ()
    key, name_zh, name_en = story.brand
    now = app.clock.now()
    brand = Brand(
        operator_id=factory.operator_id, program=factory.program,
        slug=(key or f"brand-{story.index:03d}"), name_zh=name_zh, name_en=name_en,
        name_fold=fold_name(name_zh), created_at=start_of(story.enrolled_on),
        story_zh=f"{name_zh}做鞋{today(app.clock).year - story.founded}年，"
        "从代工转到自己的牌子。楦型、开版和试穿都在自己的车间。" if key else None,
        story_en=f"{name_en.title()} has made shoes for {today(app.clock).year - story.founded} "
        "years and moved from contract work to its own brand. Lasts, patterns and fitting are "
        "all done in house." if key else None,
        story_consent_at=now if key else None,
    )  # fmt: skip
    session.add(brand)
    session.flush()
    registered = story.reached >= 4
    filed = story.enrolled_on + timedelta(days=30)
    session.add(
        Trademark(
            brand_id=brand.key, number=f"{70000000 + story.index * 137}", nice_class=25,
            status=TrademarkStatus.REGISTERED if registered else TrademarkStatus.PUBLISHED,
            holder_kind=HolderKind.HEAD if story.index % 7 == 0 else HolderKind.FIRM,
            holder_name=story.name, filed_on=filed,
            registered_on=filed + timedelta(days=150) if registered else None,
            valid_until=filed + timedelta(days=150 + 3650) if registered else None,
            recorded_at=now, checked_at=now if registered else None,
        )  # fmt: skip
    )
    count = 20 if registered else rng.randint(4, 12)
    return brand.key, _products(
        session, app, pictures, story, factory, stores, brand, count, rng, registered=registered
    )


def _products(
    session: Session,
    app: App,
    pictures: dict[tuple[str, str], int],
    story: Story,
    factory: Factory,
    stores: list[Store],
    brand: Brand,
    count: int,
    rng: random.Random,
    *,
    registered: bool,
) -> tuple[int, ...]:
    own = sorted(kind for key, kind in pictures if story.brand and key == story.brand[0])
    pool = sorted(pictures)
    ids: list[int] = []
    leaver = story.plot is Plot.LEAVER
    for n in range(count):
        if own:
            kind, picture = own[n % len(own)], pictures[(str(story.brand and story.brand[0]), own[n % len(own)])]
        else:
            chosen = pool[(story.index * 7 + n) % len(pool)]
            kind, picture = chosen[1], pictures[chosen]
        ids.append(
            _product(
                session, app, story, factory, stores, brand, n, kind, picture, rng,
                may_verify=registered and story.reached >= 5 and not leaver,
            )  # fmt: skip
        )
    return tuple(ids)


def _product(
    session: Session,
    app: App,
    story: Story,
    factory: Factory,
    stores: list[Store],
    brand: Brand,
    n: int,
    kind: str,
    picture: int,
    rng: random.Random,
    *,
    may_verify: bool,
) -> int:
    model_zh, model_en = MODELS[(n + story.index) % len(MODELS)]
    word_zh, word_en, price = SHOES[kind]
    day = today(app.clock)
    series = "" if n < len(MODELS) else " II"
    verified = may_verify and n % 20 < 14
    expired = verified and n % 20 == 13
    verified_on = day - timedelta(days=rng.randint(30, 200) if not expired else 380)
    until = verified_on + timedelta(days=365)
    status = Moderation.VERIFIED if verified else Moderation.DRAFT
    if expired:
        status = Moderation.LAPSED
    if may_verify and n % 20 == 14:
        status = Moderation.CHANGES_REQUESTED
    if may_verify and n % 20 == 15:
        status = Moderation.REJECTED
    category = _CATEGORY[kind]
    product = Product(
        brand_id=brand.key, factory_id=factory.key, operator_id=factory.operator_id,
        program=factory.program, model_no=f"{brand.key:03d}-{n:02d}",
        name_zh=f"{model_zh}{series} {word_zh}", name_en=f"{model_en}{series} {word_en}",
        category=category,
        description_zh=f"{model_zh}，{word_zh}。自有楦型，自有鞋底开模。（演示）",
        description_en=f"{model_en}, a {word_en} on our own last and sole. (demo)",
        price_fen=price + (n % 7) * 2000,
        materials={"parts": {"鞋面": "工程网布", "内里": "聚酯网布", "中底": "EVA", "外底": "橡胶"}},
        design_basis=DesignBasis.DATED_DRAWINGS if n % 3 else DesignBasis.DESIGN_PATENT,
        design_reference=None if n % 3 else f"ZL2024{story.index:03d}{n:02d}（虚构）",
        design_on=verified_on - timedelta(days=200), status=status,
        verified_at=start_of(verified_on) + timedelta(hours=11) if verified else None,
        valid_until=until if verified else None,
        rulebook_sha256=app.rulebook().sha256 if verified else None,
        created_at=start_of(verified_on - timedelta(days=40)),
        updated_at=start_of(verified_on),
    )  # fmt: skip
    if verified:
        product.status = Moderation.DRAFT  # the code needs the row's number first
    session.add(product)
    session.flush()
    if verified:
        product.code = make_code(app.rulebook().program.region_code, product.key)
        product.status = status
    for role in (PhotoRole.MAIN, PhotoRole.DESIGN):
        use = FileUse(
            file_id=picture, program=factory.program, district=factory.district,
            operator_id=factory.operator_id, subject=f"product:{product.key}",
            purpose="product_photo", name=f"{model_zh}.webp", uploaded_at=app.clock.now(),
        )  # fmt: skip
        session.add(use)
        session.flush()
        session.add(ProductPhoto(product_id=product.key, use_id=use.key, role=role, position=0))
    if status is not Moderation.DRAFT or n % 4 == 0:
        _report(session, app, story, product, category, verified_on, n)
    if verified and stores:
        _list(session, app, product, stores[n % len(stores)], verified_on, n, rng)
    return product.key


def _report(
    session: Session, app: App, story: Story, product: Product, category: str, on: date, n: int
) -> None:
    issued = min(on - timedelta(days=20), today(app.clock) - timedelta(days=5))
    session.add(
        TestReport(
            product_id=product.key, report_no=f"HC{issued:%Y%m}-{story.index:03d}{n:02d}",
            laboratory="衡川检测（虚构）", cma_no="230000000000（虚构）", standard=_STANDARD[category],
            outcome=TestOutcome.PASSED, issued_on=issued,
            valid_until=issued + timedelta(days=730), recorded_at=app.clock.now(),
        )  # fmt: skip
    )


def _list(
    session: Session, app: App, product: Product, store: Store, on: date, n: int, rng: random.Random
) -> None:
    session.add(
        Listing(
            product_id=product.key, store_id=store.key, program=product.program,
            platform=store.platform, item_no=f"{600000000000 + product.key * 7919}",
            url=f"https://shop.example/item/{600000000000 + product.key * 7919}",
            price_fen=product.price_fen or 1, stock=40 if n % 9 == 8 else rng.randint(150, 2400),
            stock_as_of=app.clock.now() - timedelta(days=9 if n % 11 == 10 else 1),
        )  # fmt: skip
    )
    session.add(
        ObjectionWindow(
            product_id=product.key, program=product.program, opened_at=start_of(on),
            ends_on=on + timedelta(days=14), status=WindowStatus.CLEARED,
        )  # fmt: skip
    )
