"""The script Streamlit runs: navigation by role, then the page."""

from marketplace.faces.ui.navigation import run_page

run_page()
