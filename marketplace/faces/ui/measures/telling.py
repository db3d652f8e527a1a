"""Puts the state of a store, the steps of its ledger and its measures into lines."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.words import format_instant, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here
from marketplace.features.enforcement.kinds import MeasureEnd, MeasureKind
from marketplace.features.enforcement.ledger import Effect, EventKind, LedgerEntry
from marketplace.features.enforcement.queries import LedgerStep, MeasureRow, StoreState
from marketplace.features.registry.kinds import StoreStatus

STORE_TONES = {
    StoreStatus.OPEN: "good",
    StoreStatus.SUSPENDED: "warn",
    StoreStatus.CLOSED: "bad",
}
_EFFECT_TONES = {
    Effect.WARNING: "warn",
    Effect.POINTS: "warn",
    Effect.SUSPENSION: "warn",
    Effect.CLOSURE: "bad",
    Effect.REOPENED: "good",
}


def why(page: Here, state: StoreState) -> str:
    """Say in one sentence why a store stands where it stands."""
    if state.status is StoreStatus.CLOSED and state.closed_by is not None:
        entry = state.closed_by
        return page.t(
            "measures.closed_by",
            day=format_instant(entry.event.at),
            why=_did(page, entry, {}),
        )
    if state.status is StoreStatus.SUSPENDED and state.suspended_until is not None:
        over = state.suspended_until <= state.at
        key = "measures.suspended_on" if over else "measures.suspended_until"
        return page.t(key, until=format_instant(state.suspended_until))
    threshold = page.rulebook.points.closure_balance
    return page.t("measures.trading", balance=state.balance, threshold=threshold)


def step_rows(page: Here, state: StoreState) -> list[tuple[str, str, str]]:
    """Return (what it did, when and on which paper, badge markup) of every step, oldest first."""
    names = {
        step.entry.event.ref: step.statement_number or format_instant(step.entry.event.at)
        for step in state.steps
    }
    return [
        (
            _did(page, step.entry, names),
            " · ".join(
                part
                for part in (
                    format_instant(step.entry.event.at),
                    step.statement_number or "",
                    _since(page, step),
                )
                if part
            ),
            _badge(page, step),
        )
        for step in state.steps
    ]


def measure_rows(page: Here, measures: tuple[MeasureRow, ...]) -> list[tuple[str, str, str]]:
    """Return (kind, from when until when, badge markup) of the measures of one statement.

    A warning and points are given once; the others have effect until they end.
    """
    return [
        (label(m.kind, page.lang), _term(page, m), kit.badge(*_measure_state(page, m)))
        for m in measures
    ]


def _did(page: Here, entry: LedgerEntry, names: Mapping[str, str]) -> str:
    facts = dict(entry.facts)
    if "target" in facts:
        facts["target"] = names.get(str(facts["target"]), facts["target"])
    return say(f"points.{entry.reason}", page.lang, **facts)


def _since(page: Here, step: LedgerStep) -> str:
    """Say what a step counts for now, where later reversals changed that."""
    if step.entry.event.kind is not EventKind.FINDING or step.now is None:
        return ""
    if (step.now.offense, step.now.points) == (step.entry.offense, step.entry.points):
        return ""
    return page.t("measures.counts_now", offense=step.now.offense or 0, points=step.now.points)


def _badge(page: Here, step: LedgerStep) -> str:
    entry = step.entry
    if step.now is None and entry.event.kind is not EventKind.REVERSAL:
        return kit.badge(page.t("measures.taken_back"), "good")
    word = page.t(f"measures.effect.{entry.effect.value}")
    return kit.badge(word, _EFFECT_TONES.get(entry.effect, "gray"))


def _term(page: Here, m: MeasureRow) -> str:
    if m.until_at is None:
        return page.t("measures.from", at=format_instant(m.from_at))
    return page.t(
        "measures.from_until", at=format_instant(m.from_at), until=format_instant(m.until_at)
    )


def _measure_state(page: Here, m: MeasureRow) -> tuple[str, str]:
    if m.end_reason is not None:
        tone = "good" if m.end_reason is MeasureEnd.REVERSED else "gray"
        return label(m.end_reason, page.lang), tone
    if m.paused_at is not None:
        return page.t("measures.paused"), "calm"
    given = m.kind in {MeasureKind.WARNING, MeasureKind.POINTS}
    return page.t("measures.given" if given else "measures.in_force"), "warn"
