"""The parts of a replay: what was judged, by which evidence and rules, who, what followed, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from html import escape

import streamlit as st

from marketplace.base.audit import EntryRow
from marketplace.base.money import format_amount
from marketplace.base.words import format_day, format_instant, has_key, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.overseeing import trail as words_of
from marketplace.faces.ui.session import Here
from marketplace.features.oversight.commands import record_verdict
from marketplace.features.oversight.kinds import Judgment
from marketplace.features.oversight.queries import Replay

_TONES = {Judgment.CORRECT: "good", Judgment.WRONG: "bad", Judgment.CANNOT_TELL: "gray"}


def decision(page: Here, found: Replay) -> None:
    """Show who decided what when, why, and by which version of the rules."""
    item, told = found.item, found.told
    kit.section(page.t("oversight.replay.decision"), page.t("oversight.replay.decision_sub"))
    if told.rulebook_sha256 is None:
        rules = page.t("oversight.replay.no_rules")
    elif found.rule_version is None:
        rules = page.t("oversight.replay.rules_unkept", mark=told.rulebook_sha256[:12])
    else:
        rules = page.t(
            "oversight.replay.rules", n=found.rule_version, mark=told.rulebook_sha256[:12]
        )
    kit.facts(
        [
            (page.t("oversight.items.outcome"), label(item.outcome, page.lang)),
            (page.t("oversight.items.by"), item.decided_by),
            (page.t("oversight.items.decided"), format_instant(item.decided_at)),
            (page.t("oversight.items.factory"), item.factory_name),
            (page.t("app.reason"), told.reason or page.t("oversight.replay.no_reason")),
            (page.t("oversight.replay.rule_version"), rules),
        ]
    )


def facts(page: Here, found: Replay) -> None:
    """Show the facts as they were, and the submitted values that were judged."""
    kit.section(page.t("oversight.replay.facts"), page.t("oversight.replay.facts_sub"))
    kit.facts(
        [
            (page.t(f"oversight.fact.{name}"), _shown(page, name, value))
            for name, value in found.told.facts
            if value is not None
        ]
    )
    if found.told.judged:
        kit.section(page.t("oversight.replay.judged"))
        kit.facts(
            [(_field(page, name), _value(name, value)) for name, value in found.told.judged]
        )


def evidence(page: Here, found: Replay) -> None:
    """Show what was handed in, by name and digest; a kept file opens."""
    kit.section(page.t("oversight.replay.evidence"), page.t("oversight.replay.evidence_sub"))
    if not found.told.evidence:
        kit.empty(page.t("oversight.replay.no_evidence"))
        return
    parts = []
    for e in found.told.evidence:
        name = escape(e.name)
        if e.use_id is not None:
            name = f'<a href="/files/{e.use_id}" target="_blank" rel="noopener">{name}</a>'
        late = e.kept_at > found.item.decided_at
        when = page.t(
            "oversight.replay.kept_later" if late else "oversight.replay.kept",
            at=format_instant(e.kept_at),
        )
        parts.append(
            f'<li><span>{name}<br><span class="muted">{escape(when)}</span></span>'
            f'<span class="muted">{e.sha256[:12]}</span></li>'
        )
    kit.markup(f'<ul class="z-rows">{"".join(parts)}</ul>')


def trail(page: Here, title: str, none: str, entries: Sequence[EntryRow]) -> None:
    """Show entries of the trail in order."""
    kit.section(title)
    if not entries:
        kit.empty(none)
        return
    people = words_of.people_of(page, entries)
    kit.timeline(
        [
            (
                format_instant(e.at),
                words_of.action(page, e.action),
                f"{words_of.who(page, e, people)} · #{e.seq}"
                + (f" · {e.reason}" if e.reason else ""),
            )
            for e in entries
        ]
    )


def verdict(page: Here, found: Replay) -> None:
    """Show the verdict that stands with its history, and the form to judge or correct."""
    item = found.item
    kit.section(page.t("oversight.verdict.title"), page.t("oversight.verdict.sub"))
    for v in reversed(item.verdicts):
        mark = kit.badge(
            label(v.judgment, page.lang), _TONES[v.judgment] if v.is_current else "gray"
        )
        when = page.t("oversight.verdict.by", who=v.judged_by, at=format_instant(v.judged_at))
        old = "" if v.is_current else f" · {page.t('oversight.verdict.replaced')}"
        kit.rows([(v.reason, when + old, mark)])
    if found.is_own:
        kit.note(page.t("oversight.verdict.own"), "bad")
        return
    current = item.current
    if current is not None and not st.toggle(
        page.t("oversight.verdict.correct"),
        key=f"correct_{item.item_id}",
        help=page.t("oversight.verdict.correct_help"),
    ):
        return
    replaces = current.verdict_id if current else None
    form = KeptForm(page, f"verdict_{item.item_id}_{replaces or 0}")
    form.begun_note()
    chosen = form.choice(
        "judgment",
        page.t("oversight.verdict.judgment"),
        [j.value for j in Judgment],
        lambda j: label(Judgment(j), page.lang),
        radio=True,
        horizontal=True,
    )
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=1000,
                       hint=page.t("oversight.verdict.reason_help"))  # fmt: skip
    given = form.send(
        page.t("oversight.verdict.do"),
        lambda s: record_verdict(
            s,
            clock=page.app.clock,
            actor=page.actor,
            item_id=item.item_id,
            judgment=Judgment(chosen or Judgment.CANNOT_TELL.value),
            reason=reason,
            replaces_id=replaces,
        ),
        done="oversight.verdict.done",
        disabled=chosen is None,
        stretch=False,
    )
    if given is not None:
        st.rerun()


def steps(page: Here, found: Replay) -> None:
    """Show the way back to the draw and to the neighbors in its order."""
    with st.container(horizontal=True):
        st.page_link(
            "views/oversight.py", label=page.t("oversight.replay.back"),
            icon=":material/chevron_left:",
            query_params={"view": "draws", "draw": str(found.item.draw_id)},
        )  # fmt: skip
        for name, number in (("previous", found.previous_id), ("next", found.next_id)):
            if number is not None:
                st.page_link(
                    "views/replay.py", label=page.t(f"oversight.replay.{name}"),
                    query_params={"id": str(number)},
                )  # fmt: skip


def nothing(page: Here) -> None:
    """Say that no drawn decision is chosen and where to choose one."""
    look.empty(page.t("oversight.replay.none"), page.t("oversight.replay.none_hint"))
    st.page_link(
        "views/oversight.py",
        label=page.t("oversight.draws.back"),
        query_params={"view": "draws"},
    )


def _shown(page: Here, name: str, value: object) -> str:
    match value:
        case StrEnum():
            return label(value, page.lang)
        case datetime():
            return format_instant(value)
        case date():
            return format_day(value)
    text = str(value)
    if name == "condition":
        rule = page.rulebook.condition(text)
        return text if rule is None else (rule.name_zh if page.lang == "zh" else rule.name_en)
    key = f"reason_code.{text}"
    return page.t(key) if name == "reason_code" and has_key(key) else text


def _value(name: str, value: str) -> str:
    if name.endswith("_fen") and value.isdigit():
        return format_amount(int(value))
    return value


def _field(page: Here, name: str) -> str:
    if name.startswith("name_"):
        return page.t("oversight.fact.product")
    return page.t(f"field.{name}") if has_key(f"field.{name}") else name
