"""The office registers a factory; without a USCC it becomes a draft that waits for its code."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.identifiers import clean_uscc
from marketplace.desk.likely import Likely
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.registering import (
    Declared,
    declared_tables,
    judge_code,
    save,
    show_accepted,
    show_likely,
)
from marketplace.faces.ui.session import Here, page_for, run
from marketplace.faces.ui.wording import district_name, field_name
from marketplace.features.registry.rules import Value

_NUMBERS = ("capacity_pairs_per_year", "staff", "founded_year")
_DONE = "reg_done"


def show(page: Here) -> None:
    """Show the form with what is known about it at the right; or what was saved."""
    look.head(page.t("page.register.title"), page.t("page.register.question"))
    if _DONE in st.session_state:
        _saved(page)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="card_register"):
        values = _firm(page)
        declared = declared_tables(page)
    with right:
        with st.container(key="card_checks"):
            kit.section(page.t("officer.register.checked"))
            code, address = str(values["uscc"] or ""), str(values["address"] or "")
            judge_code(page, code, address)
            found = show_likely(page, str(values["name"] or ""), code)
            seen = _confirm(page, found)
        with st.container(key="card_accepted"):
            show_accepted(page)
    with left:
        if st.button(page.t("page.register.save"), type="primary", key="register_save"):
            _save(page, values, declared, blocked=not seen)


def _firm(page: Here) -> dict[str, Value]:
    t = page.t
    kit.section(t("officer.register.firm"), t("officer.register.firm_sub"))
    name = st.text_input(field_name(page, "name"), max_chars=200, key="reg_name")
    one, two = st.columns(2)
    typed = one.text_input(
        field_name(page, "uscc"),
        help=t("page.register.uscc_help"),
        max_chars=40,
        key="reg_uscc",
    )
    district = two.selectbox(
        field_name(page, "district"),
        [region.code for region in page.rulebook.regions],
        index=None,
        format_func=lambda code: district_name(page, code),
        placeholder=t("officer.register.district_auto"),
        key="reg_district",
    )
    address = st.text_input(field_name(page, "address"), max_chars=300, key="reg_address")
    one, two = st.columns(2)
    head = one.text_input(
        field_name(page, "legal_representative"), max_chars=80, key="reg_head"
    )
    phone = two.text_input(field_name(page, "phone"), max_chars=40, key="reg_phone")
    kit.section(t("officer.register.size"))
    numbers: dict[str, Value] = {}
    for column, field in zip(st.columns(3), _NUMBERS, strict=True):
        label = (
            t("page.register.capacity")
            if field == "capacity_pairs_per_year"
            else field_name(page, field)
        )
        step = 10_000 if field == "capacity_pairs_per_year" else 1
        given = column.number_input(
            label, min_value=0, value=None, step=step, key=f"reg_{field}"
        )
        numbers[field] = None if given is None else int(given)
    return {
        "name": name,
        "uscc": clean_uscc(typed) or None,
        "district": district,
        "address": address or None,
        "legal_representative": head or None,
        "phone": phone or None,
        **numbers,
    }


def _confirm(page: Here, found: list[Likely]) -> bool:
    """Ask that likely duplicates are looked at; the same code needs no question, it decides."""
    if not any(not one.same_code for one in found):
        return True
    return st.checkbox(page.t("officer.register.similar_seen"), key="reg_seen")


def _save(page: Here, values: dict[str, Value], declared: Declared, *, blocked: bool) -> None:
    if blocked:
        kit.note(page.t("officer.register.similar_first"), "bad")
        return
    given = {f: v for f, v in values.items() if v is not None or f in {"name", "uscc"}}
    made = run(page, lambda s: save(s, page, given, declared))
    if made is None:
        return
    st.session_state[_DONE] = (str(values["name"]), made, declared)
    st.session_state["reg_round"] = int(st.session_state.get("reg_round", 0)) + 1
    st.rerun()


def _saved(page: Here) -> None:
    name, made, declared = st.session_state[_DONE]
    with st.container(key="card_saved"):
        kit.note(page.t(f"page.register.{made.outcome.value}", name=name), "good")
        if declared.work or declared.stores or declared.affiliates:
            st.caption(
                page.t(
                    "officer.register.done_more",
                    work=len(declared.work),
                    stores=len(declared.stores),
                    affiliates=len(declared.affiliates),
                )
            )
        if made.conflicts:
            st.caption(page.t("officer.register.conflicts", count=len(made.conflicts)))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                "views/dossier.py",
                label=page.t("page.register.open"),
                icon=":material/folder_open:",
                query_params={"id": str(made.factory_id)},
            )
            st.button(page.t("officer.register.another"), on_click=_again, key="reg_again")
    with st.container(key="card_accepted"):
        show_accepted(page)


def _again() -> None:
    for key in [k for k in st.session_state if str(k).startswith("reg_")]:
        if key != "reg_round":
            del st.session_state[key]


show(page_for(Role.OFFICER))
