"""One drawn listing: what was written of it, the form of the look, the form that puts it right."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here
from marketplace.features.sampling.commands import correct_look, record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.queries import SampleDrawRow, SampleEntry, SampleRow


def show(page: Here, row: SampleDrawRow, item: SampleRow) -> None:
    """Show a drawn listing with what counts, what was written before, and what may be done."""
    kit.section(
        page.t("sampling.look", no=item.position, item=item.item_no),
        f"{item.platform} · {item.store_name} · {item.factory_name}",
    )
    can = may(page.actor, "sampling.record_look", Scope(row.program))
    if item.now is None:
        if can:
            _record(page, item)
        else:
            look.muted(page.t("sampling.officer_looks"))
        return
    _told(page, item.now)
    if len(item.entries) > 1:
        kit.section(page.t("sampling.history"), page.t("sampling.history_sub"))
        kit.timeline([_written(page, e) for e in reversed(item.entries)])
    if can:
        with st.expander(page.t("sampling.correct"), icon=":material/edit:"):
            _correct(page, item, item.now)


def _told(page: Here, now: SampleEntry) -> None:
    facts = [
        (page.t("sampling.outcome"), label(now.outcome, page.lang)),
        (page.t("sampling.note"), now.note),
        (page.t("sampling.by"), f"{now.looked_by} {format_instant(now.looked_at)}"),
    ]
    if now.case_number:
        facts.append((page.t("sampling.case"), now.case_number))
    kit.facts(facts)
    if now.case_id is not None:
        st.page_link(
            "views/case.py",
            label=page.t("sampling.open_case", number=now.case_number),
            icon=":material/folder_open:",
            query_params={"id": str(now.case_id)},
        )


def _written(page: Here, entry: SampleEntry) -> tuple[str, str, str]:
    told = f"{entry.looked_by}{page.t('app.colon')}{entry.note}"
    if entry.reason:
        told += f" · {page.t('sampling.corrected_because', reason=entry.reason)}"
    return format_instant(entry.looked_at), label(entry.outcome, page.lang), told


def _record(page: Here, item: SampleRow) -> None:
    _where(page, item)
    kept = KeptForm(page, f"sample_look_{item.item_id}")
    kept.begun_note()
    outcome, note = _fields(page, kept)
    look.muted(page.t("sampling.case_means"))
    kept_as = kept.send(
        page.t("sampling.record"),
        lambda s: record_look(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, item_id=item.item_id,
            outcome=SampleOutcome(outcome or ""), note=note,
        ),
        done="sampling.record_done",
        body=dict(kept.values),
        stretch=False,
        disabled=outcome is None,
    )  # fmt: skip
    _after(kept_as)


def _correct(page: Here, item: SampleRow, now: SampleEntry) -> None:
    look.muted(page.t("sampling.correct_means"))
    _where(page, item)
    kept = KeptForm(page, f"sample_right_{item.item_id}_{len(item.entries)}")
    kept.begun_note()
    outcome, note = _fields(page, kept, now)
    reason = kept.text(
        "reason", page.t("sampling.correct_reason"), tall=True, longest=1000,
        hint=page.t("sampling.correct_reason_hint"),
    )  # fmt: skip
    kept_as = kept.send(
        page.t("sampling.correct_do"),
        lambda s: correct_look(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, item_id=item.item_id,
            outcome=SampleOutcome(outcome or ""), note=note, reason=reason,
        ),
        done="sampling.correct_done",
        body=dict(kept.values),
        stretch=False,
        disabled=outcome is None,
    )  # fmt: skip
    _after(kept_as)


def _where(page: Here, item: SampleRow) -> None:
    if item.url.startswith("https://"):
        st.link_button(page.t("sampling.open"), item.url, icon=":material/open_in_new:")
    policy = page.rulebook.enforcement.category(item.category)
    if policy is not None and policy.signals:
        told = page.t("app.comma").join(
            s.zh if page.lang == "zh" else s.en for s in policy.signals
        )
        look.muted(f"{page.t('policies.signals')}{page.t('app.colon')}{told}")


def _fields(
    page: Here, kept: KeptForm, now: SampleEntry | None = None
) -> tuple[str | None, str]:
    outcome = kept.choice(
        "outcome", page.t("sampling.outcome"), [o.value for o in SampleOutcome],
        lambda o: label(SampleOutcome(o), page.lang),
        value=now.outcome.value if now else None, radio=True,
    )  # fmt: skip
    note = kept.text(
        "note", page.t("sampling.note"), value=now.note if now else "", tall=True,
        longest=1000, hint=page.t("sampling.note_hint"),
    )  # fmt: skip
    return outcome, note


def _after(kept_as: int | None) -> None:
    if kept_as is not None:
        st.query_params.pop("look", None)
        st.rerun()
