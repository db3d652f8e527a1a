"""Messages in words, with the place each one leads to."""

from __future__ import annotations

import streamlit as st

from marketplace.base.inbox import MessageRow
from marketplace.base.words import say
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import condition_name

# What a message is about → the page where its owner reads more or does something.
_PLACES = {
    "product": "my_product",
    "change_request": "my_profile",
    "brand": "my_brands",
    "credit_dispute": "my_profile",
    "case": "my_cases",
    "finding": "my_measures",
    "store": "my_measures",
    "suspension": "my_measures",
    "course": "my_measures",
    "appeal": "my_measures",
    "hold": "my_measures",
}
_ELSEWHERE = {
    "finding_dismissed": "my_profile"
}  # nothing was done: it stands among his records


def in_words(page: Here, message: MessageRow) -> str:
    """Return the sentence of a message."""
    facts = {
        k: condition_name(page, str(v)) if k == "condition" else v
        for k, v in message.facts.items()
    }
    return say(f"message.{message.code}", page.lang, **facts)


def place_of(message: MessageRow) -> tuple[str, dict[str, str]]:
    """Return (page, query) that a message leads to."""
    kind, _, number = message.subject.partition(":")
    if message.code == "finding_recorded":
        return "my_day", {"do": f"statement.{number}"}
    name = _ELSEWHERE.get(message.code) or _PLACES.get(kind, "my_day")
    return name, {"id": number} if name == "my_product" else {}


def site(page: Here) -> str:
    """Return the address this site is reached at, without a path."""
    if page.app.settings.public_base_url:
        return page.app.settings.public_base_url.rstrip("/")
    return "/".join(str(st.context.url or "").split("/")[:3])
