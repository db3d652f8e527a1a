"""The editions of an issued report: which there are, and issuing a corrected one with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.access import Role
from marketplace.desk.issues.commands import reissue_quarter
from marketplace.desk.issues.queries import IssueRow
from marketplace.desk.quarters import Quarter
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_rows
from marketplace.faces.ui.issuing.reading import composed
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, run


def edition_asked(rows: Sequence[IssueRow]) -> int:
    """Return the edition an address asks for; the latest where it names none there is."""
    asked = st.query_params.get("edition", "")
    editions = {str(row.edition): row.edition for row in rows}
    return editions.get(asked, rows[0].edition)


def show_editions(page: Here, rows: Sequence[IssueRow], shown: int, place: str) -> None:
    """Show the editions of one issue, each leading to itself; nothing while there is one."""
    if len(rows) == 1:
        return
    if shown != rows[0].edition:
        kit.note(page.t("editions.replaced", edition=shown, latest=rows[0].edition))
    with st.container(key="card_quarter_editions"):
        kit.section(page.t("editions.title"), page.t("editions.title_sub"))
        linked_rows(
            [
                (
                    page.t("editions.name", number=row.number, edition=row.edition),
                    page.t(f"editions.{'later' if row.reason else 'first'}", edition=row.edition,
                           day=row.issued_on.isoformat(), who=row.issued_by, reason=row.reason),
                    f"/quarter?quarter={row.period}&edition={row.edition}{place}",
                )
                for row in rows
            ]
        )  # fmt: skip


def offer_edition(page: Here, quarter: Quarter, district: str | None, latest: int) -> None:
    """Let an officer issue a corrected edition; what it says is counted at that moment."""
    if page.actor.role is not Role.OFFICER:
        return
    coming = latest + 1
    with st.expander(page.t("editions.ask")):
        st.caption(page.t("editions.ask_sub", edition=coming))
        form = DeskForm(page, f"edition_{quarter}_{district or ''}_{coming}")
        form.begun_note()
        reason = form.text("reason", page.t("editions.reason"), tall=True, longest=1_000)
        sent = st.button(
            page.t("editions.send", edition=coming), type="primary", key="send_edition"
        )
    if not sent:
        return
    content = composed(page, quarter, district)
    if content is None:
        return
    frozen = content.to_json()
    edition = run(
        page,
        lambda s: reissue_quarter(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, quarter=quarter,
            district=district, content=frozen, reason=reason,
        ),
        done="editions.done",
    )  # fmt: skip
    if edition is not None:
        form.forget()
        st.query_params.pop("edition", None)
        st.rerun()
