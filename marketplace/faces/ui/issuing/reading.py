"""Reads a quarter for the page: composed anew and kept while nothing was decided, or as issued.

Who asks is checked every time, kept or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from marketplace.base.access import Scope, require
from marketplace.base.errors import MarketplaceError
from marketplace.desk.issues import Number, differences
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.desk.quarter.content import QuarterContent, from_json
from marketplace.desk.quarter.corrections import Causes, against_earlier, list_causes
from marketplace.desk.quarter.queries import compose_quarter, recount_quarter
from marketplace.desk.quarters import Quarter, parse_quarter
from marketplace.faces.ui import kit
from marketplace.faces.ui.material import state_of
from marketplace.faces.ui.session import Here, reading


def composed(page: Here, quarter: Quarter, district: str | None) -> QuarterContent | None:
    """Return the report as it stands now; say what was refused and return None."""
    program = page.rulebook.program.key
    try:
        require(page.actor, "desk.compose_quarter", Scope(program=program, district=district))
        return _compose(
            page, str(page.app.settings.data_dir), state_of(page), program, quarter, district
        )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return None


@dataclass(frozen=True, slots=True)
class Kept:
    """An issue as it was frozen, and what stands beside it.

    `changed` is what is counted differently now, `against` what it changed in the edition before,
    `causes` what became known since.
    """

    issue: Issue
    content: QuarterContent
    changed: list[tuple[Number, Number]]
    against: list[tuple[Number, Number]]
    causes: Causes


def issued(
    page: Here, quarter: Quarter, district: str | None, number: int, edition: int
) -> Kept:
    """Return an edition of an issue as it was frozen, and what is counted differently now."""
    program = page.rulebook.program.key
    with reading(page) as session:
        issue = get_issue(
            session, page.actor, program=program, kind=IssueKind.QUARTER,
            district=district, number=number, edition=edition,
        )  # fmt: skip
        against = against_earlier(session, page.actor, issue, program=program)
        causes = list_causes(
            session, page.actor, page.rulebook, quarter=quarter, district=district,
            since=issue.as_of,
        )  # fmt: skip
    content = from_json(issue.content)
    require(page.actor, "desk.recount_quarter", Scope(program=program, district=district))
    again = _recount(
        page, str(page.app.settings.data_dir), state_of(page), program,
        parse_quarter(issue.period), district,
    )  # fmt: skip
    return Kept(issue, content, differences(content.numbers, again), against, causes)


@st.cache_resource(max_entries=16, show_spinner=False)
def _compose(
    _page: Here,
    place: str,
    state: tuple[object, ...],
    program: str,
    quarter: Quarter,
    district: str | None,
) -> QuarterContent:
    del place, state, program
    with reading(_page) as session:
        return compose_quarter(
            session, _page.actor, _page.rulebook, clock=_page.app.clock, quarter=quarter,
            district=district,
        )  # fmt: skip


@st.cache_resource(max_entries=64, show_spinner=False)
def _recount(
    _page: Here,
    place: str,
    state: tuple[object, ...],
    program: str,
    quarter: Quarter,
    district: str | None,
) -> tuple[Number, ...]:
    del place, state, program
    with reading(_page) as session:
        return recount_quarter(
            session, _page.actor, _page.rulebook, clock=_page.app.clock, quarter=quarter,
            district=district,
        )  # fmt: skip
