"""Which pages a role has, in which sections; a page not listed cannot be opened at all."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.queries import is_demo
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, here, reading, say_done

VIEWS = Path(__file__).parent / "views"

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
            "objections",
            "links",
            "holds",
            "referrals",
            "imports",
        ),
        "results": (
            "overview",
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
            "links",
            "holds",
            "referrals",
            "imports",
            "overview",
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
    found = here()
    st.set_page_config(
        page_title=found.t("app.title"),
        page_icon=str(Path(__file__).parent / "static" / "seal.svg"),
        layout="wide",
        initial_sidebar_state=224,
    )
    sections = PAGES.get(found.actor.role)
    _frame(found)
    if sections is None:
        _signed_out(found)
        return
    first = next(iter(sections.values()))[0]
    pages = {
        found.t(f"app.section.{section}"): [
            _page(found, name, is_first=name == first) for name in names
        ]
        for section, names in sections.items()
    }
    # The first page lives at `/`; its own name in a bookmark must open it too.
    next(iter(pages.values())).append(_page(found, first, is_first=False, visible=False))
    seal = Path(__file__).parent / "static" / "seal.svg"
    st.logo(str(seal), size="large")
    chosen = st.navigation(pages, expanded=True)
    _foot(found)
    say_done()
    chosen.run()


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
    with reading(found) as session:
        if is_demo(session):
            told["--z-demo"] = found.t("showcase.site.footer_demo")
    words = ";".join(f"{key}:{_css_text(text)}" for key, text in told.items())
    st.html(f"<style>:root{{color-scheme:{scheme};{words}}}</style>")


def _css_text(text: str) -> str:
    """Quote a text for a style sheet; what could end the string is left out."""
    plain = "".join(c for c in text if c not in '"\\<>{};\n\r')
    return f'"{plain}"'


def _page(found: Here, name: str, *, is_first: bool, visible: bool = True) -> st.Page:
    icon = ICONS.get(name)
    return st.Page(
        VIEWS / f"{name}.py",
        title=found.t(f"page.{name}.title"),
        icon=f":material/{icon}:" if icon else None,
        url_path="home" if is_first else name,  # Streamlit serves it at `/` and nowhere else
        default=is_first,
        visibility="hidden" if name in HIDDEN or not visible else "visible",
    )


def _foot(found: Here) -> None:
    # The key tells `keep.js` whose words it keeps.
    with st.sidebar, st.container(key=f"signed_{found.actor.account_id}"):
        st.markdown(f"**{found.actor.name}**  \n{label(found.actor.role, found.lang)}")
        other = "en" if found.lang == "zh" else "zh"
        with st.container(horizontal=True, gap="small"):
            st.link_button(found.t("app.other_language"), f"/auth/language/{other}")
            st.link_button(found.t("app.sign_out"), "/auth/logout")
