"""Owners draft products, attach pictures, and submit them when complete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.identifiers import check_gtin
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import is_wordless, normalize, normalize_name, normalize_prose
from marketplace.features.catalog import rules
from marketplace.features.catalog.events import ProductSubmitted
from marketplace.features.catalog.kinds import (
    DesignBasis,
    Moderation,
)
from marketplace.features.catalog.queries.facts import (
    product_facts,
    scope_of_brand,
    scope_of_product,
)
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.registry.tables import Factory

EDITABLE = frozenset({Moderation.DRAFT, Moderation.CHANGES_REQUESTED, Moderation.LAPSED})
FIELDS = (
    "name_zh",
    "name_en",
    "category",
    "description_zh",
    "description_en",
    "price_fen",
    "materials",
    "gtin",
    "design_basis",
    "design_reference",
    "design_on",
)
_PROSE = frozenset({"description_zh", "description_en"})


def draft_product(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    brand_id: int,
    factory_id: int,
    model_no: str,
    name_zh: str,
    values: Mapping[str, object] | None = None,
) -> int:
    """Begin a product; the same model number of a brand is the same product.

    Raises:
        Invalid: for faults in the fields, or a factory of another operator.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.draft_product", scope)
    brand = session.get(Brand, brand_id)
    factory = session.get(Factory, factory_id)
    model, name = normalize(model_no), normalize_name(name_zh)
    faults = missing_of(model, name)
    if factory is None or brand is None or factory.operator_id != brand.operator_id:
        faults.append(Fault("factory_id", "factory_not_yours"))
    clean = clean_values(values or {}, faults)
    if faults or brand is None:
        raise Invalid(faults)
    known = session.execute(
        select(Product.id).where(Product.brand_id == brand_id, Product.model_no == model)
    ).scalar()
    if known is not None:
        return int(known)
    product = Product(
        brand_id=brand_id,
        factory_id=factory_id,
        operator_id=brand.operator_id,
        program=brand.program,
        model_no=model,
        name_zh=name,
        status=Moderation.DRAFT,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    for field, value in clean.items():
        setattr(product, field, value)
    session.add(product)
    session.flush()
    product_trail(
        session, clock, actor, "catalog.draft_product", product,
        after={"model_no": model, "name_zh": name, **clean},
    )  # fmt: skip
    return product.key


def edit_product(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    values: Mapping[str, object],
) -> tuple[str, ...]:
    """Change a product that is not under review; return the fields that really changed.

    A save that changes nothing does nothing. A verified product is fixed: what was verified is
    what is shown.

    Raises:
        Refused: while submitted, verified, rejected, withdrawn or recalled.
    """
    require(actor, "catalog.edit_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status not in EDITABLE:
        raise Refused("product_fixed", status=product.status.value)
    faults: list[Fault] = []
    clean = clean_values(values, faults)
    if faults:
        raise Invalid(faults)
    before = {field: getattr(product, field) for field in clean}
    # A row of older days may hold text that was never tidied: that is no change of the owner's.
    changed = {f: v for f, v in clean.items() if _tidy(f, before[f]) != v}
    if not changed:
        return ()
    for field, value in changed.items():
        setattr(product, field, value)
    product.updated_at = clock.now()
    product_trail(
        session, clock, actor, "catalog.edit_product", product,
        before={f: before[f] for f in changed}, after=changed,
    )  # fmt: skip
    return tuple(changed)


def submit_product(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, product_id: int
) -> date:
    """Submit a product for review; return the day it must be answered by.

    Raises:
        Refused: not in a state to be submitted, or incomplete; the facts name what is missing.
    """
    require(actor, "catalog.submit_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status not in EDITABLE:
        raise Refused("product_fixed", status=product.status.value)
    items = rules.completeness(rulebook, product_facts(session, product), today(clock))
    missing = rules.missing_items(items)
    if missing:
        raise Refused("product_incomplete", missing=list(missing), count=len(missing))
    product.status = Moderation.SUBMITTED
    product.submitted_by = actor.account_id
    product.submitted_at = clock.now()
    product.due_on = add_working_days(
        today(clock), rulebook.product.review_working_days, rulebook.calendar
    )
    product.updated_at = clock.now()
    product_trail(session, clock, actor, "catalog.submit_product", product)
    announce(session, ProductSubmitted(product_id, product.operator_id, product.program))
    return product.due_on


def load_product(session: Session, product_id: int) -> Product:
    """Return a product for writing.

    Raises:
        NotFound: when there is none.
    """
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product_not_found", product_id=product_id)
    return product


def missing_of(model_no: str, name_zh: str) -> list[Fault]:
    """Return what a draft cannot be without."""
    return [
        Fault(place, "name_wordless" if given else "field_missing")
        for place, given in (("name_zh", name_zh), ("model_no", model_no))
        if is_wordless(given)
    ]


def clean_values(values: Mapping[str, object], faults: list[Fault]) -> dict[str, object]:
    """Return the fields of a product as they are kept; what is wrong is added to `faults`."""
    clean: dict[str, object] = {}
    for field, value in values.items():
        if field not in FIELDS:
            faults.append(Fault(field, "field_unknown"))
            continue
        text = _tidy(field, value)
        clean[field] = text
        if field == "name_zh" and is_wordless(str(text or "")):
            faults.append(Fault(field, "name_wordless" if text else "field_missing"))
        if field == "price_fen" and text is not None:
            ok = isinstance(text, int) and not isinstance(text, bool) and 0 < text < 10**9
            if not ok:
                faults.append(Fault(field, "price_out_of_range"))
        if field == "gtin" and text is not None:
            fault = check_gtin(str(text))
            if fault is not None:
                faults.append(Fault(field, fault.code, fault.facts))
        if field == "design_basis" and text is not None:
            clean[field] = DesignBasis(str(text))
        if field == "materials":
            parts = value if isinstance(value, Mapping) else {}
            clean[field] = {
                "parts": {
                    normalize(str(k)): normalize(str(v)) for k, v in parts.items() if str(v)
                }
            }
    return clean


def _tidy(field: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return (normalize_prose if field in _PROSE else normalize)(value) or None


def product_trail(
    session: Session,
    clock: Clock,
    who: Actor,
    action: str,
    product: Product,
    *,
    facts: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Record what was done to a product."""
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=f"product:{product.key}",
        program=product.program,
        operator_id=product.operator_id,
        facts=facts,
        before=before,
        after=after,
    )
