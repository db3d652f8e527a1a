"""The quarterly report, for officers who report upward: previewed, issued with a number, kept."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_instant
from marketplace.desk.issues import Number
from marketplace.desk.issues.commands import issue_quarter
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import IssueRow, list_issues
from marketplace.desk.quarter.content import QuarterContent
from marketplace.desk.quarter.wording import as_text, name_of, tell_causes, title_of
from marketplace.desk.quarters import Quarter
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_rows
from marketplace.faces.ui.issuing.choosing import (
    asked_for,
    choose_quarter,
    districts_of,
)
from marketplace.faces.ui.issuing.confirming import issue_button
from marketplace.faces.ui.issuing.editions import edition_asked, offer_edition, show_editions
from marketplace.faces.ui.issuing.reading import composed, issued
from marketplace.faces.ui.issuing.showing import show_against, show_changes, show_report
from marketplace.faces.ui.issuing.taking import workbook_button
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for, reading


def show_copy(
    page: Here,
    content: QuarterContent,
    name: str,
    at: str,
    changed: Sequence[tuple[Number, Number]] = (),
) -> None:
    """Show the report as text to copy."""
    title = title_of(content, page.rulebook, page.lang, name=name, at=at)
    with st.expander(page.t("quarter.copy")):
        text = as_text(content, page.lang, title=title, changed=changed)
        st.code(text, language=None, wrap_lines=True)


def show_preview(page: Here, quarter: Quarter, district: str | None) -> None:
    """Show the report as it stands; a finished quarter can be issued."""
    content = composed(page, quarter, district)
    if content is None:
        kit.empty(page.t("quarter.choose_other"))
        return
    now = format_instant(page.app.clock.now())
    kit.markup(f'<p class="muted">{page.t("quarter.as_of", quarter=quarter.key, at=now)}</p>')
    if content.preliminary:
        kit.note(
            page.t("quarter.preliminary", quarter=quarter.key, until=content.until,
                   since=quarter.next.start.isoformat())
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        workbook_button(page, content, ())
        if page.actor.role is Role.OFFICER and not content.preliminary:
            issue_button(
                page, "quarter", title_of(content, page.rulebook, page.lang, name="", at=now),
                lambda s: issue_quarter(
                    s, page.rulebook, clock=page.app.clock, actor=page.actor,
                    quarter=quarter, district=district, content=content.to_json(),
                ),
            )  # fmt: skip
    show_copy(page, content, "", now)
    show_report(page, content)


def show_issue(
    page: Here, quarter: Quarter, district: str | None, rows: Sequence[IssueRow]
) -> None:
    """Show an edition of an issue as it was frozen, and what later corrections changed."""
    edition = edition_asked(rows)
    kept = issued(page, quarter, district, rows[0].number, edition)
    issue, content, changed = kept.issue, kept.content, kept.changed
    at, name = format_instant(issue.as_of), name_of(issue.number, edition, page.lang)
    told = page.t("quarter.issued_at", quarter=quarter.key, name=name, at=at)
    kit.markup(f'<p class="muted">{told}</p>')
    place = f"&district={district}" if district else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(
            page.t("quarter.print"),
            f"/paper/quarter/{issue.number}?lang={page.lang}&edition={edition}{place}",
            icon=":material/print:",
        )
        workbook_button(page, content, changed, name=name)
    show_editions(page, rows, edition, place)
    show_copy(page, content, name, at, changed)
    if kept.against:
        show_against(page, issue, kept.against)
    show_changes(page, changed, tell_causes(kept.causes, page.lang))
    if changed and edition == rows[0].edition:
        offer_edition(page, quarter, district, edition)
    show_report(page, content)
    st.caption(page.t("quarter.digest", mark=issue.sha256))


def show_list(page: Here, rows: Sequence[IssueRow], district: str | None) -> None:
    """Show what was issued; each leads to its quarter."""
    place = f"&district={district}" if district else ""
    with st.container(key="card_quarter_issued"):
        kit.section(page.t("quarter.issued_list"))
        if not rows:
            kit.empty(page.t("quarter.none_issued"))
        linked_rows(
            [
                (
                    row.period,
                    page.t("quarter.list_line", name=name_of(row.number, row.edition, page.lang), quarter=row.period,
                           day=row.issued_on.isoformat(), who=row.issued_by),
                    f"/quarter?quarter={row.period}&edition={row.edition}{place}",
                )
                for row in rows
            ]
        )  # fmt: skip


def list_for(page: Here, district: str | None) -> list[IssueRow]:
    """Return what was issued there; nothing for a place that is not this person's."""
    if district not in {code or None for code in districts_of(page)}:
        return []
    with reading(page) as session:
        return list_issues(
            session, page.actor, program=page.rulebook.program.key, kind=IssueKind.QUARTER,
            district=district,
        )  # fmt: skip


here = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
look.head(here.t("page.quarter.title"), here.t("quarter.question"))
wanted = asked_for(here)
issues = list_for(here, wanted[1]) if wanted else []
choose_quarter(here, wanted, {row.period: row.number for row in issues})
with st.container(horizontal=True):
    st.page_link("views/overview.py", label=here.t("quarter.to_overview"))
    st.page_link("views/methods.py", label=here.t("quarter.to_methods"))
    st.page_link("views/data_quality.py", label=here.t("quarter.to_quality"))
if wanted is None:
    kit.empty(here.t("quarter.choose_other"))
    st.stop()
at_quarter, at_place = wanted
found = [row for row in issues if row.period == at_quarter.key]
if not found:
    show_preview(here, at_quarter, at_place)
else:
    show_issue(here, at_quarter, at_place, found)
if (at_place or "") in districts_of(here):
    show_list(here, issues, at_place)
