"""Parts of the register page: the code judged while it is typed, likely duplicates, saving whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Refused
from marketplace.base.identifiers import (
    check_uscc,
    clean_uscc,
    suggest_uscc,
    uscc_region,
)
from marketplace.base.text import normalize
from marketplace.base.words import format_day
from marketplace.desk.likely import Likely, likely_factories
from marketplace.desk.tasks import first_factories
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_table
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import district_name
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import list_enrollments
from marketplace.features.registry import commands as registry
from marketplace.features.registry.rules import Value

_LATELY = 8
_ROUND = "reg_round"
_WORK = ("from_year", "until_year", "kind", "pairs")
_STORES = ("platform", "store_no", "name", "from_on", "basis")
_AFFILIATES = ("name", "relation", "uscc")


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared beside the firm: stretches of work, stores, affiliates."""

    work: tuple[Mapping[str, Any], ...]
    stores: tuple[Mapping[str, Any], ...]
    affiliates: tuple[Mapping[str, Any], ...]


def judge_code(page: Here, form: KeptForm, uscc: str, address: str) -> None:
    """Say what is right or wrong with the code before anything is saved."""
    if not uscc:
        st.caption(page.t("officer.register.uscc_empty"))
        return
    fault = check_uscc(uscc)
    if fault is not None:
        kit.note(page.t(f"error.{fault.code}", **fault.facts), "bad")
        suggestion = suggest_uscc(uscc)
        if suggestion:
            st.caption(page.t("officer.register.uscc_maybe", suggestion=suggestion))
            st.button(
                page.t("officer.register.uscc_take", suggestion=suggestion),
                on_click=_take,
                args=(form, suggestion),
                key="take_uscc",
            )
        return
    region = page.rulebook.region_for_uscc(uscc)
    by_address = page.rulebook.region_for_address(address) if address else None
    if region is None and by_address is None and not page.rulebook.has_registered(uscc):
        kit.note(page.t("officer.register.uscc_elsewhere", region=uscc_region(uscc)), "bad")
        return
    placed = by_address or region
    told = district_name(page, placed.code if placed else None)
    kit.note(page.t("officer.register.uscc_ok", region=told), "good")


def _take(form: KeptForm, suggestion: str) -> None:
    form.put("uscc", suggestion)


def show_likely(page: Here, name: str, uscc: str) -> list[Likely]:
    """Show firms that may be the same, each with a way to look; return them."""
    kit.section(page.t("officer.register.similar"), page.t("officer.register.similar_sub"))
    if not normalize(name):
        st.caption(page.t("officer.register.name_first"))
        return []
    code = uscc if uscc and check_uscc(uscc) is None else None
    with reading(page) as session:
        found = likely_factories(
            session, page.actor, program=page.rulebook.program.key, name=name, uscc=code
        )
    if not found:
        st.caption(page.t("officer.register.none_similar"))
    for one in found:
        told = (
            page.t("officer.register.same_code", name=one.name)
            if one.same_code
            else page.t(
                "officer.register.similar_line",
                score=one.score,
                uscc=one.uscc or page.t("page.factories.no_uscc"),
            )
        )
        kit.markup(
            f'<p><b>{escape(one.name)}</b><br><span class="muted">{escape(told)}</span></p>'
        )
        kit.markup(
            f'<p class="z-chips"><a href="/dossier?id={one.factory_id}" target="_blank" '
            f'rel="noopener">{escape(page.t("officer.list.open"))}</a></p>'
        )
    return found


def declared_tables(page: Here, form: KeptForm) -> Declared:
    """Show the three tables somebody may fill in; return their filled lines."""
    t = page.t
    kit.section(t("officer.register.work"), t("officer.register.work_sub"))
    years = st.column_config.NumberColumn
    work = _table(
        page, form, "work", _WORK,
        {
            "from_year": years(t("officer.register.col.from_year"), min_value=1949, max_value=2100, format="%d"),
            "until_year": years(t("officer.register.col.until_year"), min_value=1949, max_value=2100, format="%d"),
            "pairs": years(t("officer.register.col.pairs"), min_value=0, max_value=200_000_000),
        },
    )  # fmt: skip
    kit.section(t("officer.register.stores"), t("officer.register.stores_sub"))
    stores = _table(
        page, form, "stores", _STORES,
        {
            "from_on": st.column_config.DateColumn(
                t("officer.register.col.from_on"), format="YYYY-MM-DD"
            ),
        },
    )  # fmt: skip
    kit.section(t("officer.register.affiliates"), t("officer.register.affiliates_sub"))
    return Declared(work, stores, _table(page, form, "affiliates", _AFFILIATES, {}))


def _table(
    page: Here, form: KeptForm, name: str, columns: tuple[str, ...], config: dict[str, Any]
) -> tuple[Mapping[str, Any], ...]:
    turn = st.session_state.setdefault(_ROUND, 0)
    start = f"lines_{name}_{turn}"
    if start not in st.session_state:  # the editor counts its changes from this, so it stays
        st.session_state[start] = _frame(columns, form.kept_lines(name))
    words = {
        c: config.get(c) or st.column_config.TextColumn(page.t(f"officer.register.col.{c}"))
        for c in columns
    }
    filled = st.data_editor(
        st.session_state[start],
        num_rows="dynamic",
        hide_index=True,
        column_config=words,
        key=f"reg_{name}_{turn}",
        width="stretch",
    )
    rows = [
        {c: None if pd.isna(v) else v for c, v in row.items()}
        for row in filled.to_dict("records")
    ]
    given = tuple(row for row in rows if any(v not in {None, ""} for v in row.values()))
    form.lines(name, given)
    return given


def _frame(columns: tuple[str, ...], kept: list[dict[str, Any]]) -> pd.DataFrame:
    numbers = {"from_year", "until_year", "pairs"}
    types = {c: "Int64" if c in numbers else "object" for c in columns}
    if "from_on" in types:
        types["from_on"] = "datetime64[ns]"
    return pd.DataFrame(
        {c: pd.Series([row.get(c) for row in kept], dtype=kind) for c, kind in types.items()}
    )


def begin_anew() -> None:
    """Begin the tables anew, after a firm was saved or its form emptied."""
    st.session_state[_ROUND] = int(st.session_state.get(_ROUND, 0)) + 1


def save(
    session: Session,
    page: Here,
    values: Mapping[str, Value],
    declared: Declared,
    *,
    blocked: bool = False,
) -> dict[str, Any]:
    """Register the firm with all that is declared beside it, whole or not at all.

    Returns outcome, factory_id and how many fields wait for a decision.

    Raises:
        Refused: while firms alike have not been looked at.
    """
    if blocked:
        raise Refused("similar_first")
    clock, actor = page.app.clock, page.actor
    made = registry.record_factory(
        session, page.rulebook, clock=clock, actor=actor, values=values, source=actor.login
    )
    for row in declared.work:
        registry.record_contract_work(
            session, clock=clock, actor=actor, factory_id=made.factory_id,
            from_year=_whole(row["from_year"]) or 0, until_year=_whole(row["until_year"]),
            kind=str(row["kind"] or ""), pairs_per_year=_whole(row["pairs"]),
        )  # fmt: skip
    for row in declared.stores:
        registry.declare_store(
            session, clock=clock, actor=actor, factory_id=made.factory_id,
            platform=str(row["platform"] or ""), store_no=str(row["store_no"] or ""),
            name=str(row["name"] or ""), from_on=_day(row["from_on"]),
            basis=str(row["basis"] or ""),
        )  # fmt: skip
    for row in declared.affiliates:
        registry.declare_affiliate(
            session, clock=clock, actor=actor, operator_id=made.operator_id,
            name=str(row["name"] or ""), relation=str(row["relation"] or ""),
            uscc=clean_uscc(str(row["uscc"] or "")) or None,
        )  # fmt: skip
    return {
        "outcome": made.outcome.value,
        "factory_id": made.factory_id,
        "conflicts": len(made.conflicts),
    }


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def _day(value: object) -> date:
    # An empty day is one to come, so that the command names it instead of guessing.
    return pd.Timestamp(str(value)).date() if value is not None else date.max


def show_accepted(page: Here) -> None:
    """Show who was lately accepted into the program."""
    with reading(page) as session:
        rows = list_enrollments(
            session,
            page.actor,
            program=page.rulebook.program.key,
            status=EnrollmentStatus.ENROLLED,
        )
        first = first_factories(session, {r.operator_id for r in rows})
    kit.section(
        page.t("officer.register.accepted"),
        page.t("officer.register.accepted_sub", count=len(rows)),
    )
    if not rows:
        st.caption(page.t("officer.register.accepted_none"))
        return
    latest = sorted(rows, key=lambda r: r.enrolled_on or date.min, reverse=True)
    shown = latest[:_LATELY]
    linked_table(
        [page.t("field.name"), page.t("officer.register.accepted_day")],
        [[r.operator_name, format_day(r.enrolled_on)] for r in shown],
        [
            f"/dossier?id={first[r.operator_id]}" if r.operator_id in first else ""
            for r in shown
        ],
        frozenset(),
    )
