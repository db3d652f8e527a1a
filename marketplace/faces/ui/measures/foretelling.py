"""What upholding a finding would bring, told before anybody decides."""

from __future__ import annotations

from marketplace.base.words import label
from marketplace.desk.foresight import IfFound
from marketplace.faces.ui import kit
from marketplace.faces.ui.linking.showing import closure_group
from marketplace.faces.ui.session import Here


def show_consequence(page: Here, then: IfFound, store_id: int) -> None:
    """Show what follows by the rule, and the group of the store beside it."""
    kit.section(page.t("complaints.if_upheld"))
    kit.rows([(text, "", "") for text in _follows(page, then)])
    closure_group(page, store_id)


def _follows(page: Here, then: IfFound) -> list[str]:
    follows = [page.t("complaints.then_told")]
    if not then.scored:
        return [*follows, page.t("complaints.then_not_scored")]
    if then.measure is None:
        return [*follows, page.t("complaints.then_closed_already")]
    follows.append(
        page.t(
            "complaints.then_points",
            offense=then.offense,
            points=then.points,
            before=then.balance,
            after=then.balance_after,
            closure=then.closure_balance,
        )
    )
    follows.append(page.t("complaints.then_measure", measure=label(then.measure, page.lang)))
    if then.suspension_days:
        follows.append(page.t("complaints.then_days", days=then.suspension_days))
    if then.closes:
        follows.append(page.t("complaints.then_closes"))
    return follows
