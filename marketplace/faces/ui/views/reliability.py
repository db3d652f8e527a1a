"""A right holder sees how his complaints fared, what was marked, and how to do better."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_instant
from marketplace.desk.intake_figures import own_reliability
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import figures
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.complaints.kinds import RefusalCode
from marketplace.features.complaints.queries import list_filed

page = page_for(Role.RIGHT_HOLDER)
look.head(page.t("page.reliability.title"), page.t("complaints.reliability_question"))
with reading(page) as session:
    found = own_reliability(session, page.actor, page.rulebook)
    filed = list_filed(session, page.actor, program=page.rulebook.program.key)
if found is None or found.counts.filed == 0:
    look.empty(page.t("complaints.reliability_none"), page.t("complaints.filed_none_hint"))
    st.stop()
counts = found.counts
with st.container(key="card_share"):
    kit.section(page.t("complaints.own_share"))
    kit.facts(
        [
            (
                page.t("complaints.people_head.share"),
                figures.share(page, counts.upheld, counts.answered, found.interval),
            ),
            (page.t("complaints.people_head.filed"), str(counts.filed)),
            (page.t("complaints.people_head.open"), str(counts.open)),
            (page.t("complaints.people_head.upheld"), str(counts.upheld)),
            (page.t("complaints.people_head.refused"), str(counts.refused)),
            (page.t("complaints.people_head.reversed"), str(counts.reversed)),
            (page.t("complaints.people_head.withdrawn"), str(counts.withdrawn)),
            (page.t("complaints.people_head.malicious"), str(counts.malicious)),
        ]
    )
    if not found.is_judged:
        least = page.rulebook.intake.min_answered_for_rate
        kit.note(page.t("complaints.too_few", n=counts.answered, least=least))
with st.container(key="card_better"):
    kit.section(page.t("complaints.better"), page.t("complaints.better_sub"))
    refused = [f.complaint.refusal for f in filed if f.complaint.refusal is not None]
    for code in sorted(set(refused), key=lambda c: (-refused.count(c), c.value)):
        kit.rows(
            [
                (
                    page.t(f"enum.RefusalCode.{RefusalCode(code).value}"),
                    page.t(f"complaints.cure.{RefusalCode(code).value}"),
                    kit.badge(page.t("complaints.times_count", n=refused.count(code)), "gray"),
                )
            ]
        )
    if not refused:
        kit.empty(page.t("complaints.better_none"))
marked = [f for f in filed if f.complaint.malicious_at is not None]
with st.container(key="card_marked"):
    office = page.rulebook.program.contact
    kit.section(page.t("complaints.marked"), page.t("complaints.marked_sub", contact=office))
    if not marked:
        kit.empty(page.t("complaints.marked_none"))
    kit.timeline(
        [
            (
                format_instant(f.complaint.malicious_at),
                f"{f.complaint.number} · {f.store_name}",
                f.complaint.malicious_reason or "",
            )
            for f in marked
        ]
    )
