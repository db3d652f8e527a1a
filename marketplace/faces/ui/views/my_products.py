"""The owner's products: what each still needs, and the button that sends it."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.money import format_yuan
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.session import page_for, reading, run
from marketplace.features.catalog.commands import submit_product
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import list_products, product_items

page = page_for(Role.OWNER)
clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
own = own_factory(page)
kit.head(page.t("page.my_products.title"), page.t("page.my_products.question"))
with reading(page) as session:
    products = list_products(
        session, actor, clock=clock, operator_id=own.operator_id, limit=200
    )
    items = {
        p.product_id: product_items(
            session, actor, rulebook, clock=clock, product_id=p.product_id
        )
        for p in products
        if p.status in {Moderation.DRAFT, Moderation.CHANGES_REQUESTED, Moderation.LAPSED}
    }
order = [
    Moderation.CHANGES_REQUESTED,
    Moderation.LAPSED,
    Moderation.DRAFT,
    Moderation.SUBMITTED,
]
products.sort(key=lambda p: order.index(p.status) if p.status in order else 9)
if not products:
    kit.empty(page.t("page.my_products.none"))
for product in products:
    with st.container(key=f"card_p{product.product_id}"):
        picture, words = st.columns([1, 2])
        with picture:
            if product.picture and product.code:
                kit.markup(
                    f'<div class="z-card"><img src="/pictures/{product.picture}" alt=""></div>'
                )
        with words:
            kit.section(
                product.name_zh, f"{product.model_no} · {format_yuan(product.price_fen or 0)}"
            )
            kit.markup(
                kit.badge(label(product.status, page.lang), "good" if product.live else "gray")
            )
            if product.live:
                st.caption(
                    page.t("page.my_products.until", day=format_day(product.valid_until))
                )
            if product.product_id in items:
                missing = [i for i in items[product.product_id] if not i.done]
                if missing:
                    st.caption(
                        page.t(
                            "page.my_products.missing",
                            items=page.t("app.comma").join(
                                page.t(f"item.{i.key}") for i in missing
                            ),
                        )
                    )
                elif st.button(
                    page.t("page.my_products.send"),
                    key=f"send_{product.product_id}",
                    type="primary",
                ) and run(
                    page,
                    lambda s, p=product.product_id: submit_product(
                        s, rulebook, clock=clock, actor=actor, product_id=p
                    ),
                    done="page.my_day.sent",
                ):
                    st.rerun()
