"""What a case page tells: the way, the complaints, the parties, what happened."""

from __future__ import annotations

from html import escape

from marketplace.base.access.queries import names_of
from marketplace.base.clock import civil_day
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints.kinds import (
    CaseStatus,
    CaseStep,
    ComplaintStatus,
    NoticeState,
)
from marketplace.features.complaints.queries import CaseFile, ComplaintRow
from marketplace.features.enforcement.queries import FindingRow

_WAY = ("opened", "told", "seller", "answer", "finding", "heard", "decided", "closed")
_NOW = {
    CaseStep.FORWARD: "told",
    CaseStep.SELLER: "seller",
    CaseStep.PASS_ON: "seller",
    CaseStep.COURT: "seller",
    CaseStep.ANSWER: "answer",
    CaseStep.FIND_OR_CLOSE: "finding",
    CaseStep.HEAR: "heard",
    CaseStep.DECIDE: "decided",
    CaseStep.CLOSED: "",
}
_TONES = {
    ComplaintStatus.OPEN: "warn",
    ComplaintStatus.UPHELD: "bad",
    ComplaintStatus.REFUSED: "gray",
    ComplaintStatus.WITHDRAWN: "gray",
    ComplaintStatus.REVERSED: "gray",
}


def state_badge(page: Here, file: CaseFile) -> str:
    """Return the badge beside the title."""
    line = file.line
    if line.status is CaseStatus.OPEN:
        return kit.badge(label(line.step, page.lang), "bad" if line.late else "warn")
    return kit.badge(label(line.status, page.lang), "gray")


def way(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Show the way of the case: done with its day, now with who and until when, next."""
    line = file.line
    complaints = file.complaints
    steps = [s for s in _WAY if complaints or s not in {"told", "seller", "answer"}]
    now = _NOW[line.step]
    days = {
        "opened": line.opened_at,
        "told": max((c.forwarded_at for c in complaints if c.forwarded_at), default=None),
        "seller": max(
            (c.seller_answered_at for c in complaints if c.seller_answered_at), default=None
        ),
        "answer": max((c.answered_at for c in complaints if c.answered_at), default=None),
        "finding": finding.recorded_at if finding else None,
        "heard": finding.heard_at if finding else None,
        "decided": finding.decided_at if finding else None,
        "closed": line.closed_at,
    }
    items = []
    for step in steps:
        at = days[step]
        if step == now:
            state, under = (
                "now",
                page.t(
                    "complaints.due_by",
                    who=label(line.turn, page.lang),
                    day=format_day(line.due_on),
                ),
            )
        elif at is not None:
            state, under = "done", format_day(civil_day(at))
        else:
            skipped = line.status is not CaseStatus.OPEN
            state, under = "next", page.t("complaints.skipped") if skipped else ""
        name = page.t(f"complaints.way.{step}")
        items.append((name, state, under, page.t(f"complaints.spoken.{state}")))
    kit.steps(items)


def about(page: Here, file: CaseFile) -> None:
    """Show what the case is about."""
    line = file.line
    facts = [
        (page.t("field.item"), line.item_no),
        (page.t("complaints.said_what"), line.statement),
        (page.t("field.origin"), label(line.origin, page.lang)),
        (page.t("complaints.column.opened"), format_instant(line.opened_at)),
    ]
    if line.reason:
        facts.append((page.t("complaints.closed_why"), line.reason))
    kit.facts(facts)
    if line.url:
        kit.markup(
            f'<p class="z-chips"><a href="{escape(line.url)}" target="_blank" '
            f'rel="noopener noreferrer">{escape(page.t("complaints.see_listing"))}</a></p>'
        )


def complaint(page: Here, row: ComplaintRow, *, names_author: bool = True) -> None:
    """Show one complaint: where it stands, what was said, how it was answered and why."""
    mark = kit.badge(label(row.status, page.lang), _TONES[row.status])
    if row.malicious_at:
        mark += " " + kit.badge(page.t("complaints.malicious"), "bad")
    kit.markup(f"<p><b>{escape(row.number)}</b> {mark}</p>")
    kit.facts(
        [*_said(page, row, names_author=names_author), *_answer(page, row, cure=names_author)]
    )


def _said(page: Here, row: ComplaintRow, *, names_author: bool) -> list[tuple[str, str]]:
    """What was said by whom, and where the procedure is."""
    facts = [(page.t("complaints.said_what"), row.text)]
    if row.right or row.brand:
        facts.append((page.t("complaints.right"), row.right or row.brand))
    if names_author:
        who = row.complainant or label(row.origin, page.lang)
        facts.append((page.t("complaints.who"), who))
    facts.append((page.t("complaints.received"), format_instant(row.received_at)))
    if row.state is not None and row.status is ComplaintStatus.OPEN:
        facts.append((page.t("complaints.state"), _state(page, row)))
    if row.seller_text and row.seller_answer:
        said = f"{label(row.seller_answer, page.lang)} · {row.seller_text}"
        facts.append((page.t("complaints.seller_said"), said))
    if row.proceedings and names_author:
        facts.append((page.t("complaints.proceedings"), row.proceedings))
    return facts


def _answer(page: Here, row: ComplaintRow, *, cure: bool) -> list[tuple[str, str]]:
    """How it was answered and why; nothing while it is open.

    How a refused complaint can be cured is said to its author: the seller has nothing to cure.
    """
    told = (
        ("complaints.answered", format_instant(row.answered_at) if row.answered_at else None),
        ("complaints.refusal", label(row.refusal, page.lang) if row.refusal else None),
        ("app.reason", row.reason),
        ("field.next_step", row.next_step if cure else None),
        ("complaints.malicious", row.malicious_reason),
    )
    facts = [(page.t(key), text) for key, text in told if text]
    if row.status is ComplaintStatus.UPHELD:
        word = "counted" if row.counted else "not_counted"
        facts.append((page.t("complaints.counting"), page.t(f"complaints.{word}")))
    return facts


def _state(page: Here, row: ComplaintRow) -> str:
    if row.state is NoticeState.WAITING and row.wait_until is not None:
        return page.t("complaints.waiting_until", until=format_instant(row.wait_until))
    if row.state is NoticeState.FORWARDED and row.seller_answer is None:
        return page.t("complaints.seller_until", day=format_day(row.seller_due_on))
    return label(row.state, page.lang) if row.state else ""


def parties(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Show who is in it; complainants are told apart and protected."""
    line = file.line
    ids = {
        n
        for n in (
            line.officer_id,
            finding.recorded_by if finding else None,
            *(c.answered_by for c in file.complaints),
        )
        if n is not None
    }
    with reading(page) as session:
        names = names_of(session, ids)
    kit.section(page.t("complaints.parties"))
    officer = names.get(line.officer_id or 0, page.t("complaints.nobody"))
    kit.facts(
        [
            (page.t("field.store"), line.store_name),
            (page.t("complaints.column.factory"), line.factory_name or "—"),
            (page.t("complaints.column.officer"), officer),
        ]
    )
    look.muted(page.t("complaints.protected"))


def timeline(page: Here, file: CaseFile) -> None:
    """Show what happened, newest first, with who did it."""
    with reading(page) as session:
        names = names_of(session, {e.by_account for e in file.entries if e.by_account})
    kit.section(page.t("complaints.happened"))
    kit.timeline(
        [
            (
                " · ".join(
                    part
                    for part in (
                        format_instant(e.at),
                        names.get(e.by_account or 0, page.t("complaints.by_system")),
                    )
                    if part
                ),
                " ".join(part for part in (label(e.kind, page.lang), e.complaint) if part),
                e.text or "",
            )
            for e in file.entries
        ]
    )


def finding(page: Here, row: FindingRow | None) -> None:
    """Show the finding of the case, suspected until decided, with its reason."""
    if row is None:
        kit.empty(page.t("complaints.finding_none"))
        return
    facts = [
        (page.t("page.dossier.state"), label(row.status, page.lang)),
        (page.t("complaints.seen_what"), row.statement),
        (page.t("field.listings"), str(row.listings)),
        (page.t("field.found_on"), format_day(row.found_on)),
        (page.t("complaints.owner_said"), row.hearing or "—"),
    ]
    if row.decided_at:
        facts.append((page.t("complaints.answered"), format_instant(row.decided_at)))
        facts.append((page.t("app.reason"), row.reason or "—"))
    kit.facts(facts)
