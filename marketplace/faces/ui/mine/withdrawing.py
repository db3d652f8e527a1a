"""Taking one's own product off for good: what follows is spelled out before it can be done."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here
from marketplace.features.catalog.commands import withdraw_product
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import ProductRow

_OVER = {Moderation.WITHDRAWN, Moderation.RECALLED, Moderation.REJECTED}


def withdrawing(page: Here, product: ProductRow) -> None:
    """Show the way to take a product off; nothing for one that is off already."""
    if product.status in _OVER:
        return
    # One the public never saw is given up; one it knows is withdrawn, and its code says so.
    kind = "withdraw" if product.code else "give_up"
    with st.container(key="card_withdraw"), st.expander(page.t(f"own.{kind}")):
        kit.note(page.t(f"own.{kind}_means"), "bad")
        form = KeptForm(page, f"withdraw_{product.product_id}")
        sure = st.checkbox(page.t("own.withdraw_sure"), key=f"off_sure_{product.product_id}")

        def work(session: Session) -> bool:
            withdraw_product(
                session,
                page.rulebook,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
            )
            return True

        if form.send(
            page.t(f"own.{kind}"),
            work,
            done="own.withdrawn",
            disabled=not sure,
            primary=False,
        ):
            st.rerun()
        if not sure:
            st.caption(page.t("own.withdraw_check"))
