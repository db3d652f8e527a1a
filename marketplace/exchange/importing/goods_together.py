"""Takes the products of one portion of a file together, where nothing about them is open.

A product nobody has yet, a known one that the row does not change, and its listing, new, known or
refreshed, are taken here. A row is left when it would correct a product, when an earlier row of
the portion is about the same product or may be the first of the same brand, and when another row
tells the same number of a platform. So what is taken here changes nothing for a row that is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Scope, may
from marketplace.base.db.watching import Touched, inserted
from marketplace.base.text import fold_name, normalize, normalize_name
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.goods import (
    as_it_stands,
    lacking_faults,
    listed_numbers,
    model_of,
    of_the_product,
    stock_as_of,
    wanted_of,
)
from marketplace.exchange.importing.lookups import (
    Firm,
    choose_store,
    known_firm,
    stores_numbered,
)
from marketplace.exchange.importing.opening import Openings
from marketplace.exchange.importing.taking import Rejected, Sending, Taken, TakenAhead
from marketplace.exchange.kinds import Outcome
from marketplace.features.catalog.commands import (
    NewBrand,
    NewProduct,
    add_brands,
    draft_products,
    faults_of_brand,
    faults_of_draft,
    slug_base,
)
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.promotion.commands import (
    OnSale,
    faults_of_listing,
    listings_numbered,
    record_listings,
)
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.queries import scopes_of_factories, scopes_of_operators
from marketplace.features.registry.tables import Store

Row = Mapping[str, Value]
BrandKey = tuple[int, str]  # operator, folded name
_OF_OPERATOR = ("catalog.add_brands", "catalog.draft_products")


@dataclass(slots=True)
class _Ware:
    """A row with what it is about; `product` is None where nobody has it yet."""

    values: Row
    firm: Firm
    model: str
    wanted: Mapping[str, object]
    product: Product | None = None
    store: Store | None = None
    faults: tuple[RowFault, ...] = ()
    written: list[Touched] = field(default_factory=list)
    outcome: Outcome = Outcome.UNCHANGED
    product_id: int = 0

    @property
    def brand(self) -> BrandKey:
        """The brand, known or new."""
        return self.firm.operator_id, fold_name(str(self.values["brand"]))

    @property
    def slug(self) -> str:
        """What the slug of its brand, were it new, begins with."""
        return slug_base(normalize_name(str(self.values["brand"])), self.firm.operator_id)

    @property
    def identity(self) -> tuple[BrandKey, str]:
        """What two rows about the same product have in common."""
        return self.brand, self.model


@dataclass(frozen=True, slots=True)
class _Known:
    """What the portion's rows may be about, asked once for all."""

    brands: Mapping[BrandKey, int]
    products: Mapping[tuple[BrandKey, str], Product]
    stores: Mapping[str, list[Store]]
    listings: Mapping[tuple[str, str], Listing]
    numbers: Mapping[int, Collection[str]]  # of products
    scopes: Mapping[int, Scope]  # of operators
    factories: Mapping[int, Scope]


def take_products(
    session: Session, sending: Sending, rows: Mapping[int, Row]
) -> dict[int, TakenAhead]:
    """Take at once the products nothing is open about; the others are taken one by one."""
    wares = _wares(session, sending, rows)
    known = _look_up(session, sending, wares.values())
    items = Counter(normalize(str(v["item_id"])) for v in rows.values() if v.get("item_id"))
    openings = Openings()
    ready: dict[int, _Ware] = {}
    for number, ware in wares.items():
        is_plain = _is_plain(sending, ware, known, items)
        is_known = ware.brand in known.brands
        if openings.takes(ware.identity, ware.slug, is_plain=is_plain, is_known=is_known,
                          is_new=ware.product is None):  # fmt: skip
            ready[number] = ware
    _write_brands_and_products(session, sending, ready.values(), known.brands)
    _write_listings(session, sending, ready.values(), known)
    return {
        number: TakenAhead(Taken(ware.outcome, ware.faults), tuple(ware.written))
        for number, ware in ready.items()
    }


def _wares(session: Session, sending: Sending, rows: Mapping[int, Row]) -> dict[int, _Ware]:
    """The rows of known firms with a category there is; the others are refused one by one."""
    found: dict[int, _Ware] = {}
    for number, values in rows.items():
        firm = known_firm(session, sending.program, values, name_field="factory_name")
        if firm is None:
            continue
        try:
            model, wanted = model_of(values), wanted_of(sending, values)
        except Rejected:
            continue
        found[number] = _Ware(values, firm, model, wanted)
    return found


def _look_up(session: Session, sending: Sending, wares: Iterable[_Ware]) -> _Known:
    some = list(wares)
    operators = {ware.firm.operator_id for ware in some}
    brands = {
        (int(operator_id), fold): int(key)
        for key, operator_id, fold in session.execute(
            sa.select(col(Brand.id), col(Brand.operator_id), col(Brand.name_fold)).where(
                col(Brand.operator_id).in_(operators),
                col(Brand.name_fold).in_({ware.brand[1] for ware in some}),
            )
        )
    }
    of_key = {key: brand for brand, key in brands.items()}
    products = {
        (of_key[one.brand_id], one.model_no): one
        for one in session.execute(
            select(Product).where(
                col(Product.brand_id).in_(of_key),
                col(Product.model_no).in_({ware.model for ware in some}),
            )
        ).scalars()
    }
    factories = {ware.firm.factory_id for ware in some}
    factories |= {one.factory_id for one in products.values()}
    numbers = {str(w.values["store_no"]) for w in some if w.values.get("store_no")}
    items = [str(w.values["item_id"]) for w in some if w.values.get("item_id")]
    return _Known(
        brands=brands,
        products=products,
        stores=stores_numbered(session, sending.program, numbers),
        listings=listings_numbered(session, items),
        numbers=listed_numbers(session, [one.key for one in products.values()]),
        scopes=scopes_of_operators(session, operators),
        factories=scopes_of_factories(session, factories),
    )


def _is_plain(sending: Sending, ware: _Ware, known: _Known, items: Counter[str]) -> bool:
    """Tell whether nothing about a row itself is open; says what there is to say of it."""
    values = ware.values
    ware.product = known.products.get(ware.identity)
    if not _is_in_reach(sending, ware, known):
        return False
    if ware.product is None:
        ware.outcome = Outcome.INSERTED
        name = str(values["name"])
        if faults_of_brand(str(values["brand"])) or faults_of_draft(
            ware.model, name, ware.wanted
        ):
            return False
    else:
        numbers = known.numbers.get(ware.product.key, ())
        ware.wanted = of_the_product(ware.wanted, values, numbers)
        settled = as_it_stands(ware.product, {**ware.wanted, "name_zh": values["name"]})
        if settled is None:
            return False
        ware.faults = settled
    if not values.get("item_id"):
        return True
    return _is_plain_listing(sending, ware, known, items)


def _is_in_reach(sending: Sending, ware: _Ware, known: _Known) -> bool:
    """A brand is where its operator's first factory is, a listing where its product's is."""
    factory_id = ware.firm.factory_id if ware.product is None else ware.product.factory_id
    of_operator = known.scopes.get(ware.firm.operator_id)
    of_factory = known.factories.get(factory_id)
    if of_operator is None or of_factory is None:
        return False
    return may(sending.actor, "promotion.record_listings", of_factory) and all(
        may(sending.actor, action, of_operator) for action in _OF_OPERATOR
    )


def _is_plain_listing(
    sending: Sending, ware: _Ware, known: _Known, items: Counter[str]
) -> bool:
    values = ware.values
    number, item = str(values.get("store_no") or ""), normalize(str(values["item_id"]))
    if items[item] > 1:
        return False
    try:
        store = choose_store(known.stores.get(number, ()), values.get("platform"), number)
    except Rejected:
        return False
    lacking = lacking_faults(values, store)
    ware.faults = (*ware.faults, *lacking)
    if store is None or lacking:
        return True
    ware.store = store
    listing = known.listings.get((store.platform, item))
    if listing is not None and (ware.product is None or listing.product_id != ware.product.key):
        return False
    return not faults_of_listing(
        sending.clock,
        number=item,
        url=str(values["url"]),
        price_fen=int(str(values["price_fen"])),
        stock=int(str(values["stock"])),
        stock_as_of=sending.clock.now(),
    )


def _write_brands_and_products(
    session: Session, sending: Sending, ready: Iterable[_Ware], brands: Mapping[BrandKey, int]
) -> None:
    """Add the brands in the order of their first rows, then the products."""
    fresh = [ware for ware in ready if ware.product is None]
    firsts: dict[BrandKey, _Ware] = {}
    for ware in fresh:
        if ware.brand not in brands:
            firsts.setdefault(ware.brand, ware)
    keys = dict(brands)
    added = add_brands(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        rows=[NewBrand(key[0], str(ware.values["brand"])) for key, ware in firsts.items()],
    )
    for (brand, ware), one in zip(firsts.items(), added, strict=True):
        keys[brand] = one.key
        ware.written.append(inserted(Brand, one.key, one.values))
    drafted = draft_products(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        rows=[_new_product(ware, keys[ware.brand]) for ware in fresh],
    )
    for ware, one in zip(fresh, drafted, strict=True):
        ware.product_id = one.key
        ware.written.append(inserted(Product, one.key, one.values))


def _new_product(ware: _Ware, brand_id: int) -> NewProduct:
    return NewProduct(
        brand_id=brand_id,
        operator_id=ware.firm.operator_id,
        factory_id=ware.firm.factory_id,
        model_no=ware.model,
        name_zh=str(ware.values["name"]),
        values=ware.wanted,
    )


def _write_listings(
    session: Session, sending: Sending, ready: Iterable[_Ware], known: _Known
) -> None:
    listed = [(ware, ware.store) for ware in ready if ware.store is not None]
    kept = record_listings(
        session,
        clock=sending.clock,
        actor=sending.actor,
        program=sending.program,
        rows=[_on_sale(sending, ware, store, known) for ware, store in listed],
    )
    for (ware, _), one in zip(listed, kept, strict=True):
        if one.written is not None:
            ware.written.append(one.written)
        if ware.product is not None and one.outcome != Outcome.UNCHANGED:
            ware.outcome = Outcome.UPDATED


def _on_sale(sending: Sending, ware: _Ware, store: Store, known: _Known) -> OnSale:
    values, item = ware.values, str(ware.values["item_id"])
    return OnSale(
        product_id=ware.product_id if ware.product is None else ware.product.key,
        store_id=store.key,
        platform=store.platform,
        item_no=item,
        url=str(values["url"]),
        price_fen=int(str(values["price_fen"])),
        stock=int(str(values["stock"])),
        stock_as_of=stock_as_of(
            sending, known.listings.get((store.platform, normalize(item))), values
        ),
    )
