"""Answers which factory opened which store, and starts a lead from the answer."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import list_findings
from marketplace.features.referrals import commands as referrals
from marketplace.features.referrals.kinds import Redaction
from marketplace.features.referrals.queries import OpenerRow, list_openers
from marketplace.features.registry.kinds import HoldingStatus

_SHOWN = 15
_HEADS = ("store", "number", "about", "held", "basis", "status")


def show(page: Here) -> None:
    """Show the search and what it finds, each line with the way to a lead."""
    st.caption(page.t("referrals.openers_sub"))
    with st.container(horizontal=True):
        query = st.text_input(
            page.t("referrals.search"), key="store", bind="query-params", width=380
        )
        on = st.date_input(
            page.t("referrals.on"), None, key="on_day", format="YYYY-MM-DD", width=240
        )
    with reading(page) as session:
        rows = list_openers(
            session, page.actor, program=page.rulebook.program.key, query=query or "", on=on
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.strong(page.t("referrals.openers_count", count=len(rows)))
        take_out(
            page, kind="store_openers", title=page.t("referrals.views.stores"),
            heads=[page.t(f"referrals.{name}") for name in _HEADS],
            rows=[_cells(page, r) for r in rows],
            wanted={"query": query or "", "on": str(on or "")},
            narrowed=[
                (page.t("referrals.search"), query or ""),
                (page.t("referrals.on"), format_day(on) if on else ""),
            ],
        )  # fmt: skip
    if not rows:
        look.empty(page.t("referrals.openers_none"), page.t("referrals.openers_none_hint"))
    shown = int(st.session_state.get("openers_shown", _SHOWN))
    for row in rows[:shown]:
        _line(page, row)
    if len(rows) > shown:
        st.caption(page.t("referrals.part", shown=shown, total=len(rows)))
        if st.button(page.t("referrals.more"), key="openers_more"):
            st.session_state["openers_shown"] = shown + 4 * _SHOWN
            st.rerun()


def _cells(page: Here, r: OpenerRow) -> list[str]:
    return [
        r.store_name,
        f"{r.platform} {r.store_no}",
        f"{r.operator_name} {r.uscc or ''}".strip(),
        _span(page, r),
        r.basis,
        label(r.status, page.lang),
    ]


def _span(page: Here, r: OpenerRow) -> str:
    end = format_day(r.until_on) if r.until_on else page.t("referrals.until_now")
    return f"{format_day(r.from_on)} – {end}"


def _line(page: Here, r: OpenerRow) -> None:
    name = f"{r.store_id}_{r.factory_id}_{r.from_on}"
    with st.container(key=f"card_opener_{name}"):
        confirmed = r.status is HoldingStatus.CONFIRMED
        marks = kit.badge(
            page.t("referrals.confirmed" if confirmed else "referrals.declared"),
            "good" if confirmed else "warn",
        )
        if r.is_first:
            marks += " " + kit.badge(page.t("referrals.first"), "calm")
        told = f"{r.platform} {r.store_no} · {_span(page, r)} · {r.basis}"
        kit.markup(
            f'<div class="z-q"><b>{escape(r.store_name)} — {escape(r.factory_name)}</b>'
            f'<span>{marks}</span><span class="muted" style="grid-column:1/-1">'
            f"{escape(told)}</span></div>"
        )
        scope = Scope(page.rulebook.program.key, r.district)
        if not may(page.actor, "referrals.prepare_referral", scope):
            pass
        elif not r.may_be_led:
            look.muted(page.t("referrals.cannot"))
        else:
            look.open_button(page.t("referrals.prepare"), f"prepare_{name}")
    if look.is_asked(f"prepare_{name}"):
        title = page.t("referrals.prepare_title", name=r.factory_name)
        look.dialog(page, title, lambda: _prepare(page, r), wide=True)


def _prepare(page: Here, r: OpenerRow) -> None:
    kit.note(page.t("referrals.prepare_means"))
    with reading(page) as session:
        findings = list_findings(
            session, page.actor, factory_id=r.factory_id, status=FindingStatus.UPHELD
        )
    if not findings:
        look.muted(page.t("referrals.no_findings"))
        return
    agencies = {
        a.key: a.name_zh if page.lang == "zh" else a.name_en
        for a in page.rulebook.conduct.referrals.agencies
    }
    words = {str(f.finding_id): f"{format_day(f.found_on)} {f.reference}" for f in findings}
    form = DeskForm(page, f"lead_{r.factory_id}")
    form.begun_note()
    agency = form.choice(
        "agency", page.t("referrals.agency"), list(agencies), agencies.__getitem__,
        value=next(iter(agencies), None),
    )  # fmt: skip
    title = form.text("title", page.t("referrals.title"), longest=120)
    statement = form.text("statement", page.t("referrals.statement"), tall=True, longest=2000)
    chosen = form.many(
        "findings", page.t("referrals.pick_findings"), list(words), words.__getitem__,
        value=list(words),
    )  # fmt: skip
    out = form.many(
        "out", page.t("referrals.left_out_word"), [o.value for o in Redaction],
        lambda o: label(Redaction(o), page.lang), value=[Redaction.PHONE.value],
    )  # fmt: skip
    if form.did(
        page.t("referrals.prepare_go"),
        lambda s: referrals.prepare_referral(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            factory_id=r.factory_id,
            agency=agency or "",
            title=title,
            statement=statement,
            finding_ids=[int(n) for n in chosen],
            left_out=[Redaction(o) for o in out],
        ),
        done="referrals.prepare_done",
    ):
        look.finish()
