"""Shows one page of the factory list: a grid where the width allows it, cards on a phone.

Both stand on the page and the style sheet shows one, because a page is built before anybody knows
how wide it is seen. Everything a row offers must be reachable in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from marketplace.desk.factories import FactoryLine
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import listing
from marketplace.faces.ui.session import Here

_TABLE = ("name", "district", "stage", "status", "next", "holder", "progress", "points", "due")
# Pixels; together they fill the page at 1360 and never push a column out of sight.
_WIDTHS: dict[str, dict[str, int]] = {
    lang: dict(zip(_TABLE, widths, strict=True))
    for lang, widths in {
        "zh": (260, 60, 84, 70, 86, 72, 46, 46, 84),
        "en": (254, 82, 88, 80, 112, 70, 44, 50, 84),
    }.items()
}
TONES = {"enrolled": "good", "graduated": "good", "draft": "warn", "applied": "warn"}
_OPENED = "factories_opened"


def rows(page: Here, lines: Sequence[FactoryLine], *, choosing: bool) -> list[int]:
    """Show the rows; a name opens its dossier. Return the places of the chosen ones, ascending.

    `choosing`: whether a card can be chosen too; who only looks needs no choice.
    """
    lines = [listing.as_told(line) for line in lines]
    with st.container(key="z_grid"):
        places = set(_grid(page, lines))
    with st.container(key="z_slim"):
        _cards(page, lines)
        if choosing:
            places |= set(_chosen(page, lines))
    return sorted(places)


def _grid(page: Here, lines: Sequence[FactoryLine]) -> list[int]:
    heads = listing.headings(page) | {"holder": page.t("page.factories.holder_short")}
    shown = [listing.cells(page, line) | _short(page, line) for line in lines]
    frame = pd.DataFrame([{heads[key]: row[key] for key in _TABLE} for row in shown])
    config = st.column_config
    wide = _WIDTHS[page.lang]
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        row_height=38,
        height=38 * len(shown) + 37,
        key=f"factories_{_page_of(lines)}",
        column_config={
            heads[key]: config.NumberColumn(width=wide[key])
            if key == "points"
            else config.TextColumn(width=wide[key])
            for key in _TABLE
        }
        | {
            heads["name"]: config.ButtonColumn(
                width=wide["name"], type="tertiary", alignment="left", key=_OPENED
            )
        },
    )
    opened = st.session_state.get(_OPENED)
    if opened is not None and opened["row"] < len(lines):
        wanted = str(lines[opened["row"]].factory_id)
        st.switch_page("views/dossier.py", query_params={"id": wanted})
    return list(event["selection"]["rows"])


def _short(page: Here, line: FactoryLine) -> dict[str, str | int]:
    """Return what the grid says in fewer words than an export.

    A cell cuts what is too long. English names of conditions are up to three times as wide as
    Chinese ones; the stage that a condition leads to carries the same name, shortened.
    """
    stages = {stage.key: stage.name_en for stage in page.rulebook.stages}
    told: dict[str, str | int] = {
        "holder": page.t(f"page.factories.holders_short.{line.holder}")
    }
    if page.lang == "en" and line.next_step in stages:
        told["next"] = stages[line.next_step]
    return told


def _cards(page: Here, lines: Sequence[FactoryLine]) -> None:
    parts = []
    for line in lines:
        told = listing.cells(page, line)
        mark = kit.badge(str(told["status"]), TONES.get(line.status, "gray"))
        where = " · ".join(
            (
                str(told["district"]),
                str(told["stage"]),
                page.t("officer.list.card_progress", progress=told["progress"]),
                *(
                    [page.t("officer.list.card_points", points=line.points)]
                    if line.points
                    else []
                ),
            )
        )
        due = [page.t("officer.list.card_due", due=told["due"])] if line.due_on else []
        held = [str(told["holder"])] if line.holder != "nobody" else []
        step = page.t("officer.list.card_next", step=told["next"]) if line.next_step else ""
        ahead = " · ".join(part for part in (step, *held, *due) if part)
        parts.append(
            f'<li><a href="/dossier?id={line.factory_id}" target="_self">{escape(line.name)}</a>'
            f'{mark}<span class="muted">{kit.told(where)}</span>'
            f'<span class="next">{kit.told(ahead)}</span></li>'
        )
    kit.markup(f'<ul class="z-firms">{"".join(parts)}</ul>')


def _chosen(page: Here, lines: Sequence[FactoryLine]) -> list[int]:
    return st.multiselect(
        page.t("officer.list.choose"),
        range(len(lines)),
        format_func=lambda n: lines[n].name,
        key=f"factories_slim_{_page_of(lines)}",
        placeholder=page.t("officer.list.choose_hint"),
    )


def _page_of(lines: Sequence[FactoryLine]) -> str:
    """Name the rows shown: what was chosen among others must not stay chosen among these."""
    return f"{st.session_state.get('f_pg')}_{hash(tuple(lines))}"
