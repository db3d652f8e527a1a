"""Opens a page of the app as its address does."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest


def open_view(at: AppTest, name: str) -> AppTest:
    """Run a page at once, without the role's first page before it; it must be that page."""
    at.switch_page(f"views/{name}.py").run()
    assert not at.exception, (name, at.exception)
    opened = at._registered_pages[at._finished_page_script_hash]
    assert Path(str(opened["script_path"])).stem == name
    return at
