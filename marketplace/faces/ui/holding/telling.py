"""Puts a hold, its receipts and its extensions into lines."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from marketplace.base.access.queries import names_of
from marketplace.base.money import format_amount
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, reading
from marketplace.features.holds.kinds import HoldStatus, MovementKind
from marketplace.features.holds.queries import HoldFile, HoldRow, basis_name

_TONES = {HoldStatus.PENDING: "calm", HoldStatus.RUNNING: "warn", HoldStatus.ENDED: "gray"}


def badge(page: Here, row: HoldRow) -> str:
    """Return badge markup: where a hold stands, and whether its review is due."""
    mark = state(page, row)
    if row.is_review_due:
        mark += " " + kit.badge(page.t("holds.review_due"), "bad")
    return mark


def state(page: Here, row: HoldRow) -> str:
    """Return badge markup: where a hold stands; what an owner sees of it."""
    return kit.badge(label(row.end_reason or row.status, page.lang), _TONES[row.status])


def line(page: Here, row: HoldRow, query: Mapping[str, str | list[str]] | None = None) -> None:
    """Show one hold of a list, with the way to it; `query` is what the way takes along."""
    name = basis_name(page.rulebook, row.basis, zh=page.lang == "zh")[0]
    about = page.t("holds.line", number=row.number, store=row.store_name, basis=name)
    with st.container(key=f"q_hold_{row.hold_id}"):
        kit.markup(
            f'<div class="z-q"><b>{escape(sum_line(page, row))}</b>'
            f"<span>{badge(page, row)}</span>"
            f'<span class="muted">{escape(about)}</span></div>'
        )
        st.page_link(
            "views/holds.py",
            label=page.t("holds.open", number=row.number),
            query_params={**(query or {}), "id": str(row.hold_id)},
        )


def sum_line(page: Here, row: HoldRow) -> str:
    """Say in one line how much is held, or was."""
    held = format_amount(row.amount_fen)
    if row.status is HoldStatus.PENDING:
        return page.t("holds.pending_line", held=held)
    if row.end_reason is not None:
        day = format_instant(row.ended_at)[:10] if row.ended_at else "—"
        return page.t(
            "holds.ended_line", held=held, why=label(row.end_reason, page.lang), day=day
        )
    left, until = format_amount(row.remaining_fen), format_day(row.until_on)
    return page.t("holds.sum_line", held=held, left=left, until=until)


def facts(page: Here, row: HoldRow) -> None:
    """Show what is known of a hold."""
    people = _names(page, row.placed_by, row.confirmed_by, row.ended_by)
    name, law = basis_name(page.rulebook, row.basis, zh=page.lang == "zh")
    pairs = [
        (page.t("holds.factory"), row.factory_name or "—"),
        (page.t("holds.store"), row.store_name),
        (page.t("holds.disputed"), format_amount(row.disputed_fen)),
        (page.t("holds.held"), format_amount(row.amount_fen)),
    ]
    if row.status is HoldStatus.RUNNING:
        pairs.append((page.t("holds.still"), format_amount(row.remaining_fen)))
        pairs.append((page.t("holds.review_on"), format_day(row.review_on)))
        pairs.append((page.t("holds.until"), format_day(row.until_on)))
        pairs.append((page.t("holds.longest"), format_day(row.longest_until_on)))
    pairs += [
        (page.t("holds.basis"), name),
        (page.t("holds.law"), law or "—"),
        (page.t("holds.reason"), row.reason),
        (page.t("holds.placed"), _by(people, row.placed_by, format_instant(row.placed_at))),
    ]
    if row.confirmed_by is not None and row.confirmed_at is not None:
        at = format_instant(row.confirmed_at)
        pairs.append((page.t("holds.confirmed"), _by(people, row.confirmed_by, at)))
    if row.ended_at is not None:
        who = people.get(row.ended_by or 0, page.t("holds.by_system"))
        told = f"{who} {format_instant(row.ended_at)} {row.end_note or ''}"
        pairs.append((page.t("holds.ended"), told.strip()))
    kit.facts(pairs)


def receipts(page: Here, file: HoldFile, *, names: bool = True) -> None:
    """Show every receipt: what moved, when, under which number; by whom, where that is told."""
    moved = [m for m in file.movements if m.kind is not MovementKind.PAYOUT]
    if not moved:
        st.caption(page.t("holds.receipts_none"))
        return
    people = _names(page, *(m.moved_by for m in moved))
    rows = []
    for m in moved:
        who = people.get(m.moved_by or 0, page.t("holds.by_system")) if names else ""
        under = page.t(
            "holds.receipt_line", at=format_instant(m.moved_at), receipt=m.receipt, who=who
        ).rstrip(" ·")
        tone = "warn" if m.kind is MovementKind.HOLD else "good"
        mark = kit.badge(label(m.kind, page.lang), tone)
        rows.append((format_amount(m.amount_fen), _joined(under, m.reason), mark))
    kit.rows(rows)


def extensions(page: Here, file: HoldFile) -> None:
    """Show each review that let a hold go on."""
    people = _names(page, *(e.extended_by for e in file.extensions))
    for e in file.extensions:
        st.caption(
            page.t(
                "holds.extension_line", at=format_instant(e.extended_at),
                who=people.get(e.extended_by, "—"), until=format_day(e.until_on),
                reason=e.reason,
            )
        )  # fmt: skip


def _joined(under: str, reason: str) -> str:
    return f"{under} · {reason}" if reason else under


def _by(people: dict[int, str], who: int, at: str) -> str:
    return f"{people.get(who, '—')} {at}"


def _names(page: Here, *accounts: int | None) -> dict[int, str]:
    wanted = {n for n in accounts if n is not None}
    if not wanted:
        return {}
    with reading(page) as session:
        return names_of(session, wanted)
