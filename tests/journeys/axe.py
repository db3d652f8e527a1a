"""axe-core finds nothing on any page beyond what Streamlit itself brings."""

from __future__ import annotations

# Streamlit 1.67's own markup: sectioned navigation, mermaid placeholder, traceback box, the
# selection column of a grid, the uploader. Nothing of ours may be added here.
STREAMLITS_OWN = {
    "list",
    "listitem",
    "aria-prohibited-attr",
    "scrollable-region-focusable",
    "empty-table-header",
    "presentation-role-conflict",
}

# To a text beside a painted ::before axe gives no verdict, and to find those costs half its time
# (measured). Nothing of ours paints behind a text that way: each text gets its verdict.
_STRICTER = """
axe.configure({ checks: [{ id: "color-contrast", options: { ignorePseudo: true } }] })
"""


def violations(page) -> list[str]:
    """Return what axe-core finds that is ours, each with the first place."""
    from axe_playwright_python.sync_playwright import Axe

    if page.evaluate("typeof window.axe === 'undefined'"):  # it stays while the app is not left
        page.evaluate(Axe().axe_script)
        page.evaluate(_STRICTER)
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        # All rules run; that the places that pass are not written down halves the time (measured).
        "resultTypes": ["violations"],
    }
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})"
        for v in found
        if v["id"] not in STREAMLITS_OWN
    ]
