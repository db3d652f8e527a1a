"""The Friday page as official paper: an issue as it was frozen, with later corrections beside it."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang
from marketplace.desk.friday import FridayContent, from_json, recount
from marketplace.desk.friday.wording import (
    tell_difference,
    tell_holder,
    tell_number,
    tell_overdue,
    tell_remark,
)
from marketplace.desk.issues import differences
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.faces.web.viewmodels_print import FridayNumber, FridayPaper, Overdue, Sheet


def find_issue(
    session: Session, actor: Actor, *, program: str, district: str | None, number: int
) -> tuple[Issue, FridayContent | None]:
    """Return an issue and the content of the one before it.

    Raises:
        NotFound: when there is no such issue, or this actor may not know of it.
    """
    kind = IssueKind.FRIDAY
    row = get_issue(
        session, actor, program=program, kind=kind, district=district, number=number
    )
    if number == 1:
        return row, None
    before = get_issue(
        session, actor, program=program, kind=kind, district=district, number=number - 1
    )
    return row, from_json(before.content)


def build(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    row: Issue,
    before: FridayContent | None,
    sheet: Sheet,
    lang: Lang,
) -> FridayPaper:
    """Return the paper of an issue."""
    content = from_json(row.content)
    again = recount(session, actor, rulebook, day=row.issued_on, district=row.district or None)
    told = [
        tell_number(number, before, lang, bare=content.is_bare) for number in content.numbers
    ]
    return FridayPaper(
        sheet=sheet,
        numbers=tuple(
            FridayNumber(t.name, t.value, t.change, t.definition, t.unit) for t in told
        ),
        findings=tuple(tell_remark(remark, rulebook, lang) for remark in content.remarks),
        overdue=tuple(
            Overdue(tell_overdue(o, rulebook, lang), tell_holder(o, lang), o.days)
            for o in content.overdue
        ),
        corrections=tuple(
            tell_difference(was, now, lang) for was, now in differences(content.numbers, again)
        ),
    )
