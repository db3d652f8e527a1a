"""axe-core finds nothing on any page beyond what Streamlit itself brings."""

from __future__ import annotations

import pytest

from marketplace.faces.ui.navigation import PAGES
from tests.journeys.test_every_page import FIRST, VISITS, address, ready

pytestmark = pytest.mark.browser

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


def violations(page) -> list[str]:
    """Return what axe-core finds that is ours, each with the first place."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})"
        for v in found
        if v["id"] not in STREAMLITS_OWN
    ]


@pytest.mark.parametrize("role", [r.value for r in PAGES])
def test_no_page_of_a_role_shuts_anybody_out(site, visit, role):
    page = visit(role)
    found = {}
    for visited_role, name in VISITS:
        if visited_role == role:
            page.goto(site + address(role, name))
            ready(page)
            if problems := violations(page):
                found[name] = problems
    assert found == {}


def test_the_owner_is_not_shut_out_on_a_phone(site, visit):
    page = visit("owner", width=390)
    found = {}
    for visited_role, name in VISITS:
        if visited_role == "owner":
            page.goto(site + address("owner", name))
            ready(page)
            if problems := violations(page):
                found[name] = problems
    assert found == {}
    assert FIRST["owner"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/showcase", "/showcase/products", "/verify", "/report", "/auth/login"]
)
def test_no_public_page_shuts_anybody_out(site, visit, path, scheme):
    page = visit()
    page.emulate_media(color_scheme=scheme)
    page.goto(site + path)
    assert violations(page) == []
