"""Keeps every text of a page plain: no label, sentence or hint is ever read as markup.

Streamlit reads Markdown, directives, math, icons and addresses in each label, caption, hint and
message. What people typed stands in most of them, so a stranger could put a link, a heading or
another color into an officer's page. Markup is written by `kit.markup` alone; every other text is
escaped where it leaves for the browser, the one place that a new page cannot go around.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

_READ = frozenset(
    (
        "label",
        "help",
        "body",
        "title",
        "text",
        "delta",
        "delta_description",
        "default_tab_label",
    )
)
# Their `body` is no Markdown: `st.code`, `st.text`, `st.html` show or clean what they are given.
_AS_IT_IS = frozenset({"html", "text", "code", "json", "iframe", "exception"})

# A word joiner: it cannot be seen. Icons, emoji and addresses are looked for after Markdown has
# taken the backslashes away, so these would not help there.
_JOIN = "\u2060"
_ACTIVE = re.compile(r"[\\`*\[\]<>$~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|:(?=[A-Za-z])")
_OPENING = re.compile(r"^(?:(?=[#+\-=])|(\d+)(?=[.)]))", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_SHORTCODE = re.compile(r":(?=(?!\d\d:)[\w+/-]+:)", re.ASCII)
_ADDRESS = re.compile(r"(?i)(https?:|mailto:|xmpp:|www)(?=[./]|\S+@)|@(?=[\w-]+\.)")


def plain(text: str) -> str:
    """Return a text so that Streamlit's Markdown shows just its characters, paragraph by paragraph.

    For the options of a radio, of pills or of a menu, which come back as they were sent.
    """
    text = _INDENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    cut = _SHORTCODE.sub(f":{_JOIN}", _ADDRESS.sub(rf"\g<0>{_JOIN}", text))
    sent = _OPENING.sub(r"\1\\", _ACTIVE.sub(r"\\\g<0>", cut))
    return sent.replace("|", "\\|") if "\n" in sent else sent  # a table has two lines or more


def keep_texts_plain() -> None:
    """Have every message to a browser pass here first; once is enough."""
    if hasattr(ScriptRunContext.enqueue, "__wrapped__"):
        return
    send = ScriptRunContext.enqueue

    @wraps(send)
    def enqueue(run: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            _make_plain(message)
        send(run, message)

    ScriptRunContext.enqueue = enqueue  # type: ignore[method-assign,assignment]


def _make_plain(message: ForwardMsg) -> None:
    delta = message.delta
    match delta.WhichOneof("type"):
        case "new_element":
            outer: Any = delta.new_element
        case "add_block":
            outer = delta.add_block
        case _:
            return
    kind = outer.WhichOneof("type")
    if kind is None or kind in _AS_IT_IS:
        return
    shown = getattr(outer, kind)
    if getattr(shown, "allow_html", False):
        return  # `kit.markup`, which has escaped what it was given
    for field in shown.DESCRIPTOR.fields:
        if field.name in _READ and field.type == field.TYPE_STRING and not field.is_repeated:
            setattr(shown, field.name, plain(getattr(shown, field.name)))
