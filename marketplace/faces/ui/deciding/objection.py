"""An objection in the window: its grounds beside the design and the shoe, then the decision."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.words import format_day, format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide
from marketplace.faces.ui.deciding.product import show_pair
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog import queries as catalog
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.queries import list_objections


def show(page: Here, task: Task, after: After) -> None:
    """Show who says what about which design, and what each decision brings."""
    with reading(page) as session:
        found = {
            o.product_id: o
            for o in list_objections(session, page.actor, program=page.rulebook.program.key)
        }
        photos = catalog.list_photos(session, page.actor, product_id=task.entity_id)
    o = found[task.entity_id]
    look.muted(
        page.t(
            "objection.by", who=name_of(page, o.objected_by), at=format_instant(o.objected_at)
        )
    )
    if o.objector:
        kit.facts([(page.t("objection.objector"), o.objector)])
    kit.section(page.t("objection.grounds"))
    look.said(o.note)
    kit.markup(f'<p class="muted">{escape(page.t("officer.decide.design_pair"))}</p>')
    show_pair(page, photos)
    st.caption(page.t("objection.window", day=format_day(o.ends_on)))
    kit.note(page.t("objection.means"))
    decide(
        page,
        task,
        (
            Choice("dismiss", page.t("objection.dismiss")),
            Choice("uphold", page.t("objection.uphold")),
        ),
        lambda s, name, reason: promotion.decide_objection(
            s,
            clock=page.app.clock,
            actor=page.actor,
            product_id=task.entity_id,
            uphold=name == "uphold",
            reason=reason,
        ),
        after,
    )
