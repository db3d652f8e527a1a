"""Every page of every role opens for real: no error, nothing from outside, nothing sideways.

For the first role that has it a page is opened in Chinese, where axe-core looks at it, and in
English, each as wide as a computer and then as a phone; for another role where that role does what
the first may not. Each page of each role is run in either language by AppTest. The owner's are
opened on a phone too. A page is opened from the menu, which costs less, or by its address.
"""

from __future__ import annotations

import re

import pytest

from marketplace.base.access import Role
from marketplace.faces.ui.navigation import HIDDEN, PAGES
from tests.journeys.axe import violations
from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

FIRST = {role.value: next(iter(sections.values()))[0] for role, sections in PAGES.items()}
FIRST_WITH = {  # page → the first role that has it
    name: role.value
    for role, sections in reversed(PAGES.items())
    for names in sections.values()
    for name in names
}
# What the office shares and these two do otherwise: the reviewer decides, the auditor only looks.
OTHERWISE = {
    "reviewer": {
        "today",
        "dossier",
        "decide",
        "cases",
        "case",
        "objections",
        "links",
        "holds",
        "referrals",
    },
    "auditor": {"factories", "dossier", "case", "sampling", "data_quality"},
}


def address(role: str, name: str) -> str:
    """Return a page's path; the first page lives at `/`."""
    path = "/" if FIRST[role] == name else f"/{name}"
    return path + ("?id=1" if name in {"dossier", "store", "case", "replay"} else "")


def names_of(role: str) -> list[str]:
    """Return the names of a role's pages, in the order of its menu."""
    found = [name for names in PAGES[Role(role)].values() for name in names]
    assert found
    return found


def press_in_menu(page, name: str) -> None:
    """Open a page from the menu, as somebody at work does."""
    page.locator(f'[data-testid="stSidebarNavLink"][href$="/{name}"]').click()
    page.wait_for_url(re.compile(rf"/{name}(\?|$)"))


def rounds() -> list[tuple[str, str, list[str]]]:
    """Return each round: the role, the language, and the pages; it begins with the role's first."""
    found = []
    for role, first in FIRST.items():
        own = [name for name in names_of(role) if FIRST_WITH[name] == role]
        more = OTHERWISE.get(role, set())
        assert more <= set(names_of(role))
        chinese = [name for name in names_of(role) if name in own or name in more]
        found.append((role, "zh", list(dict.fromkeys([first, *chinese]))))
        if own:
            found.append((role, "en", list(dict.fromkeys([first, *own]))))
    return found


@pytest.mark.parametrize(
    ("role", "lang", "names"), [pytest.param(*one, id="-".join(one[:2])) for one in rounds()]
)
def test_every_page_of_a_role_opens_without_error(site, visit, role, lang, names):
    page = visit(role, lang=lang)
    shut_out = {}
    for name in names:
        if name in HIDDEN or name == FIRST[role]:
            page.goto(site + address(role, name))
        else:
            press_in_menu(page, name)
        ready(page)
        assert page.locator('[data-testid="stException"]').count() == 0, name
        page.locator("h1").first.wait_for()
        assert fits(page), name
        if lang == "zh" and (problems := violations(page)):
            shut_out[name] = problems
        page.set_viewport_size({"width": 390, "height": 900})
        assert fits(page), f"{name} on a phone"
        page.set_viewport_size({"width": 1360, "height": 900})
    assert shut_out == {}
    assert page.outside == []


def fits(page) -> bool:
    """Tell whether nothing of the page lies beside the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_owners_pages_fit_a_phone(site, visit):
    page = visit("owner", width=390)
    shut_out = {}
    for name in names_of("owner"):
        page.goto(site + address("owner", name))
        ready(page)
        assert fits(page), name
        if problems := violations(page):
            shut_out[name] = problems
    assert shut_out == {}


def test_a_page_of_another_role_shows_nothing(site, visit):
    page = visit("marketer")
    page.goto(f"{site}/dossier?id=1")
    ready(page)
    assert "91350" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/showcase", "/showcase/products", "/verify", "/report", "/auth/login"]
)
def test_no_public_page_shuts_anybody_out(site, visit, path, scheme):
    page = visit()
    page.emulate_media(color_scheme=scheme)
    page.goto(site + path)
    assert violations(page) == []


@pytest.mark.parametrize(
    "path", ["/showcase", "/showcase/products", "/verify", "/showcase/how", "/report"]
)
@pytest.mark.parametrize("width", [1360, 390])
def test_public_pages_open_for_anybody(site, visit, path, width):
    page = visit(width=width)
    answer = page.goto(site + path)
    assert answer.status == 200
    assert fits(page)
    assert page.outside == []


def test_a_stranger_is_shown_the_showcase_and_unknown_paths_are_missing(site, visit):
    page = visit()
    page.goto(f"{site}/")
    assert page.url.startswith(f"{site}/showcase")
    assert page.goto(f"{site}/showcase/nothing-here").status == 404
    assert page.goto(f"{site}/verify/350300000000").status == 404


def test_roles_with_screens_are_all_visited():
    assert set(FIRST) == {
        r.value
        for r in (
            Role.OFFICER,
            Role.REVIEWER,
            Role.OWNER,
            Role.MARKETER,
            Role.AUDITOR,
            Role.ADMIN,
            Role.RIGHT_HOLDER,
        )
    }
