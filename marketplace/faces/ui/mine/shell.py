"""What all pages of an owner share: the style, the tabs at the bottom of a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from marketplace.base.inbox import count_unread
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import choose_firm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.kinds import Moderation

_SHEET = Path(__file__).with_name("mine.css")
TABS = (
    ("my_day", "home"),
    ("my_products", "inventory_2"),
    ("my_messages", "mail"),
    ("my_profile", "person"),
)

PRODUCT_TONES = {
    Moderation.CHANGES_REQUESTED: "warn",
    Moderation.LAPSED: "warn",
    Moderation.SUBMITTED: "calm",
    Moderation.VERIFIED: "good",
    Moderation.RECALLED: "bad",
}


def begin(page: Here) -> None:
    """Load the style and show the tabs; on a wide screen the sidebar does that."""
    kit.style(_SHEET)
    choose_firm(page)
    with reading(page) as session:
        unread = count_unread(session, page.actor)
    with st.container(key="tabbar", horizontal=True):
        for name, icon in TABS:
            st.page_link(
                f"views/{name}.py",
                label=page.t(f"mine.tab.{name}")
                + (f" {unread}" if name == "my_messages" and unread else ""),
                icon=f":material/{icon}:",
            )


def path(steps: Sequence[tuple[str, str, str, str]]) -> None:
    """Show the way as a list from top to bottom: (name, done|now|wait|next, under, spoken)."""
    parts = [
        f'<li class="{state}"><span class="ring" aria-hidden="true">'
        f"{'✓' if state == 'done' else n}</span><b>{escape(name)}</b>"
        f'<span style="position:absolute;left:-9999px">{escape(spoken)}</span>'
        f'<span class="sub">{kit.told(under)}</span></li>'
        for n, (name, state, under, spoken) in enumerate(steps, start=1)
    ]
    kit.markup(f'<ol class="z-path">{"".join(parts)}</ol>')


def item(address: str | None, title: str, badge: str, under: str) -> None:
    """Show one thing with its picture (an address of this site), name, badge and a line."""
    image = (
        f'<img src="{escape(address)}" alt="" loading="lazy">'
        if address
        else '<span class="none"></span>'
    )
    kit.markup(
        f'<div class="z-item">{image}<span><b>{escape(title)}</b><br>{badge}<br>'
        f'<span class="muted">{escape(under)}</span></span></div>'
    )
