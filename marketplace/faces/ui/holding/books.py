"""The books of the holds: the line that they balance, the proofs, the accounts, the movements."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.access.queries import names_of
from marketplace.base.errors import Refused
from marketplace.base.money import format_amount, parse_yuan
from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.holds import commands as holds
from marketplace.features.holds.kinds import Account
from marketplace.features.holds.queries import Books, list_movements, prove_books
from marketplace.features.holds.rules import FLOWS

_SHOWN = 100


def balance_line(page: Here) -> Books:
    """Show in one line whether the books balance; return them."""
    with reading(page) as session:
        books = prove_books(session, page.actor, program=page.rulebook.program.key)
    if books.is_proved:
        total = format_amount(books.total_fen)
        kit.note(page.t("holds.books.proved", movements=books.movements, total=total), "good")
    else:
        kit.note(page.t("holds.books.broken"), "bad")
    return books


def show(page: Here) -> None:
    """Show the proofs, the accounts and the latest movements."""
    books = balance_line(page)
    with st.container(key="card_proofs"):
        _proofs(page, books)
    with st.container(key="card_accounts"):
        kit.section(page.t("holds.books.accounts"))
        kit.table(
            [page.t("holds.books.account"), page.t("holds.books.balance")],
            [[label(a, page.lang), format_amount(books.accounts[a])] for a in Account],
            frozenset({1}),
        )
        look.muted(page.t("holds.simulated"))
    _movements(page)
    if may(page.actor, "holds.record_takings", Scope(page.rulebook.program.key)):
        _takings(page)
    st.caption(page.t("holds.books.as_of", at=format_instant(page.app.clock.now())))


def _proofs(page: Here, books: Books) -> None:
    held = format_amount(books.still_held_fen)
    stated = (
        (page.t("holds.books.sum_zero"), books.total_fen == 0),
        (page.t("holds.books.pairs"), not books.lopsided),
        (page.t("holds.books.no_minus"), not books.overdrawn),
        (
            page.t("holds.books.holds_agree", held=held),
            books.accounts[Account.HELD] == books.still_held_fen,
        ),
        (page.t("holds.books.account_agrees"), not books.apart),
    )
    yes, no = page.t("holds.books.yes"), page.t("holds.books.no")
    kit.rows(
        [
            (what, "", kit.badge(yes, "good") if ok else kit.badge(no, "bad"))
            for what, ok in stated
        ]
    )


def _movements(page: Here) -> None:
    with reading(page) as session:
        rows = list_movements(
            session, page.actor, program=page.rulebook.program.key, limit=_SHOWN
        )
        people = names_of(session, {m.moved_by for m in rows if m.moved_by})
    with st.container(key="card_movements"):
        kit.section(page.t("holds.books.movements"), page.t("holds.books.movements_sub"))
        if not rows:
            look.empty(page.t("holds.books.none"), page.t("holds.books.none_hint"))
            return
        columns = ("at", "kind", "from_to", "amount", "receipt", "who")
        kit.table(
            [*(page.t(f"holds.books.{c}") for c in columns), page.t("holds.store")],
            [
                [
                    format_instant(m.moved_at),
                    label(m.kind, page.lang),
                    " → ".join(label(a, page.lang) for a in FLOWS[m.kind]),
                    format_amount(m.amount_fen),
                    m.receipt,
                    people.get(m.moved_by or 0, page.t("holds.by_system")),
                    m.store_name,
                ]
                for m in rows
            ],
            frozenset({3}),
            wide=frozenset({6}),
        )
        st.caption(page.t("holds.books.shown", count=len(rows)))


def _takings(page: Here) -> None:
    with st.expander(page.t("holds.books.takings")):
        st.caption(page.t("holds.books.takings_means"))
        form = DeskForm(page, f"takings_{page.rulebook.program.key}")
        form.begun_note()
        store = form.text("store", page.t("holds.books.takings_store"), longest=20)
        amount = form.text("amount", page.t("holds.books.takings_amount"), longest=20)
        source = form.text("source", page.t("holds.books.takings_source"), longest=200)
        if form.did(
            page.t("holds.books.takings_go"),
            lambda s: holds.record_takings(
                s, clock=page.app.clock, actor=page.actor, store_id=_store(store),
                amount_fen=_fen(amount), source=source, token=form.token,
            ),
            done="holds.books.takings_done",
            primary=False,
        ):  # fmt: skip
            st.rerun()


def _store(text: str) -> int:
    if not text.strip().isdigit():
        raise Refused("store_not_found", store_id=text)
    return int(text)


def _fen(text: str) -> int:
    try:
        return parse_yuan(text)
    except ValueError as error:
        raise Refused("amount_unreadable") from error
