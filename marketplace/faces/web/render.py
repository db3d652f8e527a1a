"""Turns view models into the public pages; every text is escaped, every hole is an error.

Nothing is looked up here and nothing is decided: queries fill the view models.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marketplace.base.money import format_yuan
from marketplace.base.words import (
    Lang,
    format_count,
    format_day,
    format_instant,
    has_key,
    label,
    say,
)
from marketplace.faces.web.kept_files import stamped
from marketplace.faces.web.linked_data import product_linked_data
from marketplace.faces.web.measured import bar_svg, limit_words, value_words
from marketplace.faces.web.viewmodels import (
    BrandView,
    CollectionView,
    ComplaintStatusView,
    ComplainView,
    ErrorView,
    HomeView,
    HowView,
    NotFoundView,
    OwnerLinkView,
    OwnerPinView,
    ProductListView,
    ProductView,
    ReportView,
    SignInView,
    TypoHint,
    VerifyView,
)
from marketplace.faces.web.viewmodels_appeals import AppealsView
from marketplace.faces.web.viewmodels_print import (
    DossierPaper,
    FridayPaper,
    LetterPaper,
    MethodsPaper,
    QuarterPaper,
    StatementPaper,
)

_DATED = re.compile(r"\d{4}-\d\d(?:[-: –]|\d)*")  # days, months, spans of them

__all__ = [
    "render_appeals",
    "render_brand",
    "render_collection",
    "render_complain",
    "render_complaint_status",
    "render_dossier_paper",
    "render_error",
    "render_friday_paper",
    "render_home",
    "render_how",
    "render_methods_paper",
    "render_not_found",
    "render_owner_link",
    "render_owner_pin",
    "render_product",
    "render_product_list",
    "render_quarter_paper",
    "render_report",
    "render_sign_in",
    "render_verify",
    "render_verify_blank",
]


def render_home(view: HomeView, lang: Lang) -> str:
    """Return the first page of the showcase."""
    return _page("home.html", lang, view=view, site=view.site)


def render_collection(view: CollectionView, lang: Lang) -> str:
    """Return the page of one featured collection."""
    return _page("collection.html", lang, view=view, site=view.site)


def render_product_list(view: ProductListView, lang: Lang) -> str:
    """Return one page of all verified products with its filters."""
    return _page("products.html", lang, view=view, site=view.site)


def render_product(view: ProductView, lang: Lang) -> str:
    """Return the page of one product, with OpenGraph and JSON-LD."""
    return _page(
        "product.html",
        lang,
        view=view,
        site=view.site,
        linked_data=product_linked_data(view),
        bar=partial(bar_svg, lang=lang),
        value_words=partial(value_words, lang=lang),
        limit_words=partial(limit_words, lang=lang),
    )


def render_brand(view: BrandView, lang: Lang) -> str:
    """Return the page of one brand."""
    return _page("brand.html", lang, view=view, site=view.site)


def render_verify(view: VerifyView, lang: Lang) -> str:
    """Return the answer to one code; unknown codes answer too, with the likely typo."""
    return _page(
        "verify.html",
        lang,
        view=view,
        site=view.site,
        state=view.state.value,
        asked=_split_at_hint(view.asked, view.hint),
    )


def render_verify_blank(view: NotFoundView, lang: Lang) -> str:
    """Return the page that asks for a code."""
    return _page("verify_blank.html", lang, view=view, site=view.site)


def render_how(view: HowView, lang: Lang) -> str:
    """Return how verification works and what it does not promise."""
    return _page("how.html", lang, view=view, site=view.site)


def render_appeals(view: AppealsView, lang: Lang) -> str:
    """Return how appeals ended, as it is published."""
    return _page("appeals.html", lang, view=view, site=view.site)


def render_report(view: ReportView, lang: Lang) -> str:
    """Return the report form, or its thank-you page once there is a receipt."""
    return _page("report.html", lang, view=view, site=view.site)


def render_complain(view: ComplainView, lang: Lang) -> str:
    """Return the complaint form, or its receipt."""
    return _page("complain.html", lang, view=view, site=view.site)


def render_complaint_status(view: ComplaintStatusView, lang: Lang) -> str:
    """Return where a complaint stands, or the question for its code."""
    return _page("complaint_status.html", lang, view=view, site=view.site)


def render_not_found(view: NotFoundView, lang: Lang) -> str:
    """Return the 404 page: a visitor's, or the one for whoever is signed in."""
    template = "not_found_at_work.html" if view.signed_in else "not_found.html"
    return _page(template, lang, view=view, site=view.site)


def render_error(view: ErrorView, lang: Lang) -> str:
    """Return the 500 page; it needs no database and shows only a reference number."""
    return _page("error.html", lang, view=view, site=view.site)


def render_sign_in(view: SignInView, lang: Lang) -> str:
    """Return the staff sign-in page."""
    return _page("sign_in.html", lang, view=view, site=None)


def render_owner_link(view: OwnerLinkView, lang: Lang) -> str:
    """Return the page behind a one-time link; it only offers a button."""
    return _page("owner_link.html", lang, view=view, site=None)


def render_owner_pin(view: OwnerPinView, lang: Lang) -> str:
    """Return the page that asks for the PIN, or sets it."""
    return _page("owner_pin.html", lang, view=view, site=None)


def render_dossier_paper(paper: DossierPaper, lang: Lang) -> str:
    """Return the dossier as official paper, A4."""
    return _page("print/dossier.html", lang, paper=paper, sheet=paper.sheet, site=None)


def render_friday_paper(paper: FridayPaper, lang: Lang) -> str:
    """Return the Friday page as official paper, one A4."""
    return _page("print/friday.html", lang, paper=paper, sheet=paper.sheet, site=None)


def render_quarter_paper(paper: QuarterPaper, lang: Lang) -> str:
    """Return the quarterly report as official paper, several A4."""
    return _page("print/quarter.html", lang, paper=paper, sheet=paper.sheet, site=None)


def render_methods_paper(paper: MethodsPaper, lang: Lang) -> str:
    """Return one tab of the methods page as official paper, a figure a leaf."""
    return _page("print/methods.html", lang, paper=paper, sheet=paper.sheet, site=None)


def render_letter(paper: LetterPaper, lang: Lang) -> str:
    """Return a signed lead as an official letter, A4."""
    return _page("print/referral.html", lang, paper=paper, sheet=paper.sheet, site=None)


def render_statement_paper(paper: StatementPaper, lang: Lang) -> str:
    """Return a statement of reasons as official paper, A4."""
    return _page("print/statement.html", lang, paper=paper, sheet=paper.sheet, site=None)


def _page(template: str, lang: Lang, **context: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            t=_speaker(lang),
            dated=partial(_dated, lang=lang),
            label=partial(label, lang=lang),
            own_address=partial(own_address, lang=lang),
            other_language=partial(_in_other_language, lang=lang),
            error_text=partial(_error_text, lang=lang),
            **context,
        )
    )


def _speaker(lang: Lang) -> Callable[..., str]:
    def speak(key: str, **facts: object) -> str:
        return say(f"showcase.{key}", lang, **facts)

    return speak


def _dated(key: str, day: date, lang: Lang) -> Markup:
    """Return a sentence whose `{day}` is a time element, so that a date never breaks."""
    before, after = say(f"showcase.{key}", lang, day="\0").split("\0")
    return Markup("{}<time>{}</time>{}").format(before, format_day(day), after)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        yuan=format_yuan,
        day=format_day,
        count=format_count,
        instant=format_instant,
        code=spaced_code,
        href=safe_href,
        svg=Markup,
    )
    environment.globals["stamped"] = stamped
    environment.tests["dated"] = is_dated
    return environment


def is_dated(cell: str) -> bool:
    """Tell whether a cell is days or months and nothing more: a hyphen in them breaks no line."""
    return _DATED.fullmatch(cell) is not None


def spaced_code(code: str) -> str:
    """Return a 12-digit code in groups of four; anything else unchanged."""
    if len(code) == 12 and code.isdigit():
        return f"{code[:4]} {code[4:8]} {code[8:]}"
    return code


def safe_href(address: str) -> str:
    """Return an address that only leads to a page: a local path or http(s); else `#`."""
    local = address.startswith(("/", "#", "?")) and not address.startswith(("//", "/\\"))
    return address if local or address.startswith(("https://", "http://")) else "#"


def own_address(path: str, lang: Lang) -> str:
    """Return the one address a page is found under in a language, whatever it was asked with."""
    return path.partition("?")[0] + ("?lang=en" if lang == "en" else "")


def _in_other_language(path: str, lang: Lang) -> str:
    parts = urlsplit(path)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "lang"]
    query = urlencode([*kept, ("lang", "zh" if lang == "en" else "en")])
    return safe_href(f"{parts.path or '/'}?{query}")


def _error_text(code: str, lang: Lang, fallback: str, facts: dict[str, object]) -> str:
    key = f"error.{code}"
    return say(key, lang, **facts) if has_key(key) else say(f"showcase.{fallback}", lang)


def _split_at_hint(asked: str, hint: TypoHint | None) -> tuple[str, str, str]:
    if hint is None or not 0 <= hint.position < len(asked):
        return asked, "", ""
    at = hint.position
    return asked[:at], asked[at], asked[at + 1 :]
