"""The front door: one ASGI app of pages, public routes and middleware.

Started by `python3 manage.py serve`, by `streamlit run app.py`, or by any ASGI server.
"""

import streamlit as st

from marketplace.faces.ui.failing import show_failure
from marketplace.faces.ui.warming import warm
from marketplace.faces.web.server import SCRIPT, lifespan, middleware, routes

app = st.App(
    SCRIPT,
    lifespan=lifespan(warm),
    routes=routes(),
    middleware=middleware(),
    on_script_error=show_failure,
)
