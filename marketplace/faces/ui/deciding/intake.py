"""Intake on the decide page: the way to a case, a right checked, reports and complaints taken up."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.contacts import contact_card
from marketplace.faces.ui.deciding.frame import After, Choice, decide, show_files
from marketplace.faces.ui.deciding.records import show_report as show_read
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.office.stores import chosen_store, store_field
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import PublicState, RightStatus
from marketplace.features.complaints.queries import (
    get_case,
    list_public_complaints,
    list_rights,
)


def show_case(page: Here, task: Task, _after: After) -> None:
    """Show what the case waits for and the way to it."""
    with reading(page) as session:
        file = get_case(session, page.actor, clock=page.app.clock, case_id=task.entity_id)
    line = file.line
    kit.facts(
        [
            (page.t("field.store"), line.store_name),
            (page.t("field.item"), line.item_no),
            (page.t("field.origin"), label(line.origin, page.lang)),
            (page.t("complaints.said_what"), line.statement),
            (page.t("complaints.now"), label(line.step, page.lang)),
        ]
    )
    if st.button(
        page.t("complaints.go_case", number=line.number),
        key=f"to_the_file_{line.case_id}",
        icon=":material/gavel:",
        type="primary",
    ):
        look.close()  # coming back, one finds the list and not this panel over it
        st.switch_page("views/case.py", query_params={"id": str(line.case_id)})


def show_right(page: Here, task: Task, after: After) -> None:
    """Check a right against its papers: confirm it, or return it with what is missing."""
    with reading(page) as session:
        rows = list_rights(
            session, page.actor, program=page.rulebook.program.key, status=RightStatus.SUBMITTED
        )
    right = next((r for r in rows if r.right_id == task.entity_id), None)
    if right is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    kit.facts(
        [
            (page.t("complaints.who"), right.holder),
            (page.t("complaints.kind"), label(right.kind, page.lang)),
            (page.t("field.mark"), right.mark),
            (page.t("field.right_number"), right.number),
            (page.t("field.nice_classes"), right.nice_classes or "—"),
            (page.t("field.valid_until"), format_day(right.valid_until)),
            (page.t("complaints.received"), format_instant(right.registered_at)),
        ]
    )
    if right.documents:
        show_files(page, f"right:{right.right_id}", right.documents)
    else:
        kit.note(page.t("complaints.documents_missing"))
    decide(
        page,
        task,
        (
            Choice("verify", page.t("complaints.right_verify"), needs_reason=False),
            Choice("return", page.t("complaints.right_return")),
        ),
        lambda s, name, reason: commands.decide_right(
            s,
            clock=page.app.clock,
            actor=page.actor,
            right_id=right.right_id,
            verify=name == "verify",
            reason=reason,
        ),
        after,
    )


def show_report(page: Here, task: Task, after: After) -> None:
    """Show a report from the public: take it up as a complaint, or note that it was read."""
    show_read(page, task, after)
    kit.section(page.t("complaints.take_up"), page.t("complaints.take_up_sub"))
    form = DeskForm(page, f"take_up_{task.entity_id}")
    form.begun_note()
    store_id, item, brand = _which(page, form)
    if form.did(
        page.t("complaints.take_up_go"),
        lambda s: commands.take_report(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            report_id=task.entity_id, store_id=chosen_store(store_id), item=item, brand=brand,
        ),
        primary=False,
    ):  # fmt: skip
        after()
    look.muted(page.t("complaints.removes_nothing"))


def show_public(page: Here, task: Task, after: After) -> None:
    """Show a complaint from the public form: find its store and open the case, or say why not."""
    with reading(page) as session:
        rows = list_public_complaints(session, page.actor, page.rulebook, state=PublicState.NEW)
    row = next((r for r in rows if r.public_id == task.entity_id), None)
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    scope = Scope(program=page.rulebook.program.key)
    kit.facts(
        [
            (page.t("complaints.public_shop"), row.shop),
            (page.t("field.item"), row.item),
            (page.t("complaints.brand"), row.brand or "—"),
            (page.t("complaints.what"), row.text),
            (page.t("complaints.public_contact"), row.contact_masked or "—"),
            (page.t("complaints.received"), format_instant(row.at)),
            (page.t("complaints.receipt"), row.code),
        ]
    )
    if row.contact_masked and may(page.actor, "complaints.unmask_contact", scope):
        contact_card(
            page, f"public_{row.public_id}",
            lambda s, reason: commands.unmask_contact(
                s, clock=page.app.clock, actor=page.actor, public_id=row.public_id,
                reason=reason,
            ),
        )  # fmt: skip
    if row.files:
        kit.section(page.t("complaints.files"))
        show_files(page, f"public_complaint:{row.public_id}", row.files)
    kit.section(page.t("complaints.take_up"), page.t("complaints.public_take_sub"))
    form = DeskForm(page, f"public_{row.public_id}")
    form.begun_note()
    store_id, item, brand = _which(page, form, item=row.item, brand=row.brand)
    if form.did(
        page.t("complaints.take_up_go"),
        lambda s: commands.take_public_complaint(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            public_id=row.public_id, store_id=chosen_store(store_id), item=item, brand=brand,
        ),
    ):  # fmt: skip
        after()
    look.muted(page.t("complaints.removes_nothing"))
    _decline(page, row.public_id, after)


def _decline(page: Here, public_id: int, after: After) -> None:
    least = page.rulebook.intake.refusal_min_characters
    with st.expander(page.t("complaints.decline")):
        form = DeskForm(page, f"decline_{public_id}")
        form.begun_note()
        reason = form.text(
            "reason", page.t("field.refusal_reason"), tall=True, longest=1000,
            placeholder=page.t("complaints.refusal_hint", least=least),
        )  # fmt: skip
        cure = form.text(
            "cure", page.t("field.next_step"), value=page.t("complaints.decline_cure"),
            tall=True, longest=500,
        )  # fmt: skip
        if form.did(
            page.t("complaints.decline_go"),
            lambda s: commands.decline_public_complaint(
                s, page.rulebook, clock=page.app.clock, actor=page.actor, public_id=public_id,
                reason=reason, next_step=cure,
            ),
            primary=False,
        ):  # fmt: skip
            after()


def _which(
    page: Here, form: DeskForm, *, item: str = "", brand: str = ""
) -> tuple[int | None, str, str]:
    """Ask which store, listing and brand are meant."""
    store_id = store_field(page, form)
    item = form.text(
        "item", page.t("field.item"), value=item, hint=page.t("complaints.item_help")
    )
    brand = form.text(
        "brand", page.t("complaints.brand"), value=brand, hint=page.t("complaints.brand_help")
    )
    return store_id, item, brand
