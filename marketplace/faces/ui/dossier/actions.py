"""Opens the dialog that was asked for: a form on the firm, a deed to a product, a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Role, may
from marketplace.faces.leaving import left_sentence
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding import FORMS
from marketplace.faces.ui.dossier import (
    editing,
    ending,
    forms,
    forms_firm,
    goods,
    heeded,
    overturning,
    past,
    uploads,
)
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import task_title
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.queries import LapseRow, ProductRow, list_lapses
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import is_enrolled
from marketplace.features.registry.commands import reject_holding
from marketplace.features.registry.kinds import FactoryStatus

Form = Callable[[Here, Dossier], None]
Body = Callable[[], None]

# name → (title, form)
DIALOGS: Mapping[str, tuple[str, Form]] = {
    "inspect": ("officer.dossier.inspect", forms.inspect),
    "finding": ("officer.dossier.finding_add", forms.finding),
    "earlier": ("officer.dossier.earlier_add", forms.earlier),
    "unearlier": ("past.withdraw_title", past.withdraw),
    "disclosed": ("past.view", past.view),
    "overturn": ("conduct.overturn", overturning.overturn),
    "store": ("officer.dossier.stores_add", forms.store),
    "edit": ("officer.dossier.edit", editing.edit),
    "contract": ("officer.dossier.contract", forms_firm.contract),
    "affiliate": ("officer.dossier.affiliates", forms_firm.affiliate),
    "phone": ("page.dossier.show_phone", forms_firm.phone),
    "signin": ("officer.dossier.signin", forms_firm.signin),
    "reassign": ("officer.ask.assign", forms_firm.assign),
    "enroll": ("officer.dossier.enroll", forms_firm.enroll),
    "status": ("officer.dossier.enrollment_change", forms_firm.status),
    "heeded": ("dossier.near_miss", heeded.near_miss),
    "end": ("dossier.end_holding", ending.holding),
    "unenroll": ("dossier.reverse_enrollment", ending.enrollment),
    "upload": ("officer.dossier.upload", uploads.upload),
    "submit": ("officer.dossier.submit", uploads.submit),
}

# A button of its own at the head, for a dialog that has another button further down.
_AT_THE_HEAD = {"inspect_now": "inspect", "code": "edit"}


def show_head(page: Here, d: Dossier) -> None:
    """Show what can be done with the whole dossier, at the right of its title."""
    st.link_button(
        page.t("officer.dossier.print"),
        f"/paper/factory/{d.who.factory_id}",
        icon=":material/print:",
    )
    if page.actor.role is Role.AUDITOR:
        return
    more = {name: page.t(DIALOGS[name][0]) for name in _more(page, d)}
    if more:
        look.menu(page.t("officer.dossier.more"), more, key="more_deeds")
    _next_step(page, d)


def _next_step(page: Here, d: Dossier) -> None:
    """Show the one next step; none where something waits for a decision below, or they left."""
    if d.tasks or left_sentence(d.enrollment, page.lang):
        return
    if d.who.status is FactoryStatus.DRAFT:
        if may(page.actor, "registry.edit_factory", d.scope):
            word = page.t("officer.dossier.complete_code")
            look.open_button(word, "code", kind="primary", icon=":material/edit:")
    elif may(page.actor, "progress.record_inspection", d.scope):
        word = page.t("officer.dossier.inspect")
        look.open_button(word, "inspect_now", kind="primary", icon=":material/fact_check:")


def _more(page: Here, d: Dossier) -> list[str]:
    wanted = {
        "reassign": may(page.actor, "registry.assign_officer", d.scope),
        "enroll": d.enrollment is None
        and may(page.actor, "progress.apply_enrollment", d.scope),
        "status": d.enrollment is not None
        and d.enrollment.status is not EnrollmentStatus.APPLIED
        and may(page.actor, "progress.change_enrollment", d.scope),
        "heeded": any(ending.is_endable(s) for s in d.stores)
        and may(page.actor, "enforcement.record_near_miss", d.scope),
        "end": any(ending.is_endable(s) for s in d.stores)
        and may(page.actor, "registry.end_holding", d.scope),
        "unenroll": d.enrollment is not None
        and d.enrollment.enrolled_on is not None
        and may(page.actor, "progress.reverse_enrollment", d.scope),
    }
    return [name for name, shown in wanted.items() if shown]


def open_asked(page: Here, d: Dossier) -> None:
    """Open the dialog that is asked for, if it belongs to this dossier."""
    asked = look.asked()
    name = _AT_THE_HEAD.get(asked, asked)
    if name in DIALOGS:
        title, form = DIALOGS[name]
        look.dialog(page, page.t(title), partial(form, page, d), wide=True)
        return
    found = _of_task(page, d, asked) or _of_thing(page, d, asked)
    if found is not None:
        title, body = found
        look.dialog(page, title, body, wide=asked.startswith(("task_", goods.FINDING)))


def _of_task(page: Here, d: Dossier, asked: str) -> tuple[str, Body] | None:
    for task in d.tasks:
        if asked == f"task_{task.kind.value}_{task.entity_id}":
            return task_title(page, task), partial(FORMS[task.kind], page, task, _decided(page))
    return None


def _decided(page: Here) -> Body:
    def after() -> None:
        st.session_state["toast"] = page.t("page.decide.done")
        look.finish()

    return after


def _of_thing(page: Here, d: Dossier, asked: str) -> tuple[str, Body] | None:
    verb, _, number = asked.partition("_")
    for product in d.products:
        if verb == goods.FINDING and number == str(product.product_id):
            title, _ = DIALOGS[goods.FINDING]
            return page.t(title), partial(forms.finding, page, d, product)
        if verb in {"suspend", "recall", "restore"} and number == str(product.product_id):
            return page.t(f"officer.dossier.{verb}"), partial(_deed, page, product, verb)
    for store in d.stores:
        if verb == "reject" and number == str(store.holding_id):
            body = partial(_reject, page, store.holding_id)
            return page.t("officer.dossier.reject"), body
    return None


def _deed(page: Here, product: ProductRow, deed: str) -> None:
    kit.note(page.t(f"officer.ask.{deed}_means", name=product.name_zh))
    lapses: list[LapseRow] = []
    if deed == "restore":
        with reading(page) as session:
            every = list_lapses(session, page.actor, product_id=product.product_id)
        lapses = [lapse for lapse in every if lapse.closed_at is None]
        kit.rows(
            [
                (page.t(f"enum.LapseReason.{x.reason.value}"), x.at.date().isoformat(), "")
                for x in lapses
            ]
        )
    form = DeskForm(page, f"{deed}_product_{product.product_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    clock, actor, product_id = page.app.clock, page.actor, product.product_id

    def work(s: Session) -> object:
        if deed == "suspend":
            return catalog.suspend_product(
                s, page.rulebook, clock=clock, actor=actor, product_id=product_id,
                reason=reason,
            )  # fmt: skip
        if deed == "recall":
            catalog.recall_product(
                s, page.rulebook, clock=clock, actor=actor, product_id=product_id,
                reason=reason,
            )  # fmt: skip
            return True
        return catalog.restore_product(
            s, page.rulebook, clock=clock, actor=actor, product_id=product_id,
            lapse_ids=[x.lapse_id for x in lapses], reason=reason, is_enrolled=is_enrolled,
        )  # fmt: skip

    if form.did(page.t(f"officer.dossier.{deed}"), work, done="officer.ask.product_done"):
        look.finish()


def _reject(page: Here, holding_id: int) -> None:
    form = DeskForm(page, f"reject_holding_{holding_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    if form.did(
        page.t("officer.dossier.reject"),
        lambda s: reject_holding(
            s, clock=page.app.clock, actor=page.actor, holding_id=holding_id, reason=reason
        ),
        done="officer.dossier.rejected",
    ):
        look.finish()
