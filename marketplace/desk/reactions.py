"""Keeps the search index in step and tells people what was decided about them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, select

from marketplace.base.access.actor import Role
from marketplace.base.access.queries import (
    accounts_of_operator,
    accounts_with_role,
    officers_of,
)
from marketplace.base.clock import today
from marketplace.base.house import House
from marketplace.base.inbox import notify
from marketplace.desk import indexing
from marketplace.desk.standing import refresh_later
from marketplace.features.catalog.events import (
    BrandChangeDecided,
    ProductDecided,
    ProductLapsed,
    ProductRestored,
    ProductSubmitted,
    TrademarkChanged,
)
from marketplace.features.catalog.kinds import ProductVerdict
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.enforcement.events import (
    FindingDecided,
    FindingDismissed,
    FindingOverturned,
    FindingRecorded,
    StoreClosed,
)
from marketplace.features.progress.events import CertificationChanged, EnrollmentChanged
from marketplace.features.promotion.events import SlotVacated
from marketplace.features.registry.events import ChangeRequestDecided, FactoryChanged
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Factory, Store, StoreHolding

_TAKEN_AWAY = {ProductVerdict.WITHDRAWN.value, ProductVerdict.RECALLED.value}


def keep_standing(session: Session, house: House, event: object) -> None:
    """Have the rows of the lists worked out again for every factory a fact is about."""
    refresh_later(session, house, _factories_of(session, event))


def index_brands(session: Session, house: House, event: TrademarkChanged) -> None:
    """Make the factories of a firm findable by a brand that came to it."""
    del house
    indexing.index_later(session, _of_operator(session, event.operator_id))


def index_factory(session: Session, house: House, event: FactoryChanged) -> None:
    """Make a factory findable by its name, code, brands and people's spelling of them."""
    del house
    indexing.index_later(session, [event.factory_id])


def tell_certification(session: Session, house: House, event: CertificationChanged) -> None:
    """A submission reaches the office, a decision reaches the owner."""
    facts = {"condition": event.condition}
    subject = f"certification:{event.certification_id}"
    if event.status == "submitted":
        district = session.execute(
            select(Factory.district).where(Factory.id == event.factory_id)
        ).scalar()
        to: Iterable[int] = officers_of(session, event.program, district)
    else:
        to = accounts_of_operator(session, event.operator_id)
    notify(
        session, clock=house.clock, account_ids=to, code=f"certification_{event.status}",
        facts=facts, subject=subject, program=event.program,
    )  # fmt: skip


def tell_enrollment(session: Session, house: House, event: EnrollmentChanged) -> None:
    """An enrollment decision reaches the owner."""
    notify(
        session, clock=house.clock, account_ids=accounts_of_operator(session, event.operator_id),
        code=f"enrollment_{event.status}", facts={},
        subject=f"enrollment:{event.enrollment_id}", program=event.program,
    )  # fmt: skip


def tell_change_decided(session: Session, house: House, event: ChangeRequestDecided) -> None:
    """An answered change request reaches the owner."""
    notify(
        session, clock=house.clock, account_ids=accounts_of_operator(session, event.operator_id),
        code="change_approved" if event.approved else "change_returned", facts={},
        subject=f"change_request:{event.request_id}", program=None,
    )  # fmt: skip


def tell_brand_change_decided(
    session: Session, house: House, event: BrandChangeDecided
) -> None:
    """An answered request reaches the owner; firm and products are found by the new name."""
    brand = session.get(Brand, event.brand_id)
    notify(
        session, clock=house.clock, account_ids=accounts_of_operator(session, event.operator_id),
        code="brand_change_approved" if event.approved else "brand_change_returned",
        facts={"brand": brand.name_zh if brand else ""},
        subject=f"brand:{event.brand_id}", program=event.program,
    )  # fmt: skip
    if not event.approved:
        return
    indexing.index_later(session, _of_operator(session, event.operator_id))
    products = select(Product.id).where(Product.brand_id == event.brand_id)
    indexing.index_products(session, [int(i) for i in session.execute(products).scalars()])


def tell_product_submitted(session: Session, house: House, event: ProductSubmitted) -> None:
    """A submitted product reaches the reviewers."""
    _tell_product(
        session, house, event.product_id, event.program, "product_submitted",
        accounts_with_role(session, event.program, Role.REVIEWER),
    )  # fmt: skip


def tell_product_decided(session: Session, house: House, event: ProductDecided) -> None:
    """A decision on a product reaches the owner, and the index knows its names."""
    _tell_product(
        session, house, event.product_id, event.program, f"product_{event.verdict}",
        accounts_of_operator(session, event.operator_id),
    )  # fmt: skip
    product = session.get(Product, event.product_id)
    if event.verdict in _TAKEN_AWAY and product is not None and product.code is not None:
        _tell_product(
            session, house, event.product_id, event.program, "product_not_featurable",
            accounts_with_role(session, event.program, Role.MARKETER),
        )  # fmt: skip
    indexing.index_product(session, event.product_id)


def tell_product_lapsed(session: Session, house: House, event: ProductLapsed) -> None:
    """A lapse reaches the owner with its reason and the marketers with its class."""
    to_owner = accounts_of_operator(session, event.operator_id)
    to_marketers = accounts_with_role(session, event.program, Role.MARKETER)
    _tell_product(
        session, house, event.product_id, event.program, f"lapse_{event.reason}", to_owner
    )
    _tell_product(
        session, house, event.product_id, event.program, "product_not_featurable", to_marketers
    )


def tell_product_restored(session: Session, house: House, event: ProductRestored) -> None:
    """A restored product reaches owner and marketers."""
    to = [
        *accounts_of_operator(session, event.operator_id),
        *accounts_with_role(session, event.program, Role.MARKETER),
    ]
    _tell_product(session, house, event.product_id, event.program, "product_back", to)


def tell_finding_decided(session: Session, house: House, event: FindingDecided) -> None:
    """A decided finding reaches the owner."""
    if event.operator_id is None:
        return
    store = session.get(Store, event.store_id)
    notify(
        session, clock=house.clock, account_ids=accounts_of_operator(session, event.operator_id),
        code="finding_upheld", facts={"store": store.name if store else ""},
        subject=f"finding:{event.finding_id}", program=event.program,
    )  # fmt: skip


def tell_finding_recorded(session: Session, house: House, event: FindingRecorded) -> None:
    """A suspected finding reaches the owner, so that he can be heard before it is decided."""
    _tell_finding(session, house, event, "finding_recorded")


def tell_finding_dismissed(session: Session, house: House, event: FindingDismissed) -> None:
    """A suspicion that does not stand is told to the owner as plainly as one that does."""
    _tell_finding(session, house, event, "finding_dismissed")


def tell_finding_overturned(session: Session, house: House, event: FindingOverturned) -> None:
    """An overturned finding reaches the owner it was held against."""
    _tell_finding(session, house, event, "finding_overturned")


def _tell_finding(
    session: Session,
    house: House,
    event: FindingRecorded | FindingDismissed | FindingOverturned,
    code: str,
) -> None:
    if event.operator_id is None:
        return
    store = session.get(Store, event.store_id)
    notify(
        session, clock=house.clock, account_ids=accounts_of_operator(session, event.operator_id),
        code=code, facts={"store": store.name if store else ""},
        subject=f"finding:{event.finding_id}", program=event.program,
    )  # fmt: skip


def tell_store_closed(session: Session, house: House, event: StoreClosed) -> None:
    """A closure reaches the owner, and who took the store over since the finding."""
    store = session.get(Store, event.store_id)
    holder = holder_on(session, store_id=event.store_id, day=today(house.clock))
    firms = {event.operator_id, holder[1] if holder else None}
    told = {n for f in firms if f is not None for n in accounts_of_operator(session, f)}
    notify(
        session, clock=house.clock, account_ids=told,
        code="store_closed", facts={"store": store.name if store else ""},
        subject=f"store:{event.store_id}", program=event.program,
    )  # fmt: skip


def tell_slot_vacated(session: Session, house: House, event: SlotVacated) -> None:
    """An emptied slot reaches the marketers."""
    _tell_product(
        session, house, event.product_id, event.program, "slot_vacated",
        accounts_with_role(session, event.program, Role.MARKETER),
    )  # fmt: skip


def _factories_of(session: Session, event: object) -> set[int]:
    """The factories an event names: itself, its firm's, its store's holders', its product's."""
    found: set[int] = set()
    if (factory_id := getattr(event, "factory_id", None)) is not None:
        found.add(int(factory_id))
    found.update(getattr(event, "factory_ids", ()))
    if (store_id := getattr(event, "store_id", None)) is not None:
        held = select(StoreHolding.factory_id).where(StoreHolding.store_id == store_id)
        found.update(session.execute(held).scalars())
    if (product_id := getattr(event, "product_id", None)) is not None:
        made = select(Product.factory_id).where(Product.id == product_id)
        found.update(session.execute(made).scalars())
    if (operator_id := getattr(event, "operator_id", None)) is not None:
        found.update(_of_operator(session, int(operator_id)))
    return found


def _of_operator(session: Session, operator_id: int) -> list[int]:
    rows = session.execute(select(Factory.id).where(Factory.operator_id == operator_id))
    return [int(i) for i in rows.scalars() if i is not None]


def _tell_product(
    session: Session,
    house: House,
    product_id: int,
    program: str,
    code: str,
    to: Iterable[int],
) -> None:
    product = session.get(Product, product_id)
    name = product.name_zh if product else ""
    notify(
        session, clock=house.clock, account_ids=to, code=code, facts={"product": name},
        subject=f"product:{product_id}", program=program,
    )  # fmt: skip
