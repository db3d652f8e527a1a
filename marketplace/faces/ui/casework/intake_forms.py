"""The officer's ways in: a complaint taken in, a case opened, a report from the public taken up."""

from __future__ import annotations

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.errors import Fault
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.stores import store_field
from marketplace.faces.ui.session import Here
from marketplace.features.complaints import commands
from marketplace.features.complaints.commands.intake import COMPLAINED, LOOKED
from marketplace.features.enforcement.kinds import Origin


def dialogs(page: Here) -> None:
    """Open the dialog that was asked for."""
    if look.is_asked("take_in"):
        look.dialog(page, page.t("complaints.take_in"), lambda: _take_in(page), wide=True)
    if look.is_asked("open_case"):
        look.dialog(page, page.t("complaints.open_case"), lambda: _open(page), wide=True)


def _take_in(page: Here) -> None:
    kit.note(page.t("complaints.take_in_means"))
    day = today(page.app.clock)
    form = KeptForm(page, f"take_in_{page.rulebook.program.key}")
    form.begun_note()
    store_id = store_field(page, form)
    item = form.text("item", page.t("field.item"), hint=page.t("complaints.item_help"))
    origins = [o.value for o in Origin if o in COMPLAINED]
    origin = form.choice(
        "origin", page.t("field.origin"), origins, lambda o: label(Origin(o), page.lang),
        value=origins[1], radio=True, horizontal=True,
    )  # fmt: skip
    brand = form.text("brand", page.t("complaints.brand"), hint=page.t("complaints.brand_help"))
    text = form.text("text", page.t("complaints.what"), tall=True, longest=2000)
    received = form.day("received", page.t("field.received_on"), value=day)
    how = form.send(
        page.t("complaints.take_in_go"),
        lambda s: commands.receive_complaint(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            store_id=store_id or 0,
            origin=Origin(origin or origins[1]),
            item=item,
            text=text,
            brand=brand,
            received_on=received or day,
        )[1],
        first=lambda: _has_store(page, store_id),
        stretch=False,
    )
    if how is not None:
        st.session_state["toast"] = page.t(f"complaints.took.{how}")
        look.finish()


def _open(page: Here) -> None:
    kit.note(page.t("complaints.open_means"))
    form = KeptForm(page, f"open_case_{page.rulebook.program.key}")
    form.begun_note()
    store_id = store_field(page, form)
    item = form.text("item", page.t("field.item"), hint=page.t("complaints.item_help"))
    origins = [o.value for o in Origin if o in LOOKED]
    origin = form.choice(
        "origin", page.t("field.origin"), origins, lambda o: label(Origin(o), page.lang),
        value=origins[0], radio=True, horizontal=True,
    )  # fmt: skip
    statement = form.text("statement", page.t("complaints.seen_what"), tall=True, longest=1000)
    case_id = form.send(
        page.t("complaints.open_go"),
        lambda s: commands.open_case(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            store_id=store_id or 0,
            origin=Origin(origin or origins[0]),
            item=item,
            statement=statement,
        ),
        first=lambda: _has_store(page, store_id),
        done="complaints.opened",
        stretch=False,
    )
    if case_id is not None:
        look.finish()


def _has_store(page: Here, store_id: int | None) -> bool:
    """Tell whether a store was chosen; that none was is no store that does not exist."""
    if store_id is None:
        kit.say_faults([Fault("store", "field_missing")], page.lang)
    return store_id is not None
