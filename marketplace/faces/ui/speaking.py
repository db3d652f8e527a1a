"""Which language the pages speak to this browser."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import Lang


def language() -> Lang:
    """Return the language of this browser: the query, then the cookie, then Chinese."""
    asked = st.query_params.get("lang") or st.context.cookies.get("lang")
    return "en" if asked == "en" else "zh"
