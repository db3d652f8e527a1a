"""What the long journey needs at every step: fields by their names, buttons, pictures of the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.pace import ready

SHOTS = Path(__file__).parents[1] / "screenshots" / "whole-path"  # not kept by git


@dataclass
class Walk:
    """The site, who visits it, and what the walkers know of each other's work."""

    site: str
    visit: object
    known: dict[str, str] = field(default_factory=dict)
    taken: int = 0

    def go(self, page, path: str) -> None:
        """Open a page of the app and wait for it."""
        page.goto(f"{self.site}{path}")
        ready(page)

    def shot(self, page, name: str) -> None:
        """Keep a picture of what is on the screen."""
        self.taken += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{self.taken:02}-{name}.png", full_page=True)


def within(page):
    """Return the dialog when one is open, else the page."""
    dialog = page.get_by_role("dialog")
    return dialog if dialog.count() else page


def press(place, name: str, *, exact: bool = True) -> None:
    """Press the first button of a name and wait for what it does."""
    place.get_by_role("button", name=name, exact=exact).first.click()
    ready(place if hasattr(place, "goto") else place.page)


def fill(place, label: str | re.Pattern[str], text: str) -> None:
    """Fill a text field and leave it, so that the page hears of it."""
    box = place.get_by_role("textbox", name=label).first
    box.fill(text)
    box.blur()
    ready(place if hasattr(place, "goto") else place.page)


def choose(place, label: str, option: str) -> None:
    """Choose an option of a select box."""
    box = place.locator('[data-testid="stSelectbox"]', has_text=label).first
    page = place if hasattr(place, "goto") else place.page
    wanted = page.get_by_role("option", name=option).first
    for _ in range(3):  # a rerun under the hand closes the list again
        box.locator("input").click()
        page.wait_for_timeout(500)
        if wanted.is_visible():
            break
    wanted.click()
    ready(page)


def year_of(place, label: str):
    """Return the year of a date field, whether or not the page has said it in Chinese yet."""
    named = re.compile(f"^(year, |年，){label}")
    return place.get_by_role("spinbutton", name=named).first


def name_day(place, label: str, day: str) -> None:
    """Type a day (20260131) into a date field."""
    page = place if hasattr(place, "goto") else place.page
    year_of(place, label).click()
    page.keyboard.type(day)
    page.keyboard.press("Escape")  # the calendar lies over what follows
    ready(page)


def upload(place, name: str, content: bytes, *, nth: int = 0) -> None:
    """Give a picture to a field for files."""
    page = place if hasattr(place, "goto") else place.page
    place.locator("input[type=file]").nth(nth).set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": content}
    )
    page.wait_for_timeout(700)
    ready(page)
