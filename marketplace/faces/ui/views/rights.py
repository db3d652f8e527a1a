"""A right holder's rights: registered once, checked by an officer, used in every notice."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.uploads import take
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import RightKind, RightStatus
from marketplace.features.complaints.queries import RightRow, list_rights

_TONES = {
    RightStatus.SUBMITTED: "warn",
    RightStatus.VERIFIED: "good",
    RightStatus.RETURNED: "bad",
    RightStatus.ENDED: "gray",
}


def show(page: Here) -> None:
    """Show every right and the way to register one."""
    with look.head(page.t("page.rights.title"), page.t("complaints.rights_question")):
        look.open_button(page.t("complaints.register"), "register", kind="primary")
    with reading(page) as session:
        rows = list_rights(session, page.actor, program=page.rulebook.program.key)
    if not rows:
        look.empty(page.t("complaints.rights_none"), page.t("complaints.rights_none_hint"))
    for row in rows:
        with st.container(key=f"card_right_{row.right_id}"):
            one(page, row)
    if look.is_asked("register"):
        look.dialog(page, page.t("complaints.register"), lambda: register(page), wide=True)
    asked = next((r for r in rows if look.is_asked(f"end_{r.right_id}")), None)
    if asked is not None:
        look.dialog(page, page.t("complaints.end_right"), lambda: end(page, asked))


def one(page: Here, row: RightRow) -> None:
    """Show one right with its papers; more can be added while it is not ended."""
    kit.rows(
        [
            (
                f"{row.mark} · {label(row.kind, page.lang)} {row.number}",
                page.t(
                    "complaints.right_sub",
                    classes=row.nice_classes or "—",
                    until=format_day(row.valid_until),
                ),
                kit.badge(label(row.status, page.lang), _TONES[row.status]),
            )
        ]
    )
    if row.reason and row.status in {RightStatus.RETURNED, RightStatus.ENDED}:
        kit.note(row.reason)
        if row.status is RightStatus.RETURNED:
            look.muted(page.t("entry.right_cure"))
    names = page.t("app.comma").join(name for name, _ in row.documents)
    look.muted(
        page.t("complaints.documents", names=names or page.t("complaints.documents_none"))
    )
    if row.status is RightStatus.ENDED:
        return
    most = page.rulebook.intake.max_documents_per_right
    if len(row.documents) < most:
        sent = st.file_uploader(
            f"{page.t('complaints.add_document', most=most)} · {row.mark} {row.number}",
            type=["pdf", "png", "jpg", "jpeg", "webp"],
            key=f"paper_{row.right_id}_{len(row.documents)}",
        )
        if sent is not None and (ready := take(page, sent)) and did(
            page,
            lambda s: commands.add_right_document(
                s, page.rulebook, clock=page.app.clock, actor=page.actor,
                right_id=row.right_id, content=ready[0].content, name=sent.name,
                data_dir=page.app.data_dir,
            ),
            done="entry.right_again"
            if row.status is RightStatus.RETURNED
            else "complaints.document_added",
        ):  # fmt: skip
            st.rerun()
    look.open_button(page.t("complaints.end_right"), f"end_{row.right_id}")


def register(page: Here) -> None:
    """Take a right; an officer checks it against its papers."""
    form = DeskForm(page, f"right_{page.rulebook.program.key}")
    form.begun_note()
    kinds = [k.value for k in RightKind]
    kind = form.choice(
        "kind", page.t("complaints.kind"), kinds, lambda k: label(RightKind(k), page.lang),
        value=kinds[0],
    )  # fmt: skip
    mark = form.text("mark", page.t("field.mark"), longest=80)
    number = form.text("number", page.t("field.right_number"), longest=60)
    classes = form.text("classes", page.t("field.nice_classes"), placeholder="25", longest=80)
    until = form.day("until", page.t("field.valid_until"))
    if form.did(
        page.t("complaints.register_go"),
        lambda s: commands.register_right(
            s,
            clock=page.app.clock,
            actor=page.actor,
            kind=RightKind(kind or kinds[0]),
            mark=mark,
            number=number,
            nice_classes=classes,
            valid_until=until,
        ),
        done="complaints.registered",
    ):
        look.finish()


def end(page: Here, row: RightRow) -> None:
    """End a right; what was filed on it goes on."""
    kit.note(page.t("complaints.end_means"))
    form = DeskForm(page, f"end_right_{row.right_id}")
    form.begun_note()
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=500)
    if form.did(
        page.t("complaints.end_right"),
        lambda s: commands.end_right(
            s, clock=page.app.clock, actor=page.actor, right_id=row.right_id, reason=reason
        ),
    ):
        look.finish()


show(page_for(Role.RIGHT_HOLDER))
