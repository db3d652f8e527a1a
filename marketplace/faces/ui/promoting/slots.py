"""The slots of a collection: what stands where, arranging, filling, publishing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.promoting.telling import called, show_check, span_of, title_of
from marketplace.faces.ui.session import Here, run
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind, SlotStatus
from marketplace.features.promotion.queries import CollectionRow, SlotRow

_PASTED = "pasted_in"


def free_positions(row: CollectionRow, slots: Sequence[SlotRow]) -> list[int]:
    """Return the open slots of a collection, counted from 0."""
    taken = {s.position for s in slots if s.kind is not SlotKind.RESERVE}
    return [n for n in range(row.slot_count) if n not in taken]


def show(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    """Show the slots as a board, and what a draft allows."""
    free = free_positions(row, slots)
    shown = [s for s in slots if s.kind is not SlotKind.RESERVE]
    reserves = [s for s in slots if s.kind is SlotKind.RESERVE]
    draft = row.status is CollectionStatus.DRAFT
    with st.container(key="card_slots"):
        kit.section(
            page.t("officer.market.slots"),
            page.t(
                "officer.market.slots_sub",
                filled=len(shown),
                open=len(free),
                reserves=len(reserves),
            ),
        )
        board(page, row, shown)
        if reserves:
            kit.rows(
                [
                    (
                        called(page, s.offer),
                        page.t("officer.market.reserve", number=n),
                        "",
                    )
                    for n, s in enumerate(reserves, start=1)
                ]
            )
        st.caption(
            page.t(
                "officer.market.pins_note",
                pins=sum(s.kind is SlotKind.PINNED for s in shown),
                slots=len(shown),
                groups=len({s.offer.facts.group for s in shown}),
            )
        )
        if draft:
            _draft_buttons(page, row, shown, free)
    if shown:
        with st.container(key="card_check"):
            show_check(page, row, slots)


def board(page: Here, row: CollectionRow, shown: Sequence[SlotRow]) -> None:
    """Show every slot with its picture and name, open ones as open."""
    by_place = {s.position: s for s in shown}
    cells = []
    for n in range(row.slot_count):
        slot = by_place.get(n)
        if slot is None:
            word = escape(page.t("officer.market.open_slot"))
            cells.append(f'<div class="open"><i>{n + 1}</i><span>{word}</span></div>')
            continue
        state = "on" if slot.offer.eligible else "on bad"
        if slot.status is SlotStatus.HELD:
            state = "on held"
        name = escape(called(page, slot.offer))
        image = (
            f'<img src="/pictures/{escape(slot.offer.picture)}" alt="" loading="lazy">'
            if slot.offer.picture
            else ""
        )
        mark = escape(
            page.t("enum.SlotStatus.held")
            if slot.status is SlotStatus.HELD
            else page.t(f"enum.SlotKind.{slot.kind.value}")
        )
        cells.append(
            f'<div class="{state}" title="{escape(slot.reason or "")}"><i>{n + 1} · {mark}</i>'
            f"{image}<span>{name}</span></div>"
        )
    kit.markup(f'<div class="z-slots">{"".join(cells)}</div>')


def strip(page: Here, slots: Sequence[SlotRow]) -> None:
    """Show what stands in the slots as a row of small pictures, in slot order."""
    shown = [s for s in slots if s.kind is not SlotKind.RESERVE and s.offer.picture]
    images = "".join(
        f'<img src="/pictures/{escape(str(s.offer.picture))}" loading="lazy" '
        f'alt="{escape(called(page, s.offer))}">'
        for s in shown
    )
    if images:
        kit.markup(f'<div class="z-strip">{images}</div>')


def _draft_buttons(
    page: Here, row: CollectionRow, shown: Sequence[SlotRow], free: Sequence[int]
) -> None:
    fill = page.t("page.picker.fill", count=len(free)) if free else page.t("page.picker.full")
    if st.button(
        fill, disabled=not free, width="stretch", icon=":material/autorenew:",
        help=page.t("officer.market.fill_means"), key="fill",
    ) and did(
        page,
        lambda s: promotion.fill_by_rotation(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            collection_id=row.collection_id, seed=secrets.randbelow(2**31),
        ),
        done="page.picker.filled",
    ):  # fmt: skip
        st.rerun()
    last = row.last_fill_id
    if last is not None and st.button(
        page.t("page.picker.undo"), width="stretch", icon=":material/undo:", key="undo"
    ):
        undone = run(
            page,
            lambda s: promotion.undo_fill(
                s, clock=page.app.clock, actor=page.actor, fill_id=last
            ),
            done="page.picker.undone",
        )
        if undone is not None:
            st.rerun()
    pasted = _pasted_last(row, shown)
    if pasted and st.button(
        page.t("promo.paste_undo", count=len(pasted)),
        width="stretch", icon=":material/undo:", key="paste_undo",
    ) and did(page, lambda s: _take_all(s, page, pasted), done="page.picker.undone"):  # fmt: skip
        st.session_state.pop(_PASTED, None)
        st.rerun()
    if shown:
        with st.expander(page.t("officer.market.arrange")):
            st.caption(page.t("officer.market.arrange_hint"))
            for slot in shown:
                _arrange(page, row, slot)


def remember_paste(row: CollectionRow, product_ids: Sequence[int]) -> None:
    """Remember what was put in by one paste, so that one press takes it out again."""
    st.session_state[_PASTED] = (row.collection_id, tuple(product_ids))


def _pasted_last(row: CollectionRow, shown: Sequence[SlotRow]) -> list[SlotRow]:
    """Return what of the last paste still stands in the collection."""
    collection_id, products = st.session_state.get(_PASTED) or (None, ())
    if collection_id != row.collection_id:
        return []
    return [s for s in shown if s.kind is SlotKind.PINNED and s.offer.product_id in products]


def _take_all(session: Session, page: Here, slots: Sequence[SlotRow]) -> None:
    for slot in slots:
        promotion.remove_slot(
            session, clock=page.app.clock, actor=page.actor, slot_id=slot.slot_id
        )


def _arrange(page: Here, row: CollectionRow, slot: SlotRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            name = escape(f"{slot.position + 1}. {called(page, slot.offer)}")
            kit.markup(f"<p>{name}</p>")
        target = st.selectbox(
            page.t("officer.market.move"),
            range(row.slot_count),
            index=slot.position,
            format_func=lambda n: str(n + 1),
            key=f"to_{slot.slot_id}_{slot.position}",
            label_visibility="collapsed",
            width=84,
        )
        take_button(page, slot, key=f"arrange_{slot.slot_id}")
    if target != slot.position and did(
        page,
        lambda s: promotion.move_slot(
            s, clock=page.app.clock, actor=page.actor, slot_id=slot.slot_id, position=target
        ),
        done="officer.market.moved",
    ):
        st.rerun()


def take_button(page: Here, slot: SlotRow, *, key: str) -> None:
    """Show the button that takes a product out of its slot."""
    if st.button(page.t("officer.market.take"), key=key, icon=":material/remove:") and did(
        page,
        lambda s: promotion.remove_slot(
            s, clock=page.app.clock, actor=page.actor, slot_id=slot.slot_id
        ),
        done="officer.market.taken",
    ):
        st.rerun()


def publish_button(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    """Show the primary action of a draft: publish, with what follows spelled out."""
    name = f"publish_{row.collection_id}"
    look.open_button(
        page.t("officer.market.publish"), name, kind="primary", icon=":material/check:"
    )
    if look.is_asked(name):
        title = page.t("officer.market.publish_title", title=title_of(page, row))
        look.dialog(page, title, partial(_publish, page, row, slots))


def _publish(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    start, end = span_of(row)
    first, second = page.rulebook.featuring.recheck_hours
    kit.note(
        page.t("officer.market.publish_means", start=start, end=end, first=first, second=second)
    )
    free = free_positions(row, slots)
    if free:
        st.caption(page.t("officer.market.publish_open", open=len(free)))
    go = page.t("officer.market.publish_go")
    if st.button(go, type="primary", key="publish_go") and did(
        page,
        lambda s: (
            promotion.publish_collection(
                s, page.rulebook, clock=page.app.clock, actor=page.actor,
                collection_id=row.collection_id,
            )
        ),
        done="page.picker.published",
    ):  # fmt: skip
        look.finish()


def preview_button(page: Here, row: CollectionRow) -> None:
    """Show the link to the very page the public gets, open in a tab of its own."""
    st.link_button(
        page.t("officer.market.preview"),
        f"/preview/collections/{row.collection_id}",
        icon=":material/visibility:",
    )
