"""Pasted item numbers: yes, no or unknown and why for each; the eligible ones go in together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from sqlmodel import Session

from marketplace.base.db import write
from marketplace.base.errors import MarketplaceError, Refused
from marketplace.base.sheets import write_csv
from marketplace.base.words import format_instant, has_key
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.promoting.slots import free_positions
from marketplace.faces.ui.promoting.telling import name_of, why_not
from marketplace.faces.ui.session import Here, reading, run
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import SlotKind
from marketplace.features.promotion.pasting import item_numbers_in
from marketplace.features.promotion.queries import (
    CollectionRow,
    ItemAnswer,
    Offer,
    SlotRow,
    check_items,
)
from marketplace.features.promotion.queries.offers import MAX_ITEMS

_ANSWERED = "items_answered"
_ROWS = 50  # numbers shown at once; the file has them all
_WORDS = ("yes", "no", "unknown")
_TONES = {"yes": "good", "no": "warn", "unknown": "gray"}


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a pasted text, and the moment they were true."""

    text: str
    at: datetime
    answers: tuple[ItemAnswer, ...]


def answers_for(page: Here, text: str, *, anew: bool = False) -> Answered:
    """Return the answer to each pasted number; asked again for another text, or `anew`.

    Thousands of answers are not worked out again because somebody turned a page.
    """
    known: Answered | None = st.session_state.get(_ANSWERED)
    if known is not None and known.text == text and not anew:
        return known
    with reading(page) as session:
        answers = check_items(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            item_numbers=item_numbers_in(text),
        )
    st.session_state[_ANSWERED] = found = Answered(text, page.app.clock.now(), tuple(answers))
    return found


def told_too_many(page: Here, text: str) -> None:
    """Say when more was pasted than is answered at once; nothing is left out in silence."""
    given = len(item_numbers_in(text))
    if given > MAX_ITEMS:
        kit.note(page.t("promo.too_many", given=f"{given:,}", most=f"{MAX_ITEMS:,}"))


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
    ]
    rows = [
        [
            a.text,
            page.t(f"page.check_items.{a.answer}"),
            why(page, a),
            f"{a.offer.brand_name} {name_of(page, a.offer)}" if a.offer else "",
        ]
        for a in answers
    ]
    return write_csv(heads, rows, stamp=stamp.line(page.lang))


def show_answers(page: Here, answered: Answered) -> None:
    """Show how many may be shown, then a page of numbers with answer and why."""
    counts = Counter(a.answer for a in answered.answers)
    told = page.t("page.check_items.counts", **{word: counts[word] for word in _WORDS})
    st.markdown(f"**{told}**")
    st.caption(page.t("picking.as_of", at=format_instant(answered.at)))
    word = st.segmented_control(
        page.t("picking.show_only"),
        _WORDS,
        format_func=lambda w: f"{page.t(f'page.check_items.{w}')} {counts[w]}",
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
    name = f"{a.text} {a.offer.brand_name} {name_of(page, a.offer)}" if a.offer else a.text
    return (
        name,
        why(page, a),
        kit.badge(page.t(f"page.check_items.{a.answer}"), _TONES[a.answer]),
    )


def dialog(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    """Take pasted numbers, answer each, and put the eligible ones into open slots as one act."""
    text = st.text_area(
        page.t("page.check_items.paste"),
        placeholder=page.t("officer.market.paste_hint", most=f"{MAX_ITEMS:,}"),
        height=140,
        key="pasted_numbers",
    )
    pressed = st.button(page.t("officer.market.paste_check"), key="paste_check")
    if not item_numbers_in(text):
        return
    answered = answers_for(page, text, anew=pressed)
    told_too_many(page, text)
    show_answers(page, answered)
    there = {s.offer.product_id for s in slots if s.kind is not SlotKind.RESERVE}
    fitting = [
        a.offer
        for a in answered.answers
        if a.answer == "yes" and a.offer is not None and a.offer.product_id not in there
    ]
    once = list({o.product_id: o for o in fitting}.values())
    offers = once[: len(free_positions(row, slots))]
    if not offers:
        st.caption(page.t("officer.market.paste_none"))
        return
    with st.form("f_paste", border=False):
        reason = st.text_input(page.t("officer.market.pin_reason"), max_chars=300)
        go = page.t("officer.market.paste_take", count=len(offers))
        sent = st.form_submit_button(go, type="primary")
    if sent:
        _put(page, row, slots, offers, reason=reason)


def _put(
    page: Here,
    row: CollectionRow,
    slots: Sequence[SlotRow],
    offers: Sequence[Offer],
    *,
    reason: str,
) -> None:
    free = free_positions(row, slots)

    def work(session: Session) -> list[tuple[str, str]]:
        refused, places = [], iter(free)
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
                refused.append(
                    (f"{offer.brand_name} {name_of(page, offer)}", _told(page, error))
                )
                continue
            position = next(places, position)
        if len(refused) == len(offers):
            raise last_refusal(refused)
        return refused

    refused = run(page, work)
    if refused is not None:
        st.session_state["toast"] = page.t(
            "officer.market.paste_done", done=len(offers) - len(refused), refused=len(refused)
        )
        st.session_state["paste_refused"] = refused
        look.finish()


def last_refusal(refused: Sequence[tuple[str, str]]) -> MarketplaceError:
    """Return the error for a paste of which nothing could go in."""
    return Refused("pasted_none", why=refused[-1][1])


def _told(page: Here, error: MarketplaceError) -> str:
    key = f"error.{error.code}"
    if not has_key(key):
        return error.code
    facts = dict(error.facts)
    if "criterion" in facts:
        facts["criterion"] = page.t(f"criterion.{facts['criterion']}")
    return page.t(key, **facts)


def show_refused(page: Here) -> None:
    """Say which pasted products did not go in and why, once."""
    for name, told in st.session_state.pop("paste_refused", []):
        kit.note(page.t("officer.market.paste_refused", name=name, why=told))
