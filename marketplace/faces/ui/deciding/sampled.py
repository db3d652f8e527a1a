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
    figures.linked_rows(
        [
            (
                page.t("sampling.look_do"),
                page.t(
                    "sampling.task_line", no=i.position, item=i.item_no, store=i.store_name,
                    category=plan.category_name(page, i.category),
                ),
                f"/sampling?draw={row.draw_id}&look={i.item_id}",
            )
            for i in items
            if i.now is None
        ]
    )  # fmt: skip
