"""Adds many new brands and products of one list at once; what is left is what one by one would.

Whoever calls has seen that nothing about a row is open: a fault, or a brand or product that is
there already, refuses all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.db.bulk import insert_many
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.base.text import fold_name, normalize, normalize_name
from marketplace.features.catalog.commands.brands import (
    faults_of_brand,
    first_free,
    slug_base,
)
from marketplace.features.catalog.commands.products import FIELDS, clean_values, missing_of
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.registry.queries import scopes_of_operators
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class NewBrand:
    """An own brand of an operator."""

    operator_id: int
    name_zh: str


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product as `draft_product` takes it, with the operator its brand is of."""

    brand_id: int
    operator_id: int
    factory_id: int
    model_no: str
    name_zh: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was inserted, and what it holds."""

    key: int
    values: Mapping[str, Any]


def faults_of_draft(model_no: str, name_zh: str, values: Mapping[str, object]) -> list[Fault]:
    """Return what keeps a product out, whoever makes it."""
    faults = missing_of(normalize(model_no), normalize_name(name_zh))
    clean_values(values, faults)
    return faults


def add_brands(
    session: Session, *, clock: Clock, actor: Actor, program: str, rows: Sequence[NewBrand]
) -> list[Kept]:
    """Add brands nobody has yet; return them in order. Slugs are given out in the same order.

    Raises:
        Invalid: for a name that is none.
        NotFound: for an operator that is not of the program, or out of the actor's reach.
        IntegrityError: when an operator has a brand of that name.
    """
    require(actor, "catalog.add_brands", Scope(program=program))
    faults = [fault for row in rows for fault in faults_of_brand(row.name_zh)]
    if faults:
        raise Invalid(faults)
    scopes = _scopes(session, actor, "catalog.add_brands", program, rows)
    taken = _slugs(session, rows)
    values: list[dict[str, Any]] = []
    for row in rows:
        name = normalize_name(row.name_zh)
        slug = first_free(slug_base(name, row.operator_id), taken)
        taken.add(slug)
        values.append(_brand_values(clock, row, name, slug, program))
    keys = insert_many(session, Brand, values)
    for row, key, said in zip(rows, keys, values, strict=True):
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action="catalog.add_brand",
            subject=f"brand:{key}",
            program=program,
            operator_id=scopes[row.operator_id].operator_id,
            after={"name_zh": said["name_zh"]},
        )
    return [Kept(key, said) for key, said in zip(keys, values, strict=True)]


def draft_products(
    session: Session, *, clock: Clock, actor: Actor, program: str, rows: Sequence[NewProduct]
) -> list[Kept]:
    """Begin products nobody has yet; return them in order.

    Raises:
        Invalid: for faults in the fields, or a factory of another operator.
        NotFound: for an operator that is not of the program, or out of the actor's reach.
        IntegrityError: when a brand has a product of that model number.
    """
    require(actor, "catalog.draft_products", Scope(program=program))
    _scopes(session, actor, "catalog.draft_products", program, rows)
    faults = _factory_faults(session, rows)
    for row in rows:
        faults += faults_of_draft(row.model_no, row.name_zh, row.values)
    if faults:
        raise Invalid(faults)
    values = [_product_values(clock, row, program) for row in rows]
    keys = insert_many(session, Product, values)
    for row, key, said in zip(rows, keys, values, strict=True):
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action="catalog.draft_product",
            subject=f"product:{key}",
            program=program,
            operator_id=row.operator_id,
            after={
                "model_no": said["model_no"],
                "name_zh": said["name_zh"],
                **clean_values(row.values, []),
            },
        )
    return [Kept(key, said) for key, said in zip(keys, values, strict=True)]


def _scopes(
    session: Session,
    who: Actor,
    action: str,
    program: str,
    rows: Sequence[NewBrand] | Sequence[NewProduct],
) -> dict[int, Scope]:
    scopes = scopes_of_operators(session, {row.operator_id for row in rows})
    for row in rows:
        scope = scopes.get(row.operator_id)
        if scope is None or scope.program != program:
            raise NotFound("operator_not_found", operator_id=row.operator_id)
        require(who, action, scope)
    return scopes


def _slugs(session: Session, rows: Sequence[NewBrand]) -> set[str]:
    """The taken slugs among the first of each base, so many that enough of them are free."""
    wanted = Counter(slug_base(normalize_name(row.name_zh), row.operator_id) for row in rows)
    taken: set[str] = set()
    looked = wanted
    while looked:
        some = {base: _first_slugs(base, 2 * count) for base, count in looked.items()}
        candidates = {slug for slugs in some.values() for slug in slugs}
        taken.update(
            session.execute(
                sa.select(col(Brand.slug)).where(col(Brand.slug).in_(candidates))
            ).scalars()
        )
        looked = Counter(
            {
                base: 2 * count
                for base, count in looked.items()
                if len(set(some[base]) - taken) < wanted[base]
            }
        )
    return taken


def _first_slugs(base: str, count: int) -> list[str]:
    """A base and what follows it where it is taken, in the order of `first_free`."""
    return [base, *(f"{base}-{n}" for n in range(2, count + 1))]


def _factory_faults(session: Session, rows: Sequence[NewProduct]) -> list[Fault]:
    found = session.execute(
        sa.select(col(Factory.id), col(Factory.operator_id)).where(
            col(Factory.id).in_({row.factory_id for row in rows})
        )
    )
    owners = {int(key): int(operator_id) for key, operator_id in found}
    return [
        Fault("factory_id", "factory_not_yours")
        for row in rows
        if owners.get(row.factory_id) != row.operator_id
    ]


def _brand_values(
    clock: Clock, row: NewBrand, name: str, slug: str, program: str
) -> dict[str, Any]:
    return {
        "operator_id": row.operator_id,
        "program": program,
        "slug": slug,
        "name_zh": name,
        "name_fold": fold_name(name),
        "created_at": clock.now(),
        "version": 1,
    }


def _product_values(clock: Clock, row: NewProduct, program: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(FIELDS),  # one statement for all: each row has every column
        "materials": {},
        "brand_id": row.brand_id,
        "factory_id": row.factory_id,
        "operator_id": row.operator_id,
        "program": program,
        "model_no": normalize(row.model_no),
        "name_zh": normalize_name(row.name_zh),
        "status": Moderation.DRAFT,
        "created_at": clock.now(),
        "updated_at": clock.now(),
        "version": 1,
        **clean_values(row.values, []),
    }
