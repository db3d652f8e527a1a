"""Shows in full how the author of a report or complaint is reached, to somebody who says why."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, run

Unmask = Callable[[Session, str], str | None]


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
