"""The choice of a store, for the forms that start from one."""

from __future__ import annotations

import streamlit as st

from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints.queries import list_store_choices


def store_field(page: Here, key: str) -> int | None:
    """Show the choice of a store, searchable by number, name and factory."""
    with reading(page) as session:
        choices = list_store_choices(session, page.actor, program=page.rulebook.program.key)
    by_id = {c.store_id: c for c in choices}

    def told(store_id: int) -> str:
        one = by_id[store_id]
        firm = f" · {one.factory_name}" if one.factory_name else ""
        return f"{one.name}（{one.platform} {one.store_no}）{firm}"

    return st.selectbox(
        page.t("field.store"),
        list(by_id),
        index=None,
        format_func=told,
        key=key,
        placeholder=page.t("complaints.store_hint"),
    )
