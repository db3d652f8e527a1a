"""A store or firm tied to one that was dealt with: look, then say what was found."""

from __future__ import annotations

from marketplace.base.words import format_instant, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, form_of, reason_field, settle
from marketplace.faces.ui.linking import showing
from marketplace.faces.ui.session import Here, reading
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import LinkOutcome
from marketplace.features.links.queries import get_review

_OUTCOMES = (
    LinkOutcome.NO_GROUND,
    LinkOutcome.WATCH,
    LinkOutcome.FINDING_RECORDED,
    LinkOutcome.REFERRED,
)


def show(page: Here, task: Task, after: After) -> None:
    """Show why it is in the queue, the links to cut, the group, and what it may end in."""
    with reading(page) as session:
        review, way = get_review(session, page.actor, review_id=task.entity_id)
    kit.note(page.t("links.review_means"))
    kit.facts(
        [
            (page.t("links.subject"), review.subject.name),
            (page.t("links.because"), review.because.name),
            (page.t("links.trigger"), label(review.trigger, page.lang)),
            (page.t("links.opened"), format_instant(review.opened_at)),
        ]
    )
    kit.section(page.t("links.way"), page.t("links.way_sub"))
    showing.link_lines(page, way, at=f"way{review.review_id}")
    number = review.subject.ref.partition(":")[2]
    if review.subject.kind == "store":
        showing.store_group(page, int(number))
    kit.section(page.t("links.outcome"), page.t("links.outcome_sub"))
    choices = (Choice("end", page.t("links.end")),)
    form = form_of(page, task)
    outcome = form.choice(
        "outcome",
        page.t("links.outcome"),
        [o.value for o in _OUTCOMES],
        lambda o: label(LinkOutcome(o), page.lang),
        value=_OUTCOMES[0].value,
        radio=True,
        label_visibility="collapsed",
    )
    reason = reason_field(page, form, choices)
    settle(
        page,
        form,
        choices,
        reason,
        work=lambda s, _name, text: links.decide_review(
            s,
            clock=page.app.clock,
            actor=page.actor,
            review_id=review.review_id,
            outcome=LinkOutcome(outcome or _OUTCOMES[0]),
            reason=text,
        ),
        after=after,
    )
