"""The owner's brands: the marks they rest on, and the story, shown only with his consent."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.brand_forms import add, add_mark, asked_for, marks, story
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.catalog.queries import (
    list_brand_changes,
    list_brands,
    list_trademarks,
)

here = page_for(Role.OWNER)
begin(here)
mine = own_factory(here)
kit.head(here.t("mine.brand.title"), here.t("mine.brand.question"))
with reading(here) as reading_session:
    brands = list_brands(reading_session, here.actor, operator_id=mine.operator_id)
    marks_of = {
        b.brand_id: list_trademarks(reading_session, here.actor, brand_id=b.brand_id)
        for b in brands
    }
    changes = list_brand_changes(reading_session, here.actor, operator_id=mine.operator_id)
for one in brands:
    with st.container(key=f"card_b{one.brand_id}"):
        kit.section(one.name_zh, one.name_en or "")
        marks(here, marks_of[one.brand_id])
        add_mark(here, mine, one)
        asked_for(here, [c for c in changes if c.brand_id == one.brand_id])
        story(here, one)
add(here, mine, brands)
st.page_link("views/my_products.py", label=here.t("mine.product.back"))
