"""The parts of a product's page, each saved by itself so that a phone call loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.identifiers import clean_gtin
from marketplace.base.money import format_yuan, parse_yuan
from marketplace.base.words import format_day, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine.handing_in import keep, piece
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
        with st.container(key="shot_photos"):
            given = st.file_uploader(
                page.t("mine.photo.file"),
                type=_PICTURES,
                accept_multiple_files=True,
                key=f"photos_{product.product_id}_{turn}",
            )
    if given:
        _keep_photos(page, own, product, given, PhotoRole(role or PhotoRole.MAIN))


def _keep_photos(
    page: Here,
    own: FactoryProfile,
    product: ProductRow,
    given: Sequence[object],
    role: PhotoRole,
) -> None:
    """Keep pictures the moment they are there: between taking and pressing, a phone may sleep."""

    def work(session: Session) -> int:
        subject = f"product:{product.product_id}"
        for file in given:
            attach_photo(
                session,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                use_id=keep(session, page, own, file, purpose="product", subject=subject),
                role=role,
            )
        return len(given)

    if run(page, work, done="mine.saved"):
        st.session_state["photo_turn"] += 1
        st.rerun()


def facts(page: Here, product: ProductRow) -> None:
    """Take name, category, price, materials, description and barcode."""
    form = KeptForm(page, f"facts_{product.product_id}")
    with st.container(key="card_facts"):
        kit.section(page.t("mine.product.facts"))
        form.begun_note()
        category = form.choice(
            "category",
            page.t("item.category"),
            [c.key for c in page.rulebook.product.categories],
            lambda key: category_name(page, key),
            value=product.category,
            placeholder=page.t("officer.ask.choose"),
        )
        price = form.text(
            "price",
            page.t("mine.product.price"),
            value=format_yuan(product.price_fen).lstrip("¥") if product.price_fen else "",
            placeholder="299",
            longest=12,
        )
        materials = {
            part: form.text(
                part,
                page.t(f"mine.material.{part}"),
                value=product.materials.get(say(f"mine.material.{part}", "zh"), ""),
                longest=60,
            )
            for part in _PARTS
        }
        about = form.text(
            "about",
            page.t("item.description"),
            value=product.description_zh or "",
            longest=500,
            tall=True,
        )
        gtin = form.text(
            "gtin",
            page.t("item.gtin"),
            value=product.gtin or "",
            longest=20,
            hint=page.t("mine.product.gtin_help"),
        )
        values: dict[str, object] = {
            "category": category,
            "description_zh": about or None,
            "gtin": clean_gtin(gtin) or None,
            # Kept under the Chinese word, whatever language the form was in.
            "materials": {
                say(f"mine.material.{part}", "zh"): v
                for part, v in materials.items()
                if v.strip()
            },
        }
        save(page, form, product, values, price=price)


def save(
    page: Here,
    form: KeptForm,
    product: ProductRow,
    values: Mapping[str, object],
    *,
    price: str = "",
    first: Callable[[Session], object] | None = None,
) -> None:
    """Show the button that keeps changed fields; a save that changes nothing does nothing.

    `first` is done before, in the same transaction.
    """

    def work(session: Session) -> int:
        if first is not None:
            first(session)
        changed = edit_product(
            session,
            clock=page.app.clock,
            actor=page.actor,
            product_id=product.product_id,
            values={**values, **_price(price)},
        )
        return len(changed) + (first is not None)

    changed = form.send(page.t("mine.save"), work, primary=False)
    if changed is not None:
        st.session_state["toast"] = page.t("mine.saved" if changed else "mine.unchanged")
        st.rerun()


def _price(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        return {"price_fen": parse_yuan(text)}
    except ValueError:
        raise Refused("price_unreadable") from None


def design(page: Here, own: FactoryProfile, product: ProductRow) -> None:
    """Take what shows that the design is one's own."""
    form = KeptForm(page, f"design_{product.product_id}")
    subject = f"product:{product.product_id}"
    with st.container(key="card_design"):
        kit.section(page.t("item.design_basis"), page.t("mine.design.sub"))
        form.begun_note()
        basis = form.choice(
            "basis",
            page.t("item.design_basis"),
            [b.value for b in DesignBasis],
            lambda b: label(DesignBasis(b), page.lang),
            value=product.design_basis.value if product.design_basis else None,
            radio=True,
            label_visibility="collapsed",
        )
        reference = form.text(
            "reference",
            page.t("mine.design.reference"),
            value=product.design_reference or "",
            longest=120,
            hint=page.t("mine.design.reference_help"),
        )
        made_on = form.day(
            "made_on",
            page.t("mine.design.on"),
            value=product.design_on,
            earliest=date(1990, 1, 1),
            latest=today(page.app.clock),
        )
        use = piece(
            page, own, form, "drawing", page.t("mine.design.file"),
            subject=subject, purpose="design", types=_PICTURES,
        )  # fmt: skip

        def attach(session: Session) -> object:
            return attach_photo(
                session,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                use_id=use or 0,
                role=PhotoRole.DESIGN,
            )

        save(
            page,
            form,
            product,
            {
                "design_basis": basis,
                "design_reference": reference or None,
                "design_on": made_on,
            },
            first=attach if use is not None else None,
        )


def test_report(page: Here, own: FactoryProfile, product: ProductRow) -> None:
    """Show the reports there are and take another one."""
    with reading(page) as session:
        reports = list_test_reports(session, page.actor, product_id=product.product_id)
    standards = sorted(standards_for(page.rulebook, product.category))
    form = KeptForm(page, f"report_{product.product_id}")
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
        with st.expander(page.t("mine.test.add"), expanded=form.is_begun):
            _add_report(page, own, product, form, standards)


def _add_report(
    page: Here,
    own: FactoryProfile,
    product: ProductRow,
    form: KeptForm,
    standards: Sequence[str],
) -> None:
    day = today(page.app.clock)
    form.begun_note()
    number = form.text("number", page.t("mine.test.number"), longest=60)
    laboratory = form.text("laboratory", page.t("mine.test.laboratory"), longest=120)
    cma = form.text(
        "cma", page.t("mine.test.cma"), longest=40, hint=page.t("mine.test.cma_help")
    )
    standard = form.choice(
        "standard", page.t("mine.test.standard"), standards, str,
        value=standards[0] if len(standards) == 1 else None,
        placeholder=page.t("officer.ask.choose"),
    )  # fmt: skip
    outcome = form.choice(
        "outcome",
        page.t("mine.test.outcome"),
        [o.value for o in TestOutcome],
        lambda o: label(TestOutcome(o), page.lang),
        radio=True,
        horizontal=True,
    )
    issued = form.day("issued", page.t("mine.test.issued"), latest=day)
    until = form.day("until", page.t("field.valid_until"))
    use = piece(
        page, own, form, "file", page.t("mine.test.file"),
        subject=f"product:{product.product_id}", purpose="test_report",
    )  # fmt: skip

    def work(session: Session) -> int:
        missing = [
            Fault(name, "field_missing")
            for name, value in (
                ("outcome", outcome),
                ("issued_on", issued),
                ("valid_until", until),
            )
            if value is None
        ]
        if missing or outcome is None or issued is None or until is None:
            raise Invalid(missing)
        return record_test_report(
            session,
            clock=page.app.clock,
            actor=page.actor,
            product_id=product.product_id,
            report_no=number,
            laboratory=laboratory,
            cma_no=cma,
            standard=standard or "",
            outcome=TestOutcome(outcome),
            issued_on=issued,
            valid_until=until,
            use_id=use,
        )

    if form.send(page.t("mine.save"), work, done="mine.saved", primary=False) is not None:
        st.rerun()
