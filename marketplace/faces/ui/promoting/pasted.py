"""Pasted item numbers: yes, no or unknown and why for each; the eligible ones go in together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st
from sqlmodel import Session

from marketplace.base.db import write
from marketplace.base.errors import MarketplaceError, Refused
from marketplace.base.sheets import write_csv
from marketplace.base.words import format_instant, has_key
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.promoting.slots import free_positions, remember_paste
from marketplace.faces.ui.promoting.telling import called, why_not
from marketplace.faces.ui.session import Here, reading
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind
from marketplace.features.promotion.pasting import item_numbers_in, lines_without_number
from marketplace.features.promotion.queries import (
    CollectionRow,
    ItemAnswer,
    Offer,
    SlotRow,
    check_items,
)
from marketplace.features.promotion.queries.offers import MAX_ITEMS
from marketplace.features.promotion.rules import within_cap

_ANSWERED, _CARRIED = "items_answered", "items_carried"
_ROWS = 50  # numbers shown at once; the file has them all
_WORDS = ("yes", "no", "unknown")
_TONES = {"yes": "good", "no": "warn", "unknown": "gray"}


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a pasted text, and the moment they were true."""

    asked: tuple[str, int | None]  # the text, and the collection it was asked for
    at: datetime
    answers: tuple[ItemAnswer, ...]


def answers_for(
    page: Here, text: str, *, collection_id: int | None = None, anew: bool = False
) -> Answered:
    """Return the answer to each pasted number; asked again for another text, or `anew`.

    Thousands of answers are not worked out again because somebody turned a page.
    """
    asked = (text, collection_id)
    known: Answered | None = st.session_state.get(_ANSWERED)
    if known is not None and known.asked == asked and not anew:
        return known
    with reading(page) as session:
        answers = check_items(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            item_numbers=item_numbers_in(text),
            collection_id=collection_id,
        )
    st.session_state[_ANSWERED] = found = Answered(asked, page.app.clock.now(), tuple(answers))
    return found


def told_left_out(page: Here, text: str) -> None:
    """Say what of a pasted text is not answered; nothing is left out in silence."""
    given = len(item_numbers_in(text))
    if given > MAX_ITEMS:
        kit.note(page.t("promo.too_many", given=f"{given:,}", most=f"{MAX_ITEMS:,}"))
    if wordy := lines_without_number(text):
        first = page.t("app.comma").join(line[:20] for line in wordy[:3])
        st.caption(page.t("promo.no_number_in", count=len(wordy), first=first))


def why(page: Here, answer: ItemAnswer) -> str:
    """Return why an answer is not yes; every criterion that fails, not only the first."""
    if answer.why is None:
        return ""
    if answer.offer is None:
        return page.t(f"officer.not.{answer.why}")
    failing = [line for line in answer.offer.lines if not line.ok]
    comma = page.t("officer.dossier.semicolon")
    return comma.join(why_not(page, line.key, line.facts) for line in failing)


def answers_file(page: Here, answers: Sequence[ItemAnswer]) -> bytes:
    """Return the answers as CSV; taking them out is recorded and the file says by whom."""
    stamp = write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=page.rulebook.program.key,
            kind="item_answers",
            rows=len(answers),
        ),
    )
    heads = [
        page.t("page.check_items.number"),
        page.t("page.check_items.answer"),
        page.t("page.check_items.why"),
        page.t("field.name"),
        page.t("field.platform"),
    ]
    rows = [
        [
            a.text,
            page.t(f"page.check_items.{a.answer}"),
            why(page, a),
            called(page, a.offer) if a.offer else "",
            (a.offer.platform or "") if a.offer else "",
        ]
        for a in answers
    ]
    return write_csv(heads, rows, stamp=stamp.line(page.lang))


def show_counts(page: Here, answered: Answered) -> None:
    """Show how many may be shown, and when that was true."""
    counts = Counter(a.answer for a in answered.answers)
    told = page.t("page.check_items.counts", **{word: counts[word] for word in _WORDS})
    kit.strong(told)
    st.caption(page.t("picking.as_of", at=format_instant(answered.at)))


def show_answers(page: Here, answered: Answered) -> None:
    """Show a page of numbers, each with its answer and why."""
    counts = Counter(a.answer for a in answered.answers)
    word = st.segmented_control(
        page.t("picking.show_only"),
        _WORDS,
        format_func=lambda w: plain(f"{page.t(f'page.check_items.{w}')} {counts[w]}"),
        key="answers_only",
        label_visibility="collapsed",
    )
    chosen = [a for a in answered.answers if word in {None, a.answer}]
    pages = max(1, -(-len(chosen) // _ROWS))
    place = min(int(st.session_state.get(f"answers_pg_{word}_{pages}") or 1), pages)
    kit.rows([_row(page, a) for a in chosen[(place - 1) * _ROWS : place * _ROWS]])
    if pages > 1:
        st.pagination(pages, key=f"answers_pg_{word}_{pages}")


def _row(page: Here, a: ItemAnswer) -> tuple[str, str, str]:
    number = f"{a.platform} {a.text}" if a.platform else a.text
    return (
        f"{number} {called(page, a.offer)}" if a.offer else number,
        why(page, a),
        kit.badge(page.t(f"page.check_items.{a.answer}"), _TONES[a.answer]),
    )


def dialog(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    """Take pasted numbers, answer each, and put the eligible ones into open slots as one act."""
    form = DeskForm(page, paste_form(row))
    form.begun_note()
    text = form.text(
        "numbers", page.t("page.check_items.paste"), tall=True, height=140, longest=None,
        placeholder=page.t("officer.market.paste_hint", most=f"{MAX_ITEMS:,}"),
    )  # fmt: skip
    pressed = st.button(page.t("officer.market.paste_check"), key="paste_check")
    if not item_numbers_in(text):
        if pressed:
            kit.note(page.t("promo.no_number"))
        return
    answered = answers_for(page, text, collection_id=row.collection_id, anew=pressed)
    told_left_out(page, text)
    show_counts(page, answered)
    _offer_to_put(form, row, slots, answered)
    show_answers(page, answered)


def _offer_to_put(
    form: DeskForm, row: CollectionRow, slots: Sequence[SlotRow], answered: Answered
) -> None:
    """Show the way to put in what may go in; above the answers, which may be thousands."""
    page = form.page
    there = {s.offer.product_id for s in slots if s.kind is not SlotKind.RESERVE}
    doubtful = ambiguous(answered.answers)
    fitting = {
        a.offer.product_id: a.offer
        for a in answered.answers
        if a.answer == "yes" and a.offer is not None and a.text not in doubtful
    }
    if doubtful:
        st.caption(page.t("promo.paste_ambiguous", count=len(doubtful)))
    once = [offer for number, offer in fitting.items() if number not in there]
    if len(once) < len(fitting):
        st.caption(page.t("promo.paste_there", count=len(fitting) - len(once)))
    fit, over = within_cap(
        [s.offer.facts.group for s in slots if s.kind is not SlotKind.RESERVE],
        [offer.facts.group for offer in once],
        cap=row.cap_per_group,
    )
    if over:
        st.caption(page.t("promo.paste_over", count=len(over), cap=row.cap_per_group))
    offers = [once[n] for n in fit][: len(free_positions(row, slots))]
    if not offers:
        if fitting or not doubtful:
            st.caption(page.t("officer.market.paste_none"))
        return
    if len(fit) > len(offers):
        st.caption(page.t("promo.paste_short", fit=len(fit), open=len(offers)))
    reason = form.text("reason", page.t("promo.paste_reason"))
    _put(form, row, free_positions(row, slots), offers, reason=reason)


def ambiguous(answers: Sequence[ItemAnswer]) -> set[str]:
    """Return the numbers that stand for different products on different platforms.

    Which of them was meant nobody can tell: such a one is put in by hand.
    """
    meant: dict[str, set[int]] = {}
    for a in answers:
        if a.offer is not None:
            meant.setdefault(a.text, set()).add(a.offer.product_id)
    return {text for text, products in meant.items() if len(products) > 1}


def paste_form(row: CollectionRow) -> str:
    """Return the name of the form that takes numbers for a collection."""
    return f"paste_{row.collection_id}"


def carry(text: str) -> None:
    """Take numbers along to the picker, into the paste of the next draft that is open there."""
    st.session_state[_CARRIED] = text


def receive(page: Here, row: CollectionRow) -> None:
    """Open the paste of a draft with the numbers brought along; say so where there is none."""
    if _CARRIED not in st.session_state:
        return
    if row.status is not CollectionStatus.DRAFT:
        kit.note(page.t("promo.carry_none"))
        return
    DeskForm(page, paste_form(row)).put("numbers", st.session_state.pop(_CARRIED))
    look.ask("paste")


def _put(
    form: DeskForm,
    row: CollectionRow,
    free: Sequence[int],
    offers: Sequence[Offer],
    *,
    reason: str,
) -> None:
    page = form.page

    def work(session: Session) -> dict[str, Any]:
        refused: list[tuple[str, str]] = []
        put: list[int] = []
        places = iter(free)
        position = next(places)
        for offer in offers:
            try:
                with session.begin_nested():
                    promotion.pin_product(
                        session, page.rulebook, clock=page.app.clock, actor=page.actor,
                        collection_id=row.collection_id, product_id=offer.product_id,
                        position=position, reason=reason,
                    )  # fmt: skip
            except MarketplaceError as error:
                if error.code == "reason_missing":
                    raise
                refused.append((called(page, offer), _told(page, error)))
                continue
            put.append(offer.product_id)
            position = next(places, position)
        if len(refused) == len(offers):
            raise last_refusal(refused)
        return {"refused": refused, "put": put}

    go = page.t("officer.market.paste_take", count=len(offers))
    given = form.send(go, work, stretch=False)
    if given is not None:
        refused = given["refused"]
        st.session_state["toast"] = page.t(
            "officer.market.paste_done", done=len(offers) - len(refused), refused=len(refused)
        )
        st.session_state["paste_refused"] = refused
        remember_paste(row, given["put"])
        look.finish()


def last_refusal(refused: Sequence[tuple[str, str]]) -> MarketplaceError:
    """Return the error for a paste of which nothing could go in."""
    return Refused("pasted_none", why=refused[-1][1])


def _told(page: Here, error: MarketplaceError) -> str:
    key = f"error.{error.code}"
    if not has_key(key):
        return error.code
    if "criterion" in error.facts:
        return why_not(page, str(error.facts["criterion"]), error.facts)
    return page.t(key, **error.facts)


def show_refused(page: Here) -> None:
    """Say which pasted products did not go in and why, once."""
    for name, told in st.session_state.pop("paste_refused", []):
        kit.note(page.t("officer.market.paste_refused", name=name, why=told))
