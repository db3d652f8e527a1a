"""The owner's messages, each with a text to copy into a chat."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.db import housekeeping_write
from marketplace.base.inbox import chat_text, list_messages, mark_read
from marketplace.base.words import format_instant, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.session import page_for, reading
from marketplace.faces.ui.wording import condition_name

page = page_for(Role.OWNER)
begin(page)
kit.head(page.t("page.my_messages.title"), page.t("page.my_messages.question"))
with reading(page) as session:
    messages = list_messages(session, page.actor)
if not messages:
    kit.empty(page.t("page.my_messages.none"))
for message in messages:
    with st.container(key=f"card_m{message.message_id}"):
        kit.rows(
            [
                (
                    say(
                        f"message.{message.code}",
                        page.lang,
                        **{
                            k: condition_name(page, v) if k == "condition" else v
                            for k, v in message.facts.items()
                        },
                    ),
                    format_instant(message.at),
                    "" if message.read else kit.badge(page.t("page.my_messages.new"), "calm"),
                )
            ]
        )
        base = page.app.settings.public_base_url or ""
        st.code(chat_text(message, page.lang, link=f"{base}/"), language=None, wrap_lines=True)
if any(not m.read for m in messages):
    with housekeeping_write(page.app.store) as session:
        mark_read(session, clock=page.app.clock, actor=page.actor)
