"""English is set with quotes as narrow as its letters, Chinese with its own, nothing from outside."""

from __future__ import annotations

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

# How wide an opening quote is, in the width of a Chinese character, where text stands. Between
# characters: of quotes beside each other a browser draws the second narrower.
QUOTES = """
(where) => {
  const wide = text => {
    const span = document.createElement("span");
    span.style.cssText = "position:absolute;white-space:nowrap;letter-spacing:0";
    span.textContent = text.repeat(10);
    document.querySelector(where).append(span);
    const width = span.getBoundingClientRect().width;
    span.remove();
    return width;
  };
  const character = wide("\\u5b57");
  return document.fonts.ready.then(() => (wide("\\u5b57\\u201c") - character) / character);
}
"""


def measured(page, where: str) -> float:
    """Measure twice: the first time a face may only be asked for."""
    page.evaluate(QUOTES, where)
    page.wait_for_timeout(500)
    return page.evaluate(QUOTES, where)


@pytest.mark.parametrize(("lang", "is_wide"), [("zh", True), ("en", False)])
def test_quotes_fit_the_language_of_every_kind_of_page(site, visit, lang, is_wide):
    page = visit("officer", lang=lang)
    page.goto(f"{site}/methods")
    ready(page)
    for where in (".z", "[data-testid=stButtonGroup] button", "[data-testid=stSidebar] p"):
        assert (measured(page, where) > 0.9) is is_wide, where
    for path in ("/showcase/how", "/paper/methods/funnel"):
        page.goto(f"{site}{path}?lang={lang}")
        assert (measured(page, "main") > 0.9) is is_wide, path
    assert page.outside == []
