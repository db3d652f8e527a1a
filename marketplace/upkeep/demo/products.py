"""Writes one factory's brand, trademark, products, reports and listings."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.clock import start_of, today
from marketplace.base.files.tables import FileUse
from marketplace.base.text import fold_name
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
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import Listing, ObjectionWindow
from marketplace.features.registry.tables import (
    Factory,
    Store,
)
from marketplace.upkeep.demo.names import MODELS, SHOES
from marketplace.upkeep.demo.story import Plot, Story

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


def write_catalog(
    session: Session,
    app: App,
    pictures: dict[tuple[str, str], int],
    story: Story,
    factory: Factory,
    stores: list[Store],
    rng: random.Random,
) -> tuple[int | None, tuple[int, ...]]:
    """Write a factory's brand, mark and products; return their numbers."""
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
            brand_id=brand.key,
            number=f"{70000000 + story.index * 137}",
            nice_class=25,
            status=TrademarkStatus.REGISTERED if registered else TrademarkStatus.PUBLISHED,
            holder_kind=HolderKind.HEAD if story.index % 7 == 0 else HolderKind.FIRM,
            holder_name=story.name,
            filed_on=filed,
            registered_on=filed + timedelta(days=150) if registered else None,
            valid_until=filed + timedelta(days=150 + 3650) if registered else None,
            recorded_at=now,
            checked_at=now if registered else None,
        )
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
            kind, picture = (
                own[n % len(own)],
                pictures[(str(story.brand and story.brand[0]), own[n % len(own)])],
            )
        else:
            chosen = pool[(story.index * 7 + n) % len(pool)]
            kind, picture = chosen[1], pictures[chosen]
        ids.append(
            _product(
                session,
                app,
                story,
                factory,
                stores,
                brand,
                n,
                kind,
                picture,
                rng,
                may_verify=registered and story.reached >= 5 and not leaver,
            )
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
            product_id=product.key,
            report_no=f"HC{issued:%Y%m}-{story.index:03d}{n:02d}",
            laboratory="衡川检测（虚构）",
            cma_no="230000000000（虚构）",
            standard=_STANDARD[category],
            outcome=TestOutcome.PASSED,
            issued_on=issued,
            valid_until=issued + timedelta(days=730),
            recorded_at=app.clock.now(),
        )
    )


def _list(
    session: Session,
    app: App,
    product: Product,
    store: Store,
    on: date,
    n: int,
    rng: random.Random,
) -> None:
    session.add(
        Listing(
            product_id=product.key,
            store_id=store.key,
            program=product.program,
            platform=store.platform,
            item_no=f"{600000000000 + product.key * 7919}",
            url=f"https://shop.example/item/{600000000000 + product.key * 7919}",
            price_fen=product.price_fen or 1,
            stock=40 if n % 9 == 8 else rng.randint(150, 2400),
            stock_as_of=app.clock.now() - timedelta(days=9 if n % 11 == 10 else 1),
        )
    )
    session.add(
        ObjectionWindow(
            product_id=product.key,
            program=product.program,
            opened_at=start_of(on),
            ends_on=on + timedelta(days=14),
            status=WindowStatus.CLEARED,
        )
    )
