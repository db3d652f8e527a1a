"""A draw of which listings wait: each leads to the place where its look is recorded."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day
from marketplace.desk.todo import Task
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.deciding.frame import After
from marketplace.faces.ui.sampling import plan
from marketplace.faces.ui.session import Here, reading
from marketplace.features.sampling.queries import get_sample_draw

_HEADS = ("no", "category", "item", "store", "factory")


def show(page: Here, task: Task, after: After) -> None:
    """Show the listings nobody has looked at, in the order drawn."""
    del after
    with reading(page) as session:
        row, items = get_sample_draw(
            session, page.actor, clock=page.app.clock, draw_id=task.entity_id
        )
    kit.facts(
        [
            (page.t("sampling.drawn"), str(row.drawn)),
            (page.t("sampling.looked"), str(row.looked)),
            (page.t("sampling.gone"), str(row.gone)),
            (page.t("sampling.waiting"), str(row.waiting)),
            (page.t("sampling.due"), format_day(row.due_on)),
        ]
    )
    st.caption(page.t("sampling.task_means"))
    waiting = [i for i in items if i.now is None]
    figures.linked_table(
        [page.t(f"sampling.{h}") for h in _HEADS],
        [
            [
                str(i.position), plan.category_name(page, i.category), i.item_no,
                i.store_name, i.factory_name,
            ]
            for i in waiting
        ],
        [""] * len(waiting),
        frozenset({0}),
        deeds=[
            (page.t("sampling.look_do"), f"/sampling?draw={row.draw_id}&look={i.item_id}")
            for i in waiting
        ],
        wide=frozenset({3, 4}),  # store, firm
    )  # fmt: skip
