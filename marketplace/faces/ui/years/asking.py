"""What is asked of the list of the last twelve months: its filter, which is the page's address."""

from __future__ import annotations

import streamlit as st

from marketplace.desk.years import YearFilter, YearOrder
from marketplace.faces.ui.office.address import keep_list, narrow_again
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import district_name

NAME = "last_year"
PAGE = "year_pg"
_FIELDS = {"q": "year_q", "district": "year_district", "order": "year_order"}
_START = YearOrder.FINDINGS


def take_address(page: Here) -> None:
    """Fill the widgets from the address when the page is opened."""
    state = st.session_state
    if _FIELDS["q"] in state:
        return
    narrow_again(NAME)
    told = {name: st.query_params.get(name, "") for name in (*_FIELDS, "pg")}
    state[_FIELDS["q"]] = told["q"]
    state[_FIELDS["district"]] = told["district"] if told["district"] in places(page) else ""
    known = {order.value for order in YearOrder}
    state[_FIELDS["order"]] = YearOrder(told["order"]) if told["order"] in known else _START
    state[PAGE] = int(told["pg"]) if told["pg"].isdigit() and int(told["pg"]) > 0 else 1


def asked() -> YearFilter:
    """Return what the widgets ask for."""
    state = st.session_state
    return YearFilter(
        query=str(state[_FIELDS["q"]] or "").strip(),
        district=str(state[_FIELDS["district"]] or ""),
        order=YearOrder(state[_FIELDS["order"]]),
    )


def write_address(wanted: YearFilter, number: int) -> None:
    """Make the address say what is asked, so that it can be kept and sent."""
    order = wanted.order.value if wanted.order is not _START else ""
    told = {
        "q": wanted.query,
        "district": wanted.district,
        "order": order,
        "pg": str(number) if number > 1 else "",
        "lang": st.query_params.get("lang", ""),
    }
    target = {name: [value] for name, value in told.items() if value}
    if {n: st.query_params.get_all(n) for n in st.query_params} != target:
        st.query_params.from_dict(target)
    keep_list(NAME)


def filters(page: Here) -> None:
    """Show search, district and order above the list; on a phone too."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            page.t("page.factories.search"),
            placeholder=page.t("page.factories.search_hint"),
            key=_FIELDS["q"],
            on_change=_first_page,
            width=280,
        )
        st.selectbox(
            page.t("field.district"),
            places(page),
            format_func=lambda code: district_name(page, code) if code else page.t("years.all"),
            key=_FIELDS["district"],
            on_change=_first_page,
            width=170,
        )
        st.selectbox(
            page.t("page.factories.sort"),
            list(YearOrder),
            format_func=lambda order: page.t(f"years.order.{order.value}"),
            key=_FIELDS["order"],
            on_change=_first_page,
            width=230,
        )


def clear() -> None:
    """Take search and district away; what the button of an empty list calls."""
    st.session_state[_FIELDS["q"]] = st.session_state[_FIELDS["district"]] = ""
    _first_page()


def narrowing(page: Here, wanted: YearFilter) -> list[tuple[str, str]]:
    """Return the name of each filter and what is chosen in it, for a file."""
    place = district_name(page, wanted.district) if wanted.district else ""
    return [(page.t("page.factories.search"), wanted.query), (page.t("field.district"), place)]


def places(page: Here) -> list[str]:
    """Return the districts this person may choose, in the program's order; empty for all."""
    own = page.actor.districts_in(page.rulebook.program.key)
    return ["", *(r.code for r in page.rulebook.regions if not own or r.code in own)]


def _first_page() -> None:
    st.session_state[PAGE] = 1
