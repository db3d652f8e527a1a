"""Shows in full how the author of a report or complaint is reached, to somebody who says why."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Scope, may
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, run
from marketplace.features.complaints import commands as complaints
from marketplace.features.complaints.queries import Contact
from marketplace.features.enforcement import commands as enforcement

_ACTIONS = {True: "enforcement.unmask_report_contact", False: "complaints.unmask_contact"}

Unmask = Callable[[Session, str], str | None]


def author_card(page: Here, contact: Contact) -> None:
    """Show hidden how an author is reached, and in full to whoever may ask and says why."""
    is_report = contact.report_id is not None
    kit.facts([(page.t("complaints.public_contact"), contact.masked)])
    if not may(page.actor, _ACTIONS[is_report], Scope(program=page.rulebook.program.key)):
        return
    name = f"report_{contact.report_id}" if is_report else f"public_{contact.public_id}"
    contact_card(page, name, lambda s, reason: _unmask(page, s, contact, reason))


def contact_card(page: Here, name: str, unmask: Unmask) -> None:
    """Ask for the reason and show the contact once; `unmask` takes it and leaves who looked."""
    with st.expander(page.t("complaints.contact_show")):
        kit.note(page.t("complaints.contact_means"))
        form = KeptForm(page, f"contact_{name}")
        reason = form.text("reason", page.t("officer.dossier.phone_reason"))
        if not st.button(page.t("officer.dossier.phone_show"), key=f"contact_{name}_go"):
            return
        contact = run(page, lambda session: unmask(session, reason))
        if contact:
            form.forget()
            st.code(contact, language=None)


def _unmask(page: Here, session: Session, contact: Contact, reason: str) -> str | None:
    clock, who = page.app.clock, page.actor
    if contact.report_id is not None:
        return enforcement.unmask_report_contact(
            session, clock=clock, actor=who, report_id=contact.report_id, reason=reason
        )
    return complaints.unmask_contact(
        session, clock=clock, actor=who, public_id=contact.public_id or 0, reason=reason
    )
