"""One draw: how far it is, its listings in order, the form of one look, how to draw it again."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.office.address import way_back
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.sampling import looking, plan
from marketplace.faces.ui.session import Here, reading
from marketplace.features.sampling.kinds import SeedStanding
from marketplace.features.sampling.queries import SampleDrawRow, SampleRow, get_sample_draw

_HEADS = ("no", "category", "item", "store", "factory", "outcome", "case", "by")


def show(page: Here, draw_id: int) -> None:
    """Show a draw, or that there is none."""
    way_back(page.t("sampling.back"), "draw", "look")
    try:
        with reading(page) as session:
            row, items = get_sample_draw(
                session, page.actor, clock=page.app.clock, draw_id=draw_id
            )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    with st.container(key="card_sample_state"):
        _state(page, row)
    chosen = next((i for i in items if str(i.item_id) == st.query_params.get("look")), None)
    if chosen is not None:
        with st.container(key="card_sample_look"):
            looking.show(page, row, chosen)
    with st.container(key="card_sample_items"):
        _items(page, row, items)
    with st.container(key="card_sample_frame"):
        _frame(page, row)


def _state(page: Here, row: SampleDrawRow) -> None:
    kit.section(
        page.t("sampling.one", quarter=plan.quarter_name(page, row)),
        page.t("sampling.one_sub", drawn=row.drawn, looked=row.looked, gone=row.gone,
               waiting=row.waiting, due=format_day(row.due_on)),
    )  # fmt: skip
    if row.is_late:
        kit.note(page.t("sampling.is_late", waiting=row.waiting), "bad")
    kit.facts(
        [
            (page.t("sampling.cases"), plan.share(page, row)),
            (page.t("sampling.upheld"), str(row.upheld)),
        ]
    )
    st.caption(page.t("sampling.cases_mean"))


def _items(page: Here, row: SampleDrawRow, items: list[SampleRow]) -> None:
    kit.section(page.t("sampling.items"), page.t("sampling.items_sub"))
    heads = [page.t(f"sampling.{h}") for h in _HEADS]
    lines = [_line(page, i) for i in items]
    can = may(page.actor, "sampling.record_look", Scope(row.program))
    figures.linked_table(
        heads, lines, [""] * len(lines), frozenset({0}),
        deeds=[
            (page.t("sampling.look_do" if can and i.outcome is None else "sampling.see"),
             f"/sampling?draw={row.draw_id}&look={i.item_id}")
            for i in items
        ],
        wide=frozenset({3, 4, 5}),  # store, firm, outcome
    )  # fmt: skip
    take_out(
        page,
        kind="sampling",
        title=page.t("sampling.one", quarter=plan.quarter_name(page, row)),
        heads=[
            *heads,
            page.t("sampling.note"),
            page.t("sampling.link"),
            page.t("sampling.looked_at"),
        ],
        rows=[
            [*line, i.now.note if i.now else "", i.url, _at(i)]
            for line, i in zip(lines, items, strict=True)
        ],
        wanted={"draw": row.draw_id, "seed": row.seed, "frame_sha256": row.frame_sha256},
        narrowed=[],
    )


def _frame(page: Here, row: SampleDrawRow) -> None:
    kit.section(page.t("oversight.frame.title"), page.t("sampling.frame_sub"))
    plan.layers(page, row.strata)
    kit.facts(
        [
            (page.t("oversight.draws.seed"), row.seed),
            (page.t("sampling.seed_origin"), label(row.seed_standing, page.lang)),
            (page.t("oversight.frame.size"), format_count(row.frame_size)),
            (page.t("oversight.frame.digest"), row.frame_sha256),
            (page.t("oversight.frame.algorithm"), row.algorithm),
            (page.t("oversight.draws.by"), row.drawn_by),
            (page.t("oversight.draws.drawn_at"), format_instant(row.drawn_at)),
        ]
    )
    if row.seed_standing is SeedStanding.CHOSEN:
        return
    if row.seed_standing is SeedStanding.BROKEN:
        kit.note(page.t("sampling.seed_broken"), "bad")
    with st.expander(page.t("sampling.seed_check")):
        st.caption(page.t("sampling.seed_how", program=row.program, day=row.quarter_from))
        kit.facts(
            [
                (page.t("sampling.seed_proof"), row.seed_proof),
                (page.t("sampling.seed_key"), row.seed_key),
            ]
        )


def _line(page: Here, i: SampleRow) -> list[str]:
    told = page.t("sampling.waits")
    if i.now:
        told = label(i.now.outcome, page.lang)
        told += page.t("sampling.was_corrected") if len(i.entries) > 1 else ""
    return [
        str(i.position),
        plan.category_name(page, i.category),
        i.item_no,
        i.store_name,
        i.factory_name,
        told,
        (i.now and i.now.case_number) or "—",
        i.now.looked_by if i.now else "—",
    ]


def _at(i: SampleRow) -> str:
    return format_instant(i.now.looked_at) if i.now else ""
