"""Making a collection, changing a draft, taking a published one down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import streamlit as st

from marketplace.base.clock import SHANGHAI, today
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.promoting.telling import title_of
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import category_name
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.queries import CollectionRow

_OPENS, _CLOSES = "09:00", "21:00"
_HALVES = tuple(f"{n // 2:02d}:{n % 2 * 30:02d}" for n in range(48))
_ANY = "any"  # no key of a category: a collection that is open to all of them


def new_button(page: Here, *, kind: str = "primary") -> None:
    """Show the button that makes a collection."""
    look.open_button(
        page.t("officer.market.new"), "new_collection", kind=kind, icon=":material/add:"
    )
    if look.is_asked("new_collection"):
        title = page.t("officer.market.new")
        look.dialog(page, title, partial(_new, page), wide=True)


def _new(page: Here) -> None:
    form = DeskForm(page, f"collection_{page.rulebook.program.key}")
    given = _fields(form, None)
    made = form.send(
        page.t("page.collections.create"),
        lambda s: promotion.create_collection(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, **given
        ),
        done="page.collections.created",
        stretch=False,
    )
    if made is not None:
        st.session_state["collection"] = made
        look.close()
        st.switch_page("views/picker.py")


def edit_button(page: Here, row: CollectionRow) -> None:
    """Show the button that changes a draft."""
    name = f"edit_c{row.collection_id}"
    look.open_button(page.t("officer.market.edit"), name, icon=":material/edit:")
    if look.is_asked(name):
        look.dialog(page, title_of(page, row), partial(_edit, page, row), wide=True)


def _edit(page: Here, row: CollectionRow) -> None:
    form = DeskForm(page, f"collection_{row.collection_id}")
    given = _fields(form, row)
    changed = form.send(
        page.t("officer.ask.save"),
        lambda s: promotion.edit_collection(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            collection_id=row.collection_id, **given,
        ),
        stretch=False,
    )  # fmt: skip
    if changed is not None:
        st.session_state["toast"] = page.t(
            "officer.market.edited" if changed else "officer.market.unchanged"
        )
        look.finish()


def _fields(form: DeskForm, row: CollectionRow | None) -> Mapping[str, Any]:
    """Show the fields of a collection; return what they hold as a command takes it."""
    page, day = form.page, today(form.page.app.clock)
    t = page.t
    form.begun_note()
    title_zh = form.text(
        "title_zh",
        t("page.collections.title_zh"),
        value=row.title_zh if row else "",
        longest=80,
    )
    title_en = form.text(
        "title_en", t("page.collections.title_en"), value=row.title_en if row else "",
        longest=120,
    )  # fmt: skip
    starts = row.starts_at if row else None
    ends = row.ends_at if row else None
    begin, begin_at, end, end_at = st.columns(4)
    with begin:
        first = form.day(
            "start", t("page.collections.start"), value=_day(starts, day + timedelta(days=7))
        )
    with begin_at:
        first_at = _hour(form, "start_time", t("officer.market.start_time"), starts, _OPENS)
    with end:
        last = form.day(
            "end", t("page.collections.end"), value=_day(ends, day + timedelta(days=30))
        )
    with end_at:
        last_at = _hour(form, "end_time", t("officer.market.end_time"), ends, _CLOSES)
    how_many, which = st.columns(2)
    with how_many:
        slots = form.number(
            "slots", t("page.collections.slots"), value=row.slot_count if row else 12,
            min_value=1, max_value=200,
        )  # fmt: skip
        cap = row.cap_per_group if row else page.rulebook.featuring.cap_per_group
        st.caption(t("officer.market.cap", cap=cap))
    with which:
        category = _category(form, row)
    texts = {
        name: form.text(
            name, t(f"officer.market.{name}"), value=(getattr(row, name) or "") if row else "",
            tall=True, height=80, longest=longest,
        )
        for name, longest in (("intro_zh", 500), ("intro_en", 1_000))
    }  # fmt: skip
    return {
        "title_zh": title_zh,
        "title_en": title_en,
        "starts_at": _instant(first, first_at),
        "ends_at": _instant(last, last_at),
        "slot_count": slots,
        "category": category,
        **texts,
    }


def _category(form: DeskForm, row: CollectionRow | None) -> str | None:
    page = form.page
    taken = form.choice(
        "category",
        page.t("officer.market.category"),
        [_ANY, *(c.key for c in page.rulebook.product.categories)],
        lambda key: (
            page.t("officer.market.any_category") if key == _ANY else category_name(page, key)
        ),
        value=(row.category if row else None) or _ANY,
    )
    return None if taken == _ANY else taken


def _hour(form: DeskForm, name: str, label: str, at: datetime | None, usual: str) -> str | None:
    """Show the half hours of a day, with the minute that stands already among them."""
    now = f"{at.astimezone(SHANGHAI):%H:%M}" if at else usual
    return form.choice(name, label, sorted({*_HALVES, now}), str, value=now)


def _day(at: datetime | None, usual: date) -> date:
    return at.astimezone(SHANGHAI).date() if at else usual


def _instant(day: date | None, hour: str | None) -> datetime | None:
    if day is None or hour is None:
        return None
    return datetime.combine(day, time.fromisoformat(hour), SHANGHAI)


def withdraw_button(page: Here, row: CollectionRow) -> None:
    """Show the button that takes a published collection down."""
    name = f"withdraw_c{row.collection_id}"
    look.open_button(page.t("officer.market.withdraw"), name)
    if look.is_asked(name):
        title = page.t("officer.market.withdraw")
        look.dialog(page, title, partial(_withdraw, page, row))


def _withdraw(page: Here, row: CollectionRow) -> None:
    kit.note(page.t("officer.market.withdraw_means", title=title_of(page, row)))
    form = DeskForm(page, f"withdraw_c{row.collection_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.market.reason"), tall=True, longest=500)
    if form.did(
        page.t("officer.market.withdraw"),
        lambda s: promotion.withdraw_collection(
            s, clock=page.app.clock, actor=page.actor, collection_id=row.collection_id,
            reason=reason,
        ),
        done="officer.market.withdrawn",
    ):  # fmt: skip
        look.finish()
