"""The office registers a factory; without a USCC it becomes a draft that waits for its code."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.identifiers import clean_uscc
from marketplace.desk.likely import Likely
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.registering import (
    Declared,
    begin_anew,
    declared_tables,
    judge_code,
    save,
    show_accepted,
    show_likely,
)
from marketplace.faces.ui.session import Here, page_for
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
    form = KeptForm(page, f"register_{page.rulebook.program.key}")
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="card_register"):
        form.begun_note(after=begin_anew)
        values = _firm(page, form)
        declared = declared_tables(page, form)
    with right:
        with st.container(key="card_checks"):
            kit.section(page.t("officer.register.checked"))
            code, address = str(values["uscc"] or ""), str(values["address"] or "")
            judge_code(page, form, code, address)
            found = show_likely(page, str(values["name"] or ""), code)
            seen = _confirm(page, found)
        with st.container(key="card_accepted"):
            show_accepted(page)
    with left:
        _save(page, form, values, declared, blocked=not seen)


def _firm(page: Here, form: KeptForm) -> dict[str, Value]:
    t = page.t
    kit.section(t("officer.register.firm"), t("officer.register.firm_sub"))
    name = form.text("name", field_name(page, "name"), longest=200)
    one, two = st.columns(2)
    with one:
        typed = form.text(
            "uscc", field_name(page, "uscc"), longest=40, hint=t("page.register.uscc_help")
        )
    with two:
        district = form.choice(
            "district",
            field_name(page, "district"),
            [region.code for region in page.rulebook.regions],
            lambda code: district_name(page, code),
            placeholder=t("officer.register.district_auto"),
        )
    address = form.text("address", field_name(page, "address"))
    one, two = st.columns(2)
    with one:
        head = form.text("head", field_name(page, "legal_representative"), longest=80)
    with two:
        phone = form.text("phone", field_name(page, "phone"), longest=40)
    kit.section(t("officer.register.size"))
    numbers: dict[str, Value] = {}
    for column, field in zip(st.columns(3), _NUMBERS, strict=True):
        label = (
            t("page.register.capacity")
            if field == "capacity_pairs_per_year"
            else field_name(page, field)
        )
        step = 10_000 if field == "capacity_pairs_per_year" else 1
        with column:
            numbers[field] = form.number(field, label, step=step)
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


def _save(
    page: Here, form: KeptForm, values: dict[str, Value], declared: Declared, *, blocked: bool
) -> None:
    given = {f: v for f, v in values.items() if v is not None or f in {"name", "uscc"}}
    made = form.send(
        page.t("page.register.save"),
        lambda s: save(s, page, given, declared, blocked=blocked),
        stretch=False,
    )
    if made is not None:
        st.session_state[_DONE] = (str(values["name"]), made, declared)
        begin_anew()
        st.rerun()


def _saved(page: Here) -> None:
    name, made, declared = st.session_state[_DONE]
    with st.container(key="card_saved"):
        kit.note(page.t(f"page.register.{made['outcome']}", name=name), "good")
        if declared.work or declared.stores or declared.affiliates:
            st.caption(
                page.t(
                    "officer.register.done_more",
                    work=len(declared.work),
                    stores=len(declared.stores),
                    affiliates=len(declared.affiliates),
                )
            )
        if made["conflicts"]:
            st.caption(page.t("officer.register.conflicts", count=made["conflicts"]))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                "views/dossier.py",
                label=page.t("page.register.open"),
                icon=":material/folder_open:",
                query_params={"id": str(made["factory_id"])},
            )
            st.button(page.t("officer.register.another"), on_click=_again, key="reg_again")
    with st.container(key="card_accepted"):
        show_accepted(page)


def _again() -> None:
    st.session_state.pop(_DONE, None)
    st.session_state.pop("reg_seen", None)


show(page_for(Role.OFFICER))
