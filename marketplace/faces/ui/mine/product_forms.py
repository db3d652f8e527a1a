"""The parts of a product's page, each saved by itself so that a phone call loses nothing."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import MarketplaceError
from marketplace.base.identifiers import clean_gtin
from marketplace.base.money import format_yuan, parse_yuan
from marketplace.base.words import format_day, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine.handing_in import TYPES, keep
from marketplace.faces.ui.session import Here, reading, run
from marketplace.faces.ui.wording import category_name
from marketplace.features.catalog.commands import (
    attach_photo,
    edit_product,
    record_test_report,
)
from marketplace.features.catalog.kinds import DesignBasis, PhotoRole, TestOutcome
from marketplace.features.catalog.queries import ProductRow, list_photos, list_test_reports
from marketplace.features.catalog.rules import standards_for
from marketplace.features.registry.queries import FactoryProfile

_PICTURES = ["jpg", "jpeg", "png", "webp"]
_PARTS = ("upper", "lining", "sole")


def photos(
    page: Here, own: FactoryProfile, product: ProductRow, *, can_add: bool = True
) -> None:
    """Show the pictures in order and take more, from the album or the camera."""
    with reading(page) as session:
        rows = list_photos(session, page.actor, product_id=product.product_id)
    with st.container(key="card_photos"):
        kit.section(page.t("item.photos"), page.t("mine.photo.sub"))
        shown = [
            f'<figure style="margin:0"><img src="/files/{use_id}" loading="lazy" '
            f'alt="{escape(label(role, page.lang))}" style="width:100%;aspect-ratio:5/3;'
            'object-fit:contain;background:var(--z-picture);border-radius:6px">'
            f'<figcaption class="muted">{escape(label(role, page.lang))}</figcaption></figure>'
            for role, use_id, _sha in rows
        ]
        if shown:
            kit.markup(
                '<div style="display:grid;gap:.6rem;'
                f'grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))">{"".join(shown)}</div>'
            )
        else:
            kit.empty(page.t("mine.photo.none"))
        if not can_add:
            return
        role = st.segmented_control(
            page.t("mine.photo.role"),
            list(PhotoRole),
            default=PhotoRole.MAIN,
            format_func=lambda r: label(r, page.lang),
            required=True,
        )
        turn = st.session_state.setdefault("photo_turn", 0)
        given = st.file_uploader(
            page.t("mine.photo.file"),
            type=_PICTURES,
            accept_multiple_files=True,
            key=f"photos_{product.product_id}_{turn}",
        )
        if given and st.button(page.t("mine.photo.keep", count=len(given)), width="stretch"):

            def work(session: Session) -> int:
                subject = f"product:{product.product_id}"
                for file in given:
                    attach_photo(
                        session,
                        clock=page.app.clock,
                        actor=page.actor,
                        product_id=product.product_id,
                        use_id=keep(
                            session, page, own, file, purpose="product", subject=subject
                        ),
                        role=PhotoRole(role or PhotoRole.MAIN),
                    )
                return len(given)

            if run(page, work, done="mine.saved"):
                st.session_state["photo_turn"] += 1
                st.rerun()


def facts(page: Here, product: ProductRow) -> None:
    """Take name, category, price, materials, description and barcode."""
    categories = [c.key for c in page.rulebook.product.categories]
    with st.container(key="card_facts"), st.form("facts", border=False):
        kit.section(page.t("mine.product.facts"))
        category = st.selectbox(
            page.t("item.category"),
            categories,
            index=categories.index(product.category)
            if product.category in categories
            else None,
            format_func=lambda key: category_name(page, key),
        )
        price = st.text_input(
            page.t("mine.product.price"),
            value=format_yuan(product.price_fen).lstrip("¥") if product.price_fen else "",
            placeholder="299",
            max_chars=12,
        )
        materials = {
            part: st.text_input(
                page.t(f"mine.material.{part}"),
                value=product.materials.get(say(f"mine.material.{part}", "zh"), ""),
                max_chars=60,
            )
            for part in _PARTS
        }
        about = st.text_area(
            page.t("item.description"), value=product.description_zh or "", max_chars=500
        )
        gtin = st.text_input(
            page.t("item.gtin"), value=product.gtin or "", help=page.t("mine.product.gtin_help")
        )
        sent = st.form_submit_button(page.t("mine.save"), width="stretch")
    if sent:
        _save_facts(page, product, category, price, materials, about, gtin)


def _save_facts(
    page: Here,
    product: ProductRow,
    category: str | None,
    price: str,
    materials: dict[str, str],
    about: str,
    gtin: str,
) -> None:
    values: dict[str, object] = {
        "category": category,
        "description_zh": about or None,
        "gtin": clean_gtin(gtin) or None,
        # Kept under the Chinese word, whatever language the form was in.
        "materials": {
            say(f"mine.material.{part}", "zh"): v for part, v in materials.items() if v.strip()
        },
    }
    if price.strip():
        try:
            values["price_fen"] = parse_yuan(price)
        except (ValueError, MarketplaceError):
            kit.note(page.t("mine.product.price_unreadable"), "bad")
            return
    save(page, product, values)


def save(page: Here, product: ProductRow, values: dict[str, object]) -> None:
    """Keep changed fields; a save that changes nothing does nothing and says so."""
    changed = run(
        page,
        lambda s: edit_product(
            s,
            clock=page.app.clock,
            actor=page.actor,
            product_id=product.product_id,
            values=values,
        ),
    )
    if changed is None:
        return
    st.session_state["toast"] = page.t("mine.saved" if changed else "mine.unchanged")
    st.rerun()


def design(page: Here, own: FactoryProfile, product: ProductRow) -> None:
    """Take what shows that the design is one's own."""
    day = today(page.app.clock)
    with st.container(key="card_design"), st.form("design", border=False):
        kit.section(page.t("item.design_basis"), page.t("mine.design.sub"))
        basis = st.radio(
            page.t("item.design_basis"),
            list(DesignBasis),
            index=list(DesignBasis).index(product.design_basis)
            if product.design_basis
            else None,
            format_func=lambda b: label(b, page.lang),
            label_visibility="collapsed",
        )
        reference = st.text_input(
            page.t("mine.design.reference"),
            value=product.design_reference or "",
            max_chars=120,
            help=page.t("mine.design.reference_help"),
        )
        made_on = st.date_input(
            page.t("mine.design.on"),
            value=product.design_on,
            min_value=date(1990, 1, 1),
            max_value=day,
            format="YYYY-MM-DD",
        )
        given = st.file_uploader(page.t("mine.design.file"), type=_PICTURES)
        sent = st.form_submit_button(page.t("mine.save"), width="stretch")
    if not sent:
        return
    if given is not None:

        def work(session: Session) -> int:
            subject = f"product:{product.product_id}"
            return attach_photo(
                session,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                use_id=keep(session, page, own, given, purpose="design", subject=subject),
                role=PhotoRole.DESIGN,
            )

        if run(page, work) is None:
            return
    save(
        page,
        product,
        {
            "design_basis": basis.value if basis else None,
            "design_reference": reference or None,
            "design_on": made_on,
        },
    )


def test_report(page: Here, own: FactoryProfile, product: ProductRow) -> None:
    """Show the reports there are and take another one."""
    with reading(page) as session:
        reports = list_test_reports(session, page.actor, product_id=product.product_id)
    day = today(page.app.clock)
    standards = sorted(standards_for(page.rulebook, product.category))
    with st.container(key="card_test"):
        kit.section(page.t("item.test_report"), page.t("mine.test.sub"))
        kit.rows(
            [
                (
                    f"{r.report_no} · {r.standard}",
                    page.t("mine.test.until", lab=r.laboratory, day=format_day(r.valid_until)),
                    kit.badge(
                        label(r.outcome, page.lang),
                        "good" if r.outcome is TestOutcome.PASSED else "bad",
                    ),
                )
                for r in reports
            ]
        )
        if not standards:
            kit.note(page.t("mine.test.category_first"))
            return
        with st.expander(page.t("mine.test.add")), st.form("test", border=False):
            number = st.text_input(page.t("mine.test.number"), max_chars=60)
            laboratory = st.text_input(page.t("mine.test.laboratory"), max_chars=120)
            cma = st.text_input(
                page.t("mine.test.cma"), max_chars=40, help=page.t("mine.test.cma_help")
            )
            standard = st.selectbox(page.t("mine.test.standard"), standards)
            outcome: TestOutcome | None = st.radio(
                page.t("mine.test.outcome"),
                list(TestOutcome),
                format_func=lambda o: label(o, page.lang),
                horizontal=True,
            )
            issued = st.date_input(
                page.t("mine.test.issued"), value=day, max_value=day, format="YYYY-MM-DD"
            )
            until = st.date_input(
                page.t("field.valid_until"),
                value=day + timedelta(days=365),
                format="YYYY-MM-DD",
            )
            given = st.file_uploader(page.t("mine.test.file"), type=TYPES)
            sent = st.form_submit_button(page.t("mine.save"), width="stretch")
    if not sent:
        return

    def work(session: Session) -> int:
        subject = f"product:{product.product_id}"
        use = (
            keep(session, page, own, given, purpose="test_report", subject=subject)
            if given
            else None
        )
        return record_test_report(
            session,
            clock=page.app.clock,
            actor=page.actor,
            product_id=product.product_id,
            report_no=number,
            laboratory=laboratory,
            cma_no=cma,
            standard=standard or "",
            outcome=outcome or TestOutcome.PASSED,
            issued_on=issued,
            valid_until=until,
            use_id=use,
        )

    if run(page, work, done="mine.saved") is not None:
        st.rerun()
