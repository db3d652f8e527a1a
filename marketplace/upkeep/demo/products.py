"""Writes one factory's brand, mark, products, reports, pictures and listings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.clock import start_of
from marketplace.base.db.bulk import insert_many
from marketplace.base.files.tables import FileUse
from marketplace.base.text import fold_name
from marketplace.features.catalog.kinds import (
    HolderKind,
    LapseReason,
    Moderation,
    PhotoRole,
    ProductVerdict,
    TrademarkStatus,
)
from marketplace.features.catalog.queries.as_verified import FACE, face_with
from marketplace.features.catalog.rules import make_code
from marketplace.features.catalog.tables import (
    Brand,
    Lapse,
    Product,
    ProductDecision,
    ProductPhoto,
    Trademark,
)
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import Listing, ObjectionWindow
from marketplace.features.registry.tables import Factory, Store
from marketplace.upkeep.demo import goods
from marketplace.upkeep.demo.bulk import Bulk
from marketplace.upkeep.demo.goods import EVER_VERIFIED, Shelf
from marketplace.upkeep.demo.making import Firm, Made, write_reports
from marketplace.upkeep.demo.names import MAKER_STORIES, MODELS, SHOES
from marketplace.upkeep.demo.people import People
from marketplace.upkeep.demo.pictures import Drawn, Shoe
from marketplace.upkeep.demo.story import Plot, Story

_CATEGORY = {
    "run": "running", "court": "court", "canvas": "canvas",
    "bball": "basketball", "hike": "hiking", "kid": "kids",
}  # fmt: skip
_STATUS = {
    Shelf.LIVE: Moderation.VERIFIED,
    Shelf.EXPIRED: Moderation.LAPSED,
    Shelf.TEST_FAILED: Moderation.LAPSED,
    Shelf.TEST_EXPIRED: Moderation.LAPSED,
    Shelf.LEFT: Moderation.LAPSED,
    Shelf.RETURNED: Moderation.CHANGES_REQUESTED,
    Shelf.REJECTED: Moderation.REJECTED,
    Shelf.WITHDRAWN: Moderation.WITHDRAWN,
    Shelf.RECALLED: Moderation.RECALLED,
    Shelf.SUBMITTED: Moderation.SUBMITTED,
    Shelf.DRAFT: Moderation.DRAFT,
}
# What was decided last, with its reason code and its sentence; live ones were simply verified.
_DECIDED = {
    Shelf.RETURNED: (ProductVerdict.CHANGES_REQUESTED, "photos_unclear",
                     "外底没有拍到，请补一张鞋底照片。"),
    Shelf.REJECTED: (ProductVerdict.REJECTED, "design_evidence_weak",
                     "图稿没有日期，看不出早于首次销售；补上有日期的图稿可以重新送审。"),
    Shelf.WITHDRAWN: (ProductVerdict.WITHDRAWN, "other", "企业停产这一款，主动撤回。"),
    Shelf.RECALLED: (ProductVerdict.RECALLED, "other", "外底开胶，企业召回并退款。"),
}  # fmt: skip
_LAPSED = {
    Shelf.EXPIRED: LapseReason.VERIFICATION_EXPIRED,
    Shelf.TEST_FAILED: LapseReason.TEST_FAILED,
    Shelf.TEST_EXPIRED: LapseReason.TEST_EXPIRED,
    Shelf.LEFT: LapseReason.ENROLLMENT_ENDED,
}


def write_catalog(
    session: Session,
    bulk: Bulk,
    app: App,
    people: People,
    pictures: dict[Shoe, Drawn],
    story: Story,
    factory: Factory,
    stores: list[Store],
    rng: random.Random,
) -> tuple[int | None, tuple[int, ...]]:
    """Write a factory's brand, mark and products; return their numbers.

    What hangs on them goes to `bulk`, which is written later.
    """
    if story.brand is None or story.enrolled_on is None:
        return None, ()
    firm = Firm(session, bulk, app, people, story, factory, stores, rng)
    brand = _brand(firm)
    _mark(firm, brand)
    pool = sorted(pictures)
    own = [shoe for shoe in pool if shoe[0] == story.brand[0]]
    made = []
    for n in range(story.products):
        shoe = own[n % len(own)] if own else pool[(story.index * 7 + n) % len(pool)]
        made.append(_draw_up(firm, brand, n, shoe[1], pictures[shoe]))
    _number(firm, made)
    _photos(firm, made)
    for one in made:
        _settle(firm, one)
    return brand.key, tuple(one.key for one in made)


def _brand(firm: Firm) -> Brand:
    story = firm.story
    if story.brand is None or story.enrolled_on is None:
        raise ValueError(story.index)
    key, name_zh, name_en = story.brand
    told = MAKER_STORIES.get(key)
    brand = Brand(
        operator_id=firm.factory.operator_id, program=firm.factory.program,
        slug=(key or f"brand-{story.index:03d}"), name_zh=name_zh, name_en=name_en,
        name_fold=fold_name(name_zh), created_at=start_of(story.enrolled_on),
        story_zh=told[0] if told else None, story_en=told[1] if told else None,
        story_consent_at=firm.app.clock.now() if told else None,
    )  # fmt: skip
    firm.session.add(brand)
    firm.session.flush()
    return brand


def _mark(firm: Firm, brand: Brand) -> None:
    story, now = firm.story, firm.app.clock.now()
    registered = story.reached >= 4
    filed = (story.enrolled_on or firm.day) + timedelta(days=30)
    granted = filed + timedelta(days=150)
    holder = {0: HolderKind.HEAD, 4: HolderKind.AFFILIATE}.get(story.index % 7, HolderKind.FIRM)
    firm.bulk.add(
        Trademark,
        brand_id=brand.key,
        number=f"{70000000 + story.index * 137}",
        nice_class=25,
        status=TrademarkStatus.REGISTERED if registered else TrademarkStatus.PUBLISHED,
        holder_kind=holder,
        holder_name={
            HolderKind.AFFILIATE: f"{story.name}（关联）",
            HolderKind.HEAD: f"{story.head}（虚构）",
            HolderKind.FIRM: story.name,
        }[holder],
        license_until=firm.day + timedelta(days=900)
        if holder is HolderKind.AFFILIATE
        else None,
        filed_on=filed,
        registered_on=granted if registered else None,
        valid_until=granted + timedelta(days=3650) if registered else None,
        recorded_at=now,
        checked_at=now if registered else None,
    )


def _draw_up(firm: Firm, brand: Brand, n: int, kind: str, drawn: Drawn) -> Made:
    story, day, rng = firm.story, firm.day, firm.rng
    shelf = goods.shelf_of(
        story.index, n, may_verify=story.reached >= 5, left=story.plot is Plot.LEAVER
    )
    on = day - timedelta(days=rng.randint(45, 200) if shelf is not Shelf.EXPIRED else 380)
    until = on + timedelta(days=365)
    if shelf is Shelf.TEST_EXPIRED:
        until = day - timedelta(days=rng.randint(5, 40))
    elif shelf is Shelf.LIVE and n == 6:
        until = day + timedelta(days=rng.randint(6, 28))  # some end soon
    ever = shelf in EVER_VERIFIED
    row = {
        **_row_of(firm, brand, n, kind, shelf, on),
        "verified_at": start_of(on) + timedelta(hours=11) if ever else None,
        "valid_until": until if ever else None,
        "rulebook_sha256": firm.app.rulebook().sha256 if ever else None,
    }
    return Made(row, n, kind, shelf, on, until, drawn)


def _number(firm: Firm, made: Sequence[Made]) -> None:
    """Write the products; then where each stands and, once verified, the code made of its number."""
    region = firm.app.rulebook().program.region_code
    table = Product.__table__  # type: ignore[attr-defined]
    numbers = insert_many(firm.session, Product, [one.row for one in made])
    settled = []
    for one, number in zip(made, numbers, strict=True):
        one.row["id"] = number
        code = make_code(region, one.key) if one.shelf in EVER_VERIFIED else None
        settled.append({"of": one.key, "now": _STATUS[one.shelf], "made": code})
    if settled:
        firm.session.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("of"))
            .values(status=sa.bindparam("now"), code=sa.bindparam("made")),
            settled,
        )


def _settle(firm: Firm, one: Made) -> None:
    """Give a row what needs its number: reports, the decision, the listing."""
    if one.shelf is not Shelf.DRAFT or one.n % 4 == 0:
        write_reports(firm, one)
    _decide(firm, one)
    if one.shelf in EVER_VERIFIED and firm.stores:
        _list(firm, one)


def _photos(firm: Firm, made: Sequence[Made]) -> None:
    """Give each product its picture and its sheet; the files are stored once for all."""
    shown = [
        (one, role, file_id)
        for one in made
        for role, file_id in (
            (PhotoRole.MAIN, one.drawn.picture),
            (PhotoRole.DESIGN, one.drawn.sheet),
        )
    ]
    uses = insert_many(firm.session, FileUse, [_use(firm, *picture) for picture in shown])
    for (one, role, _file_id), use_id in zip(shown, uses, strict=True):
        firm.bulk.add(ProductPhoto, product_id=one.key, use_id=use_id, role=role, position=0)


def _use(firm: Firm, one: Made, role: PhotoRole, file_id: int) -> dict[str, object]:
    return {
        "file_id": file_id, "program": one.row["program"], "district": firm.factory.district,
        "operator_id": one.row["operator_id"], "subject": f"product:{one.key}",
        "purpose": "product_photo", "name": f"{one.row['model_no']}-{role.value}.webp",
        "uploaded_at": one.row["created_at"],
    }  # fmt: skip


def _row_of(
    firm: Firm, brand: Brand, n: int, kind: str, shelf: Shelf, on: date
) -> dict[str, Any]:
    model_zh, model_en = MODELS[(n + firm.story.index) % len(MODELS)]
    word_zh, word_en, price = SHOES[kind]
    series = "" if n < len(MODELS) else " II"
    basis = goods.design_basis_of(n)
    sent = firm.day - timedelta(days=n % 4 + firm.story.index % 3)
    waits = shelf is Shelf.SUBMITTED
    return {
        "brand_id": brand.key, "factory_id": firm.factory.key, "operator_id": firm.factory.operator_id,
        "program": firm.factory.program, "model_no": f"{brand.key:03d}-{n:02d}",
        "name_zh": f"{model_zh}{series} {word_zh}", "name_en": f"{model_en}{series} {word_en}",
        "category": _CATEGORY[kind],
        "description_zh": f"{model_zh}，{word_zh}。自有楦型，自有鞋底开模。（演示）",
        "description_en": f"{model_en}, a {word_en} on our own last and sole. (demo)",
        "price_fen": price + (n % 7) * 2000, "materials": goods.materials_of(kind),
        "gtin": goods.gtin_of(firm.story.index, n), "design_basis": basis,
        "design_reference": goods.design_reference_of(basis, firm.story.index, n),
        "design_on": on - timedelta(days=200), "status": Moderation.DRAFT,
        "submitted_by": firm.people.deputy.account_id if waits else None,
        "submitted_at": start_of(sent) + timedelta(hours=10) if waits else None,
        "due_on": sent + timedelta(days=7) if waits else None,
        "created_at": start_of(on - timedelta(days=40)), "updated_at": start_of(on),
    }  # fmt: skip


def _decide(firm: Firm, one: Made) -> None:
    """Write the last decision, and the fact that took a lapsed product out."""
    shelf = one.shelf
    if shelf in {Shelf.DRAFT, Shelf.SUBMITTED}:
        return
    if shelf in EVER_VERIFIED:
        _decision(firm, one, one.on)
    if shelf in _DECIDED:
        late = shelf in EVER_VERIFIED
        day = firm.day - timedelta(days=20) if late else one.on
        _decision(firm, one, day, *_DECIDED[shelf])
    reason = _LAPSED.get(shelf)
    if reason is not None:
        ended = reason in {LapseReason.VERIFICATION_EXPIRED, LapseReason.TEST_EXPIRED}
        at = one.row["valid_until"] if ended else firm.day - timedelta(days=9)
        firm.bulk.add(
            Lapse,
            product_id=one.key,
            reason=reason,
            cause=f"date:{one.row['valid_until']}" if ended else f"demo:{one.key}",
            at=start_of(at or firm.day),
        )


def _decision(
    firm: Firm,
    one: Made,
    on: date,
    verdict: ProductVerdict = ProductVerdict.VERIFIED,
    code: str | None = None,
    note: str | None = None,
) -> None:
    row, drawn = one.row, one.drawn
    verified = verdict is ProductVerdict.VERIFIED
    seen = [
        (PhotoRole.DESIGN, drawn.sheet_sha256),
        (PhotoRole.MAIN, drawn.picture_sha256),
    ]
    firm.bulk.add(
        ProductDecision,
        product_id=one.key,
        verdict=verdict,
        reason_codes={"codes": [code] if code else []},
        note=note,
        decided_by=firm.people.reviewer.account_id,
        decided_at=start_of(on) + timedelta(hours=11),
        valid_until=row["valid_until"] if verified else None,
        rulebook_sha256=firm.app.rulebook().sha256,
        snapshot={
            "name_zh": row["name_zh"],
            "price_fen": row["price_fen"],
            **({FACE: face_with(row, seen)} if verified else {}),
        },
    )


def _list(firm: Firm, one: Made) -> None:
    n, program = one.n, one.row["program"]
    store = firm.stores[n % len(firm.stores)]
    number = 600000000000 + one.key * 7919
    now = firm.app.clock.now()
    firm.bulk.add(
        Listing,
        product_id=one.key,
        store_id=store.key,
        program=program,
        platform=store.platform,
        item_no=f"{number}",
        url=f"https://shop.example/item/{number}",
        price_fen=one.row["price_fen"],
        stock=40 if n % 9 == 8 else firm.rng.randint(150, 2400),
        stock_as_of=now - timedelta(days=9 if n % 11 == 10 else 1),
    )
    firm.bulk.add(
        ObjectionWindow,
        product_id=one.key,
        program=program,
        opened_at=start_of(one.on),
        ends_on=one.on + timedelta(days=14),
        status=WindowStatus.CLEARED,
    )
