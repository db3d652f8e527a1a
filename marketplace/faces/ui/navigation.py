"""Which pages a role has, in which sections; a page not listed cannot be opened at all."""

from __future__ import annotations

from copy import copy
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import Unavailable
from marketplace.base.words import Lang, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.plainly import keep_texts_plain
from marketplace.faces.ui.session import Here, one_run, say_done

VIEWS = Path(__file__).parent / "views"
_SEAL = str(Path(__file__).parent / "static" / "seal.svg")

# role → section → pages; a page is named by its file, its words are `page.<file>.title`.
PAGES: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.OFFICER: {
        "work": (
            "today",
            "factories",
            "dossier",
            "store",
            "decide",
            "cases",
            "case",
            "sampling",
            "objections",
            "links",
            "holds",
            "referrals",
            "register",
            "import_file",
            "imports",
        ),
        "results": (
            "overview",
            "last_year",
            "methods",
            "data_quality",
            "friday",
            "quarter",
            "answer_times",
            "appeals",
            "categories",
        ),
    },
    Role.REVIEWER: {
        "work": (
            "today",
            "factories",
            "dossier",
            "store",
            "decide",
            "cases",
            "case",
            "sampling",
            "objections",
            "links",
            "holds",
            "referrals",
            "imports",
        ),
        "results": (
            "overview",
            "last_year",
            "methods",
            "data_quality",
            "friday",
            "quarter",
            "answer_times",
            "appeals",
            "categories",
        ),
    },
    Role.OWNER: {
        "mine": (
            "my_day",
            "my_products",
            "my_measures",
            "my_messages",
            "my_cases",
            "my_profile",
            "my_product",
            "my_brands",
        )
    },
    Role.MARKETER: {"promotion": ("picker", "collections", "check_items")},
    Role.AUDITOR: {
        "oversight": (
            "audit_trail",
            "oversight",
            "replay",
            "factories",
            "dossier",
            "store",
            "cases",
            "case",
            "sampling",
            "links",
            "holds",
            "referrals",
            "imports",
            "overview",
            "last_year",
            "methods",
            "data_quality",
            "friday",
            "quarter",
            "answer_times",
            "appeals",
            "categories",
        )
    },
    Role.RIGHT_HOLDER: {"holder": ("notices", "file_notice", "rights", "reliability")},
    Role.ADMIN: {"oversight": ("accounts", "audit_trail")},
}
HIDDEN = frozenset({"dossier", "store", "case", "replay", "my_product", "my_brands"})

ICONS = {
    "today": "inbox",
    "factories": "factory",
    "decide": "fact_check",
    "objections": "front_hand",
    "links": "hub",
    "holds": "account_balance_wallet",
    "referrals": "outgoing_mail",
    "register": "add_business",
    "import_file": "upload_file",
    "imports": "history_toggle_off",
    "overview": "monitoring",
    "last_year": "date_range",
    "friday": "calendar_view_week",
    "quarter": "menu_book",
    "methods": "science",
    "data_quality": "rule",
    "my_day": "home",
    "my_products": "inventory_2",
    "appeals": "balance",
    "categories": "category",
    "my_measures": "gavel",
    "my_messages": "mail",
    "my_profile": "person",
    "picker": "storefront",
    "collections": "view_carousel",
    "check_items": "checklist",
    "audit_trail": "history",
    "oversight": "policy",
    "sampling": "shuffle",
    "accounts": "manage_accounts",
    "cases": "gavel",
    "answer_times": "timer",
    "my_cases": "feedback",
    "notices": "list_alt",
    "file_notice": "edit_document",
    "rights": "verified",
    "reliability": "insights",
}


def run_page() -> None:
    """Build the navigation of whoever is here and run the page asked for."""
    keep_texts_plain()
    with one_run() as found:
        _run_page(found)


def _run_page(found: Here) -> None:
    st.set_page_config(
        page_icon=_SEAL,
        layout="wide",
        initial_sidebar_state=224,
    )
    _frame(found)
    _say_unkept(found)
    if found.actor.role not in PAGES:
        _signed_out(found)
        return
    st.logo(_SEAL, size="large")
    chosen = st.navigation(_pages(found), expanded=True)
    _foot(found)
    say_done()
    chosen.run()


def _say_unkept(found: Here) -> None:
    """Say above every page, before anything is typed, when nothing of it would be kept."""
    try:
        found.app.store.require_place()
    except Unavailable as error:
        kit.error_box(error, found.lang)


def _pages(found: Here) -> dict[str, list[st.Page]]:
    """Return the pages of a role by section, the run's own: Streamlit marks the one it opens."""
    built = _built(found.actor.role, found.lang)
    return {section: [copy(page) for page in pages] for section, pages in built.items()}


@cache
def _built(role: Role, lang: Lang) -> dict[str, list[st.Page]]:
    """Build them once a role and language; each looks for its file on the disk."""
    sections = PAGES[role]
    first = next(iter(sections.values()))[0]
    pages = {
        say(f"app.section.{section}", lang): [
            _page(name, lang, is_first=name == first) for name in names
        ]
        for section, names in sections.items()
    }
    # The first page lives at `/`; its own name in a bookmark must open it too.
    next(iter(pages.values())).append(_page(first, lang, is_first=False, visible=False))
    return pages


def _signed_out(found: Here) -> None:
    """Say that one is out by now, that begun forms are kept, and lead back to this very page."""
    kit.head(found.t("own.signed_out"), found.t("own.signed_out_sub"))
    here_now = urlsplit(str(st.context.url or ""))
    back = here_now.path + (f"?{here_now.query}" if here_now.query else "")
    st.link_button(
        found.t("app.sign_in"),
        f"/auth/login?{urlencode({'next': back or '/'})}",
        type="primary",
    )


def _frame(found: Here) -> None:
    """Tell the style sheet the scheme, whose program this is, and whether it is the demo."""
    scheme = st.context.theme.type or "light"
    program = found.rulebook.program
    zh = found.lang == "zh"
    name = program.public_name_zh if zh else program.public_name_en
    told = {"--z-name": name, "--z-about": found.t("app.about")}
    if found.is_demo:
        told["--z-demo"] = found.t("showcase.site.footer_demo")
    words = ";".join(f"{key}:{_css_text(text)}" for key, text in told.items())
    st.html(f"<style>:root{{color-scheme:{scheme};{words}}}</style>")


def _css_text(text: str) -> str:
    """Quote a text for a style sheet; what could end the string is left out."""
    plain = "".join(c for c in text if c not in '"\\<>{};\n\r')
    return f'"{plain}"'


def _page(name: str, lang: Lang, *, is_first: bool, visible: bool = True) -> st.Page:
    icon = ICONS.get(name)
    return st.Page(
        VIEWS / f"{name}.py",
        title=say(f"page.{name}.title", lang),
        icon=f":material/{icon}:" if icon else None,
        url_path="home" if is_first else name,  # Streamlit serves it at `/` and nowhere else
        default=is_first,
        visibility="hidden" if name in HIDDEN or not visible else "visible",
    )


def _foot(found: Here) -> None:
    # The key tells `keep.js` whose words it keeps.
    with st.sidebar, st.container(key=f"signed_{found.actor.account_id}"):
        kit.strong(found.actor.name, f"\n{label(found.actor.role, found.lang)}")
        other = "en" if found.lang == "zh" else "zh"
        with st.container(horizontal=True, gap="small"):
            st.link_button(found.t("app.other_language"), f"/auth/language/{other}")
            st.link_button(found.t("app.sign_out"), "/auth/logout")
