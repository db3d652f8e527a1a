"""Takes rows of product lists: brand, product and, where the row names one, its listing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import civil_day
from marketplace.base.text import fold_name, normalize
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.lookups import Firm, find_firm, find_store
from marketplace.exchange.importing.taking import Rejected, Sending, Taken
from marketplace.exchange.kinds import Outcome
from marketplace.features.catalog.commands import add_brand, draft_product, edit_product
from marketplace.features.catalog.commands.products import EDITABLE
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.promotion.commands import record_listing
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.tables import Store

_LONGEST_MODEL = 60


def take_product(session: Session, sending: Sending, values: Mapping[str, Value]) -> Taken:
    """Draft a product or correct one that is not fixed yet; record its listing.

    An import verifies nothing: what comes in is a draft its owner completes and submits.
    """
    firm = find_firm(session, sending.program, values, name_field="factory_name")
    wanted = wanted_of(sending, values)
    model = model_of(values)
    known = _find(session, firm, str(values["brand"]), model)
    faults: tuple[RowFault, ...] = ()
    if known is None:
        outcome = Outcome.INSERTED
        product_id = _draft(session, sending, firm, values=values, model=model, wanted=wanted)
    else:
        product_id = known.key
        wanted["name_zh"] = values["name"]
        numbers = listed_numbers(session, [known.key]).get(known.key, set())
        wanted = of_the_product(wanted, values, numbers)
        outcome, faults = _correct(session, sending, known, wanted)
    if values.get("item_id"):
        listed, told = _list(session, sending, values, product_id)
        faults = (*faults, *told)
        if known is not None and listed is not Outcome.UNCHANGED:
            outcome = Outcome.UPDATED
    return Taken(outcome, faults)


def wanted_of(sending: Sending, values: Mapping[str, Value]) -> dict[str, object]:
    """Return what a row says of its product beside the name.

    Raises:
        Rejected: for a category the program does not have.
    """
    said = {
        "category": _category(sending, values.get("category")),
        "price_fen": values.get("price_fen"),
        "gtin": values.get("gtin"),
        "description_zh": values.get("note"),
    }
    return {field: value for field, value in said.items() if value is not None}


def listed_numbers(session: Session, product_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the platforms' numbers each of some products is listed under."""
    found: dict[int, set[str]] = {}
    rows = session.execute(
        sa.select(col(Listing.product_id), col(Listing.item_no)).where(
            col(Listing.product_id).in_(product_ids)
        )
    )
    for product_id, number in rows:
        found.setdefault(int(product_id), set()).add(str(number))
    return found


def of_the_product(
    wanted: Mapping[str, object], values: Mapping[str, Value], numbers: Collection[str]
) -> dict[str, object]:
    """Leave out the price where the product is listed under another number than the row's.

    Each listing then has a price of its own: were the product's corrected by each, the same file
    would change it at every import.
    """
    item = normalize(str(values.get("item_id") or ""))
    is_one_of_several = bool(item) and any(number != item for number in numbers)
    return {f: v for f, v in wanted.items() if not (f == "price_fen" and is_one_of_several)}


def model_of(values: Mapping[str, Value]) -> str:
    """Return the model number; a product without one goes by its name.

    Raises:
        Rejected: for a name that is too long to be a number.
    """
    model = str(values.get("model_no") or values["name"])
    if len(model) > _LONGEST_MODEL:
        facts = {"longest": _LONGEST_MODEL, "length": len(model)}
        raise Rejected(RowFault("model_no", "row_text_too_long", model[:40], facts))
    return model


def _draft(
    session: Session,
    sending: Sending,
    firm: Firm,
    *,
    values: Mapping[str, Value],
    model: str,
    wanted: Mapping[str, object],
) -> int:
    brand_id = add_brand(
        session,
        clock=sending.clock,
        actor=sending.actor,
        operator_id=firm.operator_id,
        name_zh=str(values["brand"]),
    )
    return draft_product(
        session,
        clock=sending.clock,
        actor=sending.actor,
        brand_id=brand_id,
        factory_id=firm.factory_id,
        model_no=model,
        name_zh=str(values["name"]),
        values=wanted,
    )


def _correct(
    session: Session, sending: Sending, known: Product, wanted: Mapping[str, object]
) -> tuple[Outcome, tuple[RowFault, ...]]:
    """Change a product that is not fixed; of a fixed one say that it differs."""
    settled = as_it_stands(known, wanted)
    if settled is not None:
        return Outcome.UNCHANGED, settled
    changed = edit_product(
        session,
        clock=sending.clock,
        actor=sending.actor,
        product_id=known.key,
        values=wanted,
    )
    return (Outcome.UPDATED if changed else Outcome.UNCHANGED), ()


def as_it_stands(known: Product, wanted: Mapping[str, object]) -> tuple[RowFault, ...] | None:
    """Return what there is to say of a product a row does not change; None where it would."""
    if all(getattr(known, field) == value for field, value in wanted.items()):
        return ()
    if known.status in EDITABLE:
        return None
    facts = {"status": known.status.value}
    return (RowFault("name", "product_fixed", known.name_zh, facts, blocking=False),)


def lacking_faults(values: Mapping[str, Value], store: Store | None) -> tuple[RowFault, ...]:
    """Say what a row lacks to be a listing; nothing where it lacks nothing."""
    lacking = next((f for f in ("url", "price_fen", "stock") if values.get(f) is None), None)
    if store is not None and lacking is None:
        return ()
    column = "store_no" if store is None else str(lacking)
    code = "row_store_unknown" if store is None else "row_listing_incomplete"
    text = str(values.get("store_no") or "") if store is None else ""
    return (RowFault(column, code, text, blocking=False),)


def _list(
    session: Session, sending: Sending, values: Mapping[str, Value], product_id: int
) -> tuple[Outcome, tuple[RowFault, ...]]:
    """Record the listing; what it lacks is said, the product stays in."""
    store = _store(session, sending, values)
    lacking = lacking_faults(values, store)
    if store is None or lacking:
        return Outcome.UNCHANGED, lacking
    _, outcome = record_listing(
        session,
        sending.rulebook,
        clock=sending.clock,
        actor=sending.actor,
        product_id=product_id,
        store_id=store.key,
        item_no=str(values["item_id"]),
        url=str(values["url"]),
        price_fen=int(str(values["price_fen"])),
        stock=int(str(values["stock"])),
        stock_as_of=_as_of(session, sending, store, values),
    )
    return Outcome(outcome), ()


def _as_of(
    session: Session, sending: Sending, store: Store, values: Mapping[str, Value]
) -> datetime:
    known = session.execute(
        select(Listing).where(
            Listing.platform == store.platform, Listing.item_no == str(values["item_id"])
        )
    ).scalar()
    return stock_as_of(sending, known, values)


def stock_as_of(
    sending: Sending, known: Listing | None, values: Mapping[str, Value]
) -> datetime:
    """Now; the same figures sent again on the same day are as old as when they came."""
    now = sending.clock.now()
    if known is None or any(
        getattr(known, field) != values[field] for field in ("url", "price_fen", "stock")
    ):
        return now
    kept: datetime = known.stock_as_of
    return kept if civil_day(kept) == civil_day(now) else now


def _store(session: Session, sending: Sending, values: Mapping[str, Value]) -> Store | None:
    if not values.get("store_no"):
        return None
    return find_store(session, sending.program, values.get("platform"), values["store_no"])


def _find(session: Session, firm: Firm, brand: str, model: str) -> Product | None:
    found: Product | None = session.execute(
        select(Product)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(
            Brand.operator_id == firm.operator_id,
            Brand.name_fold == fold_name(brand),
            Product.model_no == model,
        )
    ).scalar()
    return found


def _category(sending: Sending, text: Value) -> str | None:
    """Return the key of a category named by key or by its Chinese or English name."""
    if not text:
        return None
    wanted = fold_name(str(text))
    for category in sending.rulebook.product.categories:
        if wanted in {fold_name(n) for n in (category.key, category.name_zh, category.name_en)}:
            return category.key
    names = "、".join(c.name_zh for c in sending.rulebook.product.categories)
    raise Rejected(RowFault("category", "row_category_unknown", str(text), {"known": names}))
