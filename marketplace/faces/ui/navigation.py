"""Which pages a role has, in which sections; a page not listed cannot be opened at all."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, here, say_done

VIEWS = Path(__file__).parent / "views"

# role → section → pages; a page is named by its file, its words are `page.<file>.title`.
PAGES: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.OFFICER: {
        "work": ("today", "factories", "dossier", "decide", "register", "import_file"),
        "results": ("overview",),
    },
    Role.REVIEWER: {
        "work": ("today", "factories", "dossier", "decide"),
        "results": ("overview",),
    },
    Role.OWNER: {"mine": ("my_day", "my_products", "my_messages")},
    Role.MARKETER: {"promotion": ("picker", "collections", "check_items")},
    Role.AUDITOR: {"oversight": ("audit_trail", "factories", "dossier", "overview")},
    Role.ADMIN: {"oversight": ("accounts", "audit_trail")},
}
HIDDEN = frozenset({"dossier"})


def run_page() -> None:
    """Build the navigation of whoever is here and run the page asked for."""
    found = here()
    st.set_page_config(
        page_title=found.t("app.title"),
        page_icon=str(Path(__file__).parent / "static" / "seal.svg"),
        layout="wide",
        initial_sidebar_state=224,
    )
    scheme = st.context.theme.type or "light"
    st.html(f"<style>:root{{color-scheme:{scheme}}}</style>")
    sections = PAGES.get(found.actor.role)
    if sections is None:
        kit.head(found.t("app.title"), found.t("app.sign_in_first"))
        st.link_button(found.t("app.sign_in"), "/auth/login", type="primary")
        return
    pages = {
        found.t(f"app.section.{section}"): [_page(found, name, sections) for name in names]
        for section, names in sections.items()
    }
    seal = Path(__file__).parent / "static" / "seal.svg"
    st.logo(str(seal), size="large")
    chosen = st.navigation(pages, expanded=True)
    _foot(found)
    say_done()
    chosen.run()


def _page(found: Here, name: str, sections: dict[str, tuple[str, ...]]) -> st.Page:  # type: ignore[valid-type]
    first = next(iter(sections.values()))[0]
    return st.Page(
        VIEWS / f"{name}.py",
        title=found.t(f"page.{name}.title"),
        url_path=name,
        default=name == first,
    )


def _foot(found: Here) -> None:
    with st.sidebar:
        st.markdown(f"**{found.actor.name}**  \n{label(found.actor.role, found.lang)}")
        other = "en" if found.lang == "zh" else "zh"
        st.link_button(found.t("app.other_language"), f"/auth/language/{other}")
        st.link_button(found.t("app.sign_out"), "/auth/logout")
