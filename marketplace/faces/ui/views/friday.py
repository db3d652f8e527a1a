"""The Friday page: composed now, issued with a number, kept as it was."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant
from marketplace.desk.friday import (
    FridayContent,
    compose_friday,
    from_json,
    recount,
)
from marketplace.desk.friday.wording import (
    as_text,
    tell_difference,
    tell_holder,
    tell_number,
    tell_overdue,
    tell_remark,
)
from marketplace.desk.issues import differences
from marketplace.desk.issues.commands import issue_friday
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, IssueRow, get_issue, list_issues
from marketplace.faces.ui import kit
from marketplace.faces.ui.issuing import numbers
from marketplace.faces.ui.issuing.choosing import choose_district
from marketplace.faces.ui.issuing.confirming import issue_button
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import show_place, switched
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.wording import district_name

_NOW, _SHOWN = "now", 12
_NEW = "friday_issued"  # the issue just made: it is what is shown next


def show_content(
    page: Here,
    content: FridayContent,
    earlier: FridayContent | None,
    *,
    district: str | None,
    is_issue: bool = False,
) -> None:
    """Show the five numbers with what they count, the three findings and what is overdue."""
    for column, counted in zip(st.columns(5), content.numbers, strict=True):
        told = tell_number(counted, earlier, page.lang, bare=content.is_bare)
        with column, st.container(key=f"go_number_{counted.key}", height="stretch"):
            kit.kpi(told.name, told.value, told.unit, told.change)
            st.caption(told.definition)
            numbers.lead(page, counted.key)
    numbers.show_rows(page, content, district, is_issue=is_issue)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="card_remarks", height="stretch"):
        kit.section(page.t("friday.remarks"), page.t("friday.remarks_sub"))
        kit.numbered([tell_remark(r, page.rulebook, page.lang) for r in content.remarks])
    with right, st.container(key="card_overdue", height="stretch"):
        kit.section(page.t("friday.overdue", count=content.overdue_total))
        if not content.overdue:
            kit.empty(page.t("friday.none_overdue"))
        kit.rows(
            [
                (
                    tell_overdue(thing, page.rulebook, page.lang),
                    page.t("friday.held_by", who=tell_holder(thing, page.lang)),
                    kit.badge(page.t("friday.days_over", days=thing.days), "bad"),
                )
                for thing in content.overdue
            ]
        )


def title_of(page: Here, day: str, district: str | None, number: int | None) -> str:
    """Return the heading of the page as text."""
    place = district_name(page, district) if district else page.t("friday.whole_program")
    what = page.t("friday.issue_no", number=number) if number else page.t("friday.draft")
    return page.t("friday.text_title", place=place, what=what, day=day)


def read_issue(page: Here, district: str | None, number: int) -> Issue:
    """Return an issue as it was frozen."""
    with reading(page) as session:
        return get_issue(
            session,
            page.actor,
            program=page.rulebook.program.key,
            kind=IssueKind.FRIDAY,
            district=district,
            number=number,
        )


def show_now(
    page: Here, district: str | None, issued: list[IssueRow], actions: DeltaGenerator
) -> None:
    """Show today's page, to be issued."""
    done_today = bool(issued) and issued[0].issued_on == today(page.app.clock)
    # Against the issue of the same day nothing could have changed.
    before = issued[1:] if done_today else issued
    earlier = (
        from_json(read_issue(page, district, before[0].number).content) if before else None
    )
    if done_today:
        kit.note(page.t("friday.issued_today", number=issued[0].number), "good")
    with reading(page) as session:
        content = compose_friday(
            session, page.actor, page.rulebook, clock=page.app.clock, district=district
        )
    kit.markup(f'<p class="muted">{page.t("friday.as_of", day=content.day)}</p>')
    show_content(page, content, earlier, district=district)
    title = title_of(page, content.day, district, None)
    text = as_text(content, page.rulebook, page.lang, title=title, earlier=earlier)
    with st.expander(page.t("friday.copy")):
        st.code(text, language=None, wrap_lines=True)
    if done_today:
        print_button(page, issued[0].number, district, actions)
    elif page.actor.role is Role.OFFICER:
        with actions:
            issue_button(
                page,
                "friday",
                title,
                lambda s: issue_friday(
                    s,
                    clock=page.app.clock,
                    actor=page.actor,
                    program=page.rulebook.program.key,
                    district=district,
                    content=content.to_json(),
                ),
                lambda number: st.session_state.update({_NEW: str(number)}),
            )


def show_issue(page: Here, row: Issue, before: Issue | None, actions: DeltaGenerator) -> None:
    """Show an issue as it was, and what later corrections changed."""
    content = from_json(row.content)
    district = row.district or None
    kit.markup(
        f'<p class="muted">{page.t("friday.issued_at", number=row.number, at=format_instant(row.as_of))}</p>'
    )
    show_content(
        page,
        content,
        from_json(before.content) if before else None,
        district=district,
        is_issue=True,
    )
    with reading(page) as session:
        again = recount(
            session, page.actor, page.rulebook, day=row.issued_on, district=district
        )
    changed = differences(content.numbers, again)
    if changed:
        kit.section(page.t("friday.corrected"), page.t("friday.corrected_sub"))
        for was, now in changed:
            kit.note(tell_difference(was, now, page.lang))
    text = as_text(
        content,
        page.rulebook,
        page.lang,
        title=title_of(page, format_day(row.issued_on), district, row.number),
        earlier=from_json(before.content) if before else None,
    )
    with st.expander(page.t("friday.copy")):
        st.code(text, language=None, wrap_lines=True)
    print_button(page, row.number, district, actions)


def print_button(
    page: Here, number: int, district: str | None, actions: DeltaGenerator
) -> None:
    """Offer an issue on paper."""
    place = f"&district={district}" if district else ""
    actions.link_button(
        page.t("friday.print"),
        f"/paper/friday/{number}?lang={page.lang}{place}",
        icon=":material/print:",
    )


here = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
at_head = look.head(here.t("page.friday.title"), here.t("friday.question"))
place = choose_district(here)
with reading(here) as reading_session:
    issues = list_issues(
        reading_session,
        here.actor,
        program=here.rulebook.program.key,
        kind=IssueKind.FRIDAY,
        district=place,
    )
may_compose = here.actor.role is not Role.AUDITOR
issues_by_number = {
    str(row.number): here.t("friday.issue_no", number=row.number) for row in issues
}
options = {_NOW: here.t("friday.now")} | issues_by_number if may_compose else issues_by_number
if not options:
    kit.empty(here.t("friday.no_issue"))
    st.stop()
shown = dict(list(options.items())[:_SHOWN])
if (made := st.session_state.pop(_NEW, None)) in shown:
    st.session_state["issue"] = made
    show_place("issue", made)
picked = switched(here.t("friday.which"), "issue", shown, start=next(iter(shown)))
if picked == _NOW:
    show_now(here, place, issues, at_head)
else:
    number = int(picked)
    earlier_issue = read_issue(here, place, number - 1) if number > 1 else None
    show_issue(here, read_issue(here, place, number), earlier_issue, at_head)
