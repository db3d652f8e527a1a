"""The owner's cards: what is held of his money, why, until when, every receipt, how to appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from marketplace.base.money import format_amount
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.holding import telling
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.features.appeals.rules import Door
from marketplace.features.enforcement.queries import StatementView
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import HoldFile, basis_name, get_hold, list_holds


def show(
    page: Here,
    factory_id: int,
    papers: Sequence[StatementView],
    doors: Mapping[int, Door],
) -> None:
    """Show each hold of the owner's stores, those still running first; nothing without one."""
    with reading(page) as session:
        rows = list_holds(session, page.actor, clock=page.app.clock, factory_id=factory_id)
        files = [
            get_hold(session, page.actor, clock=page.app.clock, hold_id=r.hold_id) for r in rows
        ]
    if not files:
        return
    kit.section(page.t("holds.own.title"), page.t("holds.own.sub"))
    numbers = {p.statement_id: p.number for p in papers}
    for file in sorted(files, key=lambda f: f.row.status is not HoldStatus.RUNNING):
        with st.container(key=f"card_own_hold_{file.row.hold_id}"):
            _one(page, file)
            _appeal(page, file, numbers, doors)
            kit.section(page.t("holds.own.receipts"))
            telling.receipts(page, file, names=False)
            st.link_button(
                page.t("holds.print_receipts"),
                f"/paper/hold/{file.row.hold_id}",
                icon=":material/print:",
                width="stretch",
            )
            look.muted(page.t("holds.simulated"))


def _one(page: Here, file: HoldFile) -> None:
    row = file.row
    kit.markup(f"<p>{telling.state(page, row)}</p>")
    gone = format_amount(row.amount_fen - row.remaining_fen)
    of = page.t("holds.own.of", amount=format_amount(row.amount_fen), gone=gone)
    if row.status is HoldStatus.RUNNING:
        kit.kpi(page.t("holds.own.held"), format_amount(row.remaining_fen), "", of)
        kit.section(
            row.store_name,
            page.t(
                "holds.own.until_line",
                until=format_day(row.until_on),
                review=format_day(row.review_on),
            ),
        )
    else:
        day = format_instant(row.ended_at)[:10] if row.ended_at else "—"
        why = label(row.end_reason, page.lang) if row.end_reason else "—"
        kit.section(row.store_name, page.t("holds.own.ended", day=day, why=why))
        look.muted(of)
    name, law = basis_name(page.rulebook, row.basis, zh=page.lang == "zh")
    kit.facts(
        [
            (page.t("holds.own.why"), row.reason),
            (page.t("holds.basis"), f"{name} · {law}" if law else name),
            (page.t("holds.disputed"), format_amount(row.disputed_fen)),
        ]
    )


def _appeal(
    page: Here, file: HoldFile, numbers: Mapping[int, str], doors: Mapping[int, Door]
) -> None:
    """Say where to appeal and until when, against the latest statement that is still open."""
    latest = [file.row.statement_id or 0, *(e.statement_id for e in file.extensions)][-1]
    door = doors.get(latest)
    if door is None or door.instance is None or door.until is None:
        return
    kit.note(
        page.t("holds.own.appeal", number=numbers.get(latest, ""), until=format_day(door.until))
    )
