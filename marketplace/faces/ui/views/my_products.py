"""The owner's products and brands: what each still needs, and the way to add one."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.shell import PRODUCT_TONES, begin, item
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.catalog.commands import draft_product
from marketplace.features.catalog.kinds import Moderation, PhotoRole
from marketplace.features.catalog.queries import (
    BrandRow,
    ProductRow,
    list_brands,
    list_photos,
    list_products,
    product_items,
)
from marketplace.features.registry.queries import FactoryProfile

_OPEN = (Moderation.CHANGES_REQUESTED, Moderation.LAPSED, Moderation.DRAFT)
_ORDER = (*_OPEN, Moderation.SUBMITTED)
_SHOWN = 20


def missing_of(page: Here, product: ProductRow) -> str:
    """Say what a product waits for: what is missing, whose turn it is, until when."""
    if product.live:
        return page.t("page.my_products.until", day=format_day(product.valid_until))
    if product.status is Moderation.SUBMITTED:
        return page.t("mine.product.in_review", day=format_day(product.due_on))
    if product.status not in _OPEN:
        return ""
    with reading(page) as session:
        items = product_items(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            product_id=product.product_id,
        )
    missing = [page.t(f"item.{i.key}") for i in items if not i.done]
    if not missing:
        asked = product.status is Moderation.CHANGES_REQUESTED
        return page.t("entry.by_remark" if asked else "mine.product.ready")
    return page.t("page.my_products.missing", items=page.t("app.comma").join(missing))


def picture_of(page: Here, product: ProductRow) -> str | None:
    """Return where the first picture is: public once verified, the owner's own file before."""
    if product.code and product.picture:
        return f"/pictures/{product.picture}?w=480"
    with reading(page) as session:
        photos = list_photos(session, page.actor, product_id=product.product_id)
    main = next((use_id for role, use_id, _sha in photos if role is PhotoRole.MAIN), None)
    return f"/files/{main}?w=480" if main else None


def show_products(page: Here, products: list[ProductRow]) -> None:
    """Show each product; what waits for the owner comes first."""
    wanted = st.pills(
        page.t("mine.product.which"),
        [s for s in Moderation if any(p.status is s for p in products)],
        format_func=lambda s: plain(
            f"{label(s, page.lang)} {sum(p.status is s for p in products)}"
        ),
        label_visibility="collapsed",
    )
    shown = [p for p in products if wanted in {None, p.status}]
    shown.sort(key=lambda p: _ORDER.index(p.status) if p.status in _ORDER else len(_ORDER))
    # A long list opens in parts; how many are open is remembered for each state.
    parts = f"my_products_{wanted.value if wanted else 'all'}"
    room = _SHOWN * st.session_state.get(parts, 1)
    for product in shown[:room]:
        with st.container(key=f"go_p{product.product_id}"):
            name = product.name_zh if page.lang == "zh" else product.name_en or product.name_zh
            item(
                picture_of(page, product),
                f"{product.brand_name} {name}",
                kit.badge(
                    label(product.status, page.lang), PRODUCT_TONES.get(product.status, "gray")
                ),
                missing_of(page, product),
            )
            st.page_link(
                "views/my_product.py",
                label=page.t("mine.product.open", name=name),
                query_params={"id": str(product.product_id)},
            )
    if len(shown) > room:
        st.caption(page.t("mine.product.more", shown=room, count=len(shown)))
        if st.button(page.t("mine.product.more_go"), key="more_products", width="stretch"):
            st.session_state[parts] = st.session_state.get(parts, 1) + 1
            st.rerun()


def add(
    page: Here, own: FactoryProfile, brands: list[BrandRow], known: list[ProductRow]
) -> None:
    """Begin a product: brand, model number and name are enough; the rest is kept step by step."""
    form = KeptForm(page, f"product_{own.factory_id}")
    with (
        st.container(key="card_add"),
        st.expander(page.t("mine.product.add"), icon=":material/add:", expanded=form.is_begun),
    ):
        if not brands:
            kit.note(page.t("mine.product.brand_first"))
            st.page_link("views/my_brands.py", label=page.t("mine.brand.go"))
            return
        form.begun_note()
        names = {str(b.brand_id): b.name_zh for b in brands}
        brand = form.choice(
            "brand", page.t("mine.brand.word"), list(names), names.__getitem__,
            value=next(iter(names)),
        )  # fmt: skip
        name = form.text("name", page.t("mine.product.name"), longest=120)
        model = form.text(
            "model", page.t("mine.product.model"), longest=60,
            hint=page.t("mine.product.model_help"),
        )  # fmt: skip
        made = form.send(
            page.t("mine.product.begin"),
            lambda s: draft_product(
                s,
                clock=page.app.clock,
                actor=page.actor,
                brand_id=int(brand or 0),
                factory_id=own.factory_id,
                model_no=model,
                name_zh=name,
            ),
            done="mine.product.begun",
        )
    if made is not None:
        if any(p.product_id == made for p in known):
            st.session_state["toast"] = page.t("mine.product.known")
        st.switch_page("views/my_product.py", query_params={"id": str(made)})


here = page_for(Role.OWNER)
begin(here)
mine = own_factory(here)
kit.head(here.t("page.my_products.title"), here.t("page.my_products.question"))
with reading(here) as reading_session:
    own_products = list_products(
        reading_session,
        here.actor,
        clock=here.app.clock,
        operator_id=mine.operator_id,
        limit=1_000,
    )
    own_brands = list_brands(reading_session, here.actor, operator_id=mine.operator_id)
add(here, mine, own_brands, own_products)
with st.container(key="go_brands"):
    kit.section(
        here.t("mine.brand.title"),
        here.t("app.comma").join(b.name_zh for b in own_brands) or here.t("mine.brand.none"),
    )
    st.page_link("views/my_brands.py", label=here.t("mine.brand.go"))
if own_products:
    show_products(here, own_products)
else:
    kit.empty(here.t("page.my_products.none"))
