"""What the program file says of a category: signals, sampling, price floor, tests, measures."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from marketplace.base.money import format_yuan
from marketplace.base.rulebook.enforcement import CategoryPolicy, MeasureName
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.queries import ProductRow, get_product
from marketplace.features.enforcement.kinds import MeasureKind

NAMES = ("signals", "sampling_rate", "price_floor_fen", "tests", "measures")


def show_policies(page: Here) -> None:
    """Show a card a category in the order of the file, parents first, with what is inherited."""
    rules = page.rulebook.enforcement
    for written in rules.categories:
        policy = rules.category(written.key)
        if policy is None:
            continue
        with st.container(key=f"card_policy_{written.key}"):
            parent = policy_name(page, rules.inherits_from(written.key))
            kit.section(
                name_of(page, policy),
                page.t("policies.inherits", parent=parent) if parent else "",
            )
            kit.facts(
                [
                    (page.t(f"policies.{name}"), _value(page, policy, name, written.key))
                    for name in NAMES
                ]
            )


def show_signals(page: Here, products: Iterable[ProductRow]) -> None:
    """Say of products what their category asks to look at, and whether one is below its floor."""
    rules = page.rulebook.enforcement
    for product in products:
        policy = rules.category(product.category) if product.category else None
        if policy is None:
            continue
        lines = [f"{page.t('policies.signals')}{page.t('app.colon')}{_signals(page, policy)}"]
        floor = rules.floor_above(product.category, product.price_fen)
        if floor is not None and product.price_fen is not None:
            lines.append(
                page.t(
                    "policies.below_floor",
                    price=format_yuan(product.price_fen),
                    floor=format_yuan(floor),
                )
            )
        kit.rows([(f"{product.name_zh} · {name_of(page, policy)}", " ".join(lines), "")])


def is_offered(page: Here, product_ids: Iterable[int], measure: MeasureKind) -> bool:
    """Tell whether the categories of what a finding names list a measure; the command refuses too."""
    with reading(page) as session:
        categories = [
            get_product(session, page.actor, clock=page.app.clock, product_id=n).category
            for n in product_ids
        ]
    return page.rulebook.enforcement.allows(categories, measure.value)


def name_of(page: Here, policy: CategoryPolicy) -> str:
    """Return the word of a category."""
    return policy.name_zh if page.lang == "zh" else policy.name_en


def policy_name(page: Here, key: str | None) -> str:
    """Return the word of a category by its key, nothing for none."""
    policy = page.rulebook.enforcement.category(key) if key else None
    return name_of(page, policy) if policy else ""


def _value(page: Here, policy: CategoryPolicy, name: str, key: str) -> str:
    said = _said(page, policy, name)
    giver = page.rulebook.enforcement.given_by(key, name)
    if giver is None or giver == key:
        return said
    return page.t("policies.inherited", value=said, parent=policy_name(page, giver))


def _said(page: Here, policy: CategoryPolicy, name: str) -> str:
    comma = page.t("app.comma")
    if name == "signals":
        return _signals(page, policy)
    if name == "sampling_rate":
        rate = policy.sampling_rate
        return "—" if rate is None else page.t("policies.rate", percent=f"{rate:.0%}")
    if name == "price_floor_fen":
        floor = policy.price_floor_fen
        return "—" if floor is None else format_yuan(floor)
    if name == "tests":
        return comma.join(policy.tests or ()) or "—"
    return comma.join(_measure(page, m) for m in policy.measures or ()) or "—"


def _signals(page: Here, policy: CategoryPolicy) -> str:
    return (
        page.t("app.comma").join(
            s.zh if page.lang == "zh" else s.en for s in policy.signals or ()
        )
        or "—"
    )


def _measure(page: Here, name: MeasureName) -> str:
    return label(MeasureKind(name), page.lang)
