"""The evidence of a finding with its custody, and the suspension that cannot wait for the decision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlmodel import Session

from marketplace.base.files import receive_file
from marketplace.base.words import format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.lookback import held_by
from marketplace.faces.ui.measures.policies import is_offered
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.uploads import Taken, take
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import MeasureKind
from marketplace.features.enforcement.queries import (
    EvidenceRow,
    FindingRow,
    PendingRow,
    find_pending_suspension,
    list_evidence,
)
from marketplace.features.registry.queries import scope_of_factory

_TYPES = ("jpg", "jpeg", "png", "webp", "pdf")


def show_evidence(page: Here, f: FindingRow) -> None:
    """Show every piece with its digest and holder; take in another, or pass one on."""
    with reading(page) as session:
        pieces = list_evidence(session, page.actor, finding_id=f.finding_id)
        pending = find_pending_suspension(session, page.actor, finding_id=f.finding_id)
    kit.section(page.t("measures.evidence"))
    if pieces:
        kit.rows([(p.name, _custody(page, p), "") for p in pieces])
    else:
        st.caption(page.t("measures.evidence_none"))
    runs = pending is not None and pending.ended_at is None
    if pending is not None:
        _tell_pending(page, pending)
    with st.container(horizontal=True):
        with st.popover(page.t("measures.evidence_add"), icon=":material/attach_file:"):
            _add(page, f)
        if pieces:
            with st.popover(page.t("measures.hand_over"), icon=":material/swap_horiz:"):
                _hand_over(page, pieces)
        interim = is_offered(page, f.product_ids, MeasureKind.INTERIM_SUSPENSION)
        if pieces and pending is None and interim:
            with st.popover(page.t("measures.pending"), icon=":material/pause_circle:"):
                _suspend(page, f)
        if runs:
            with st.popover(page.t("measures.pending_lift"), icon=":material/play_circle:"):
                _lift(page, f)


def _tell_pending(page: Here, pending: PendingRow) -> None:
    """Say until when it runs at longest, or that it ended: there is no second one."""
    until = format_instant(pending.ended_at or pending.until_at)
    if pending.ended_at is None:
        kit.note(page.t("measures.pending_runs", until=until, reason=pending.reason), "warn")
    else:
        kit.note(page.t("measures.pending_ended", until=until))


def _custody(page: Here, piece: EvidenceRow) -> str:
    return f"SHA-256 {piece.sha256} · " + " → ".join(held_by(page, piece))


def _add(page: Here, f: FindingRow) -> None:
    form = DeskForm(page, f"evidence_{f.finding_id}")
    given = st.file_uploader(page.t("measures.evidence_file"), type=list(_TYPES))
    digest = form.text(
        "digest",
        page.t("measures.evidence_digest"),
        hint=page.t("measures.evidence_digest_help"),
    )
    name = form.text("name", page.t("measures.evidence_name"), longest=200)
    holder = form.text("holder", page.t("measures.evidence_holder"), longest=120)
    ready: list[Taken] = []

    def checked() -> bool:
        taken = take(page, *([given] if given else ()))
        ready.extend(taken or ())
        return taken is not None

    if form.did(
        page.t("measures.evidence_keep"),
        lambda s: _keep(
            s,
            page,
            f,
            file=ready[0] if ready else None,
            digest=digest,
            name=name,
            holder=holder,
        ),
        first=checked,
        done="measures.evidence_kept",
    ):
        st.rerun()


def _keep(
    session: Session,
    page: Here,
    f: FindingRow,
    *,
    file: Taken | None,
    digest: str,
    name: str,
    holder: str,
) -> None:
    """Keep the file for the office alone; the owner reads its name and digest."""
    use_id = None
    if file is not None:
        district = None  # whoever works in other districts opens no evidence of this one
        if f.factory_id is not None:
            district = scope_of_factory(session, f.factory_id).district
        use_id = receive_file(
            session, clock=page.app.clock, actor=page.actor, content=file.content,
            name=file.name, purpose="evidence", subject=f"finding:{f.finding_id}",
            program=f.program, district=district, data_dir=page.app.data_dir,
        )  # fmt: skip
    enforcement.add_evidence(
        session,
        clock=page.app.clock,
        actor=page.actor,
        finding_id=f.finding_id,
        name=name,
        holder=holder,
        use_id=use_id,
        sha256=digest or None,
    )


def _hand_over(page: Here, pieces: Sequence[EvidenceRow]) -> None:
    with st.form("hand_over", border=False):
        piece = st.selectbox(
            page.t("measures.evidence"), pieces, format_func=lambda p: str(p.name)
        )
        holder = st.text_input(page.t("measures.evidence_next"), max_chars=120)
        sent = st.form_submit_button(page.t("measures.hand_over"), type="primary")
    if sent and did(
        page,
        lambda s: enforcement.hand_over_evidence(
            s,
            clock=page.app.clock,
            actor=page.actor,
            evidence_id=piece.evidence_id,
            holder=holder,
        ),
        done="measures.handed_over",
    ):
        st.rerun()


def _suspend(page: Here, f: FindingRow) -> None:
    days = page.rulebook.enforcement.measures.interim_days
    kit.note(page.t("measures.pending_means", days=days))
    form = DeskForm(page, f"pending_{f.finding_id}")
    reason = form.text("reason", page.t("measures.pending_reason"), tall=True, longest=1000)
    if form.did(
        page.t("measures.pending"),
        lambda s: enforcement.suspend_pending_decision(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            finding_id=f.finding_id,
            reason=reason,
        ),
        done="measures.pending_done",
    ):
        st.rerun()


def _lift(page: Here, f: FindingRow) -> None:
    form = DeskForm(page, f"lift_pending_{f.finding_id}")
    reason = form.text("reason", page.t("officer.decide.reason"), tall=True, longest=1000)
    if form.did(
        page.t("measures.pending_lift"),
        lambda s: enforcement.lift_pending_suspension(
            s,
            clock=page.app.clock,
            actor=page.actor,
            finding_id=f.finding_id,
            reason=reason,
        ),
        done="measures.pending_lifted",
    ):
        st.rerun()
