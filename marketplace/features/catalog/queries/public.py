"""What the public may know of a product: what was verified, by whom, until when.

Nothing here tells why a product is not valid, and nothing lets anyone infer an earlier record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.catalog.kinds import Moderation, PhotoRole
from marketplace.features.catalog.queries.as_verified import AsVerified, seen_when_verified
from marketplace.features.catalog.queries.evidence import main_pictures
from marketplace.features.catalog.queries.facts import live_conditions
from marketplace.features.catalog.tables import (
    Brand,
    Product,
    ProductPhoto,
)
from marketplace.features.registry.tables import Factory

PUBLIC_PAGE = 24


@dataclass(frozen=True, slots=True)
class PublicBrand:
    """A brand as the public sees it; the story only with the owner's consent."""

    slug: str
    name_zh: str
    name_en: str | None
    maker_zh: str
    maker_en: str | None
    district: str | None
    story_zh: str | None
    story_en: str | None
    live_products: int


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """A live product as the public sees it."""

    product_id: int
    program: str
    name_zh: str
    name_en: str | None
    brand_slug: str
    brand_zh: str
    brand_en: str | None
    maker_zh: str
    maker_en: str | None
    district: str | None
    category: str | None
    price_fen: int | None
    description_zh: str | None
    description_en: str | None
    materials: dict[str, str]
    code: str
    verified_at: datetime | None
    valid_until: date
    picture: str | None


def list_public_products(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str | None = None,
    category: str | None = None,
    brand_slug: str | None = None,
    page: int = 1,
) -> tuple[list[PublicProduct], int]:
    """Return a page of live products, latest verified first, and how many there are in all."""
    require(actor, "catalog.list_public_products", Scope(program=program))
    statement = _live(today(clock))
    if program is not None:
        statement = statement.where(col(Product.program) == program)
    if category is not None:
        statement = statement.where(col(Product.category) == category)
    if brand_slug is not None:
        statement = statement.where(col(Brand.slug) == brand_slug)
    total = session.execute(
        sa.select(sa.func.count()).select_from(statement.subquery())
    ).scalar_one()
    rows = session.execute(
        statement.order_by(col(Product.verified_at).desc(), col(Product.id).desc())
        .limit(PUBLIC_PAGE)
        .offset((max(page, 1) - 1) * PUBLIC_PAGE)
    ).all()
    return public_rows(session, rows), int(total)


def get_public_product(
    session: Session, actor: Actor, *, clock: Clock, code: str
) -> PublicProduct:
    """Return a live product by its code.

    Raises:
        NotFound: when no live product has it.
    """
    require(actor, "catalog.get_public_product", Scope())
    rows = session.execute(_live(today(clock)).where(col(Product.code) == code)).all()
    if not rows:
        raise NotFound("product_not_public", asked=code)
    return public_rows(session, rows)[0]


def list_public_codes(session: Session, actor: Actor, *, clock: Clock, limit: int) -> list[str]:
    """Return the codes of live products, the latest verified first."""
    require(actor, "catalog.list_public_codes", Scope())
    rows = session.execute(
        sa.select(col(Product.code))
        .where(*live_conditions(today(clock)))
        .order_by(col(Product.verified_at).desc(), col(Product.id).desc())
        .limit(limit)
    ).scalars()
    return [str(code) for code in rows]


def products_by_id(
    session: Session, *, clock: Clock, product_ids: Sequence[int]
) -> dict[int, PublicProduct]:
    """Return the live ones among some products; for read models that check access themselves."""
    if not product_ids:
        return {}
    rows = session.execute(
        _live(today(clock)).where(col(Product.id).in_(list(product_ids)))
    ).all()
    return {p.product_id: p for p in public_rows(session, rows)}


def list_public_brands(
    session: Session, actor: Actor, *, clock: Clock, program: str | None = None
) -> list[PublicBrand]:
    """Return brands with live products, most products first."""
    require(actor, "catalog.list_public_brands", Scope(program=program))
    live = live_conditions(today(clock))
    statement = (
        sa.select(Brand, sa.func.count(col(Product.id)), sa.func.min(col(Product.factory_id)))
        .join(Product, col(Product.brand_id) == col(Brand.id))
        .where(*live)
        .group_by(col(Brand.id))
        .order_by(sa.func.count(col(Product.id)).desc(), col(Brand.id))
    )
    if program is not None:
        statement = statement.where(col(Brand.program) == program)
    rows = session.execute(statement).all()
    return [_brand(session, brand, int(count), factory) for brand, count, factory in rows]


def get_public_brand(session: Session, actor: Actor, *, clock: Clock, slug: str) -> PublicBrand:
    """Return a brand that has live products.

    Raises:
        NotFound: when it has none.
    """
    require(actor, "catalog.get_public_brand", Scope())
    row = session.execute(
        sa.select(Brand, sa.func.count(col(Product.id)), sa.func.min(col(Product.factory_id)))
        .join(Product, col(Product.brand_id) == col(Brand.id))
        .where(*live_conditions(today(clock)), col(Brand.slug) == slug)
        .group_by(col(Brand.id))
    ).first()
    if row is None:
        raise NotFound("brand_not_public", slug=slug)
    return _brand(session, row[0], int(row[1]), row[2])


def is_public_picture(session: Session, actor: Actor, *, sha256: str) -> bool:
    """Tell whether a file is a picture of a verified product, or was when it last was verified."""
    require(actor, "catalog.is_public_picture", Scope())
    rows = session.execute(
        sa.select(col(Product.id), col(Product.status))
        .join(ProductPhoto, col(ProductPhoto.product_id) == col(Product.id))
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(
            col(StoredFile.sha256) == sha256,
            col(ProductPhoto.role).in_([PhotoRole.MAIN, PhotoRole.DETAIL]),
            col(Product.code).is_not(None),
        )
    ).all()
    if any(status is Moderation.VERIFIED for _id, status in rows):
        return True
    seen = seen_when_verified(session, {int(product_id) for product_id, _status in rows})
    return any(sha256 in one.pictures for one in seen.values())


def _live(day: date) -> sa.Select[Product, Brand, Factory]:
    return (
        sa.select(Product, Brand, Factory)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(*live_conditions(day))
    )


def public_rows(
    session: Session, rows: Sequence[sa.Row[Product, Brand, Factory]]
) -> list[PublicProduct]:
    """Return products as the public sees them, with their pictures.

    What is not verified now may hold what nobody has reviewed: it is told as it was verified.
    """
    pictures = main_pictures(session, [row[0].key for row in rows])
    told = [_product(row[0], row[1], row[2], pictures.get(row[0].key)) for row in rows]
    loose = {row[0].key for row in rows if row[0].status is not Moderation.VERIFIED}
    seen = seen_when_verified(session, loose)
    return [
        _as_verified(p, row[0].model_no, seen.get(p.product_id)) if p.product_id in loose else p
        for p, row in zip(told, rows, strict=True)
    ]


def _as_verified(p: PublicProduct, model_no: str, seen: AsVerified | None) -> PublicProduct:
    """The model number is never edited: it stands for a name that was not kept."""
    return replace(
        p,
        name_zh=(seen and seen.name_zh) or model_no,
        name_en=seen.name_en if seen else None,
        category=seen.category if seen else None,
        price_fen=seen.price_fen if seen else None,
        description_zh=seen.description_zh if seen else None,
        description_en=seen.description_en if seen else None,
        materials=seen.materials if seen else {},
        picture=p.picture if seen and p.picture in seen.pictures else None,
    )


def _product(p: Product, brand: Brand, factory: Factory, picture: str | None) -> PublicProduct:
    return PublicProduct(
        product_id=p.key,
        program=p.program,
        name_zh=p.name_zh,
        name_en=p.name_en,
        brand_slug=brand.slug,
        brand_zh=brand.name_zh,
        brand_en=brand.name_en,
        maker_zh=factory.name,
        maker_en=factory.name_en,
        district=factory.district,
        category=p.category,
        price_fen=p.price_fen,
        description_zh=p.description_zh,
        description_en=p.description_en,
        materials=dict(p.materials.get("parts", {})),
        code=p.code or "",
        verified_at=p.verified_at,
        valid_until=p.valid_until or date.min,
        picture=picture,
    )


def _brand(session: Session, brand: Brand, count: int, factory_id: int) -> PublicBrand:
    factory = session.get(Factory, factory_id)
    told = brand.story_consent_at is not None
    return PublicBrand(
        slug=brand.slug,
        name_zh=brand.name_zh,
        name_en=brand.name_en,
        maker_zh=factory.name if factory else brand.name_zh,
        maker_en=factory.name_en if factory else None,
        district=factory.district if factory else None,
        story_zh=brand.story_zh if told else None,
        story_en=brand.story_en if told else None,
        live_products=count,
    )
