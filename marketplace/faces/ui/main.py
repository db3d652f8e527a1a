"""The script Streamlit runs: navigation by role, then the page."""

from marketplace.faces.ui.warming import wait_until_warm

wait_until_warm()

from marketplace.faces.ui.navigation import run_page  # noqa: E402  loaded meanwhile

run_page()
