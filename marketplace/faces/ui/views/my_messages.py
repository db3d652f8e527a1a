"""The owner's messages, new ones first, each with its place and a text to copy into a chat."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.db import housekeeping_write
from marketplace.base.inbox import MessageRow, chat_text, list_messages, mark_read
from marketplace.base.words import format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.mine.telling import in_words, place_of, site
from marketplace.faces.ui.session import Here, page_for, reading


def show(page: Here, message: MessageRow) -> None:
    """Show one message: when, what, where it leads, and what can be sent into a chat."""
    name, query = place_of(message)
    with st.container(key=f"card_m{message.message_id}"):
        new = "" if message.read else kit.badge(page.t("page.my_messages.new"), "calm")
        kit.markup(
            f'<p class="muted">{escape(format_instant(message.at))} {new}</p>'
            f"<p><b>{escape(in_words(page, message))}</b></p>"
        )
        st.page_link(f"views/{name}.py", label=page.t("own.look"), query_params=query)
        program = page.rulebook.program
        told = chat_text(
            message,
            page.lang,
            program=program.public_name_zh if page.lang == "zh" else program.public_name_en,
            link=f"{site(page)}/my_messages",
        )
        with st.expander(page.t("entry.copy")):
            st.code(told, language=None, wrap_lines=True)


def several(page: Here, title: str, messages: Sequence[MessageRow]) -> None:
    """Show some messages under a head, or nothing."""
    if messages:
        kit.section(page.t(title))
    for message in messages:
        show(page, message)


here = page_for(Role.OWNER)
begin(here)
kit.head(here.t("page.my_messages.title"), here.t("page.my_messages.question"))
with reading(here) as reading_session:
    every = list_messages(reading_session, here.actor)
if not every:
    kit.empty(here.t("page.my_messages.none"))
else:
    st.caption(here.t("own.copy_hint"))
several(here, "own.new_ones", [m for m in every if not m.read])
several(here, "own.older", [m for m in every if m.read])
if any(not m.read for m in every):
    with housekeeping_write(here.app.store) as writing_session:
        mark_read(
            writing_session, clock=here.app.clock, actor=here.actor, until=every[0].message_id
        )
