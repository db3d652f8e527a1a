"""Chooses whose report and of which quarter; the choice is in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.errors import Invalid
from marketplace.desk.quarters import Quarter, parse_quarter, quarter_on
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import district_name

SHOWN = 12  # quarters on offer, the running one among them


def districts_of(page: Here) -> list[str]:
    """Return the districts this person works in; the empty one is the whole program."""
    mine = page.actor.districts_in(page.rulebook.program.key)
    codes = [r.code for r in page.rulebook.regions if not mine or r.code in mine]
    return [*([] if mine else [""]), *codes]


def choose_district(page: Here) -> str | None:
    """Show the districts this person works in; the choice is in the URL."""
    options = districts_of(page)
    asked = st.query_params.get("district", options[0])
    chosen = st.selectbox(
        page.t("friday.district"),
        options,
        index=options.index(asked) if asked in options else 0,
        format_func=lambda code: (
            district_name(page, code) if code else page.t("friday.whole_program")
        ),
        width=320,
    )
    _keep("district", chosen)
    return chosen or None


def asked_for(page: Here) -> tuple[Quarter, str | None] | None:
    """Return the quarter and place an address asks for, whatever they are; None if unreadable.

    What cannot be is for the composing to refuse; here nothing is silently put right.
    """
    last = quarter_on(today(page.app.clock)).previous
    text = st.query_params.get("quarter", last.key)
    try:
        quarter = parse_quarter(text)
    except Invalid as error:
        kit.error_box(error, page.lang)
        return None
    district = st.query_params.get("district", districts_of(page)[0])
    return quarter, district or None


def choose_quarter(
    page: Here, wanted: tuple[Quarter, str | None] | None, numbers: Mapping[str, int]
) -> None:
    """Show the quarters and places on offer; a choice changes the address.

    `numbers` is quarter → under which number it was issued.
    """
    running = quarter_on(today(page.app.clock))
    quarters = [running]
    while len(quarters) < SHOWN:
        quarters.append(quarters[-1].previous)
    keys = [q.key for q in quarters]
    quarter, district = wanted or (running.previous, None)
    left, right = st.columns(2)
    with left:
        _select(
            page.t("quarter.quarter"),
            "quarter",
            keys,
            quarter.key,
            {key: _told(page, key, running.key, numbers.get(key)) for key in keys},
        )
    with right:
        places = districts_of(page)
        words = {
            code: district_name(page, code) if code else page.t("quarter.whole_program")
            for code in places
        }
        _select(page.t("quarter.district"), "district", places, district or "", words)


def _told(page: Here, key: str, running: str, number: int | None) -> str:
    if key == running:
        return page.t("quarter.running", quarter=key)
    if number is not None:
        return page.t("quarter.with_number", quarter=key, number=number)
    return page.t("quarter.unissued", quarter=key)


def _select(
    label: str, name: str, options: Sequence[str], now: str, words: dict[str, str]
) -> None:
    """What the address asks for and is not on offer leaves the box empty."""
    key = f"quarter_{name}"
    st.session_state[key] = now if now in options else None
    st.selectbox(
        label,
        options,
        index=None,
        format_func=lambda option: words[option],
        key=key,
        on_change=_chosen,
        args=(name,),
        placeholder="",
    )


def _chosen(name: str) -> None:
    _keep(name, st.session_state.get(f"quarter_{name}"))


def _keep(name: str, value: str | None) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
