"""What shows that a shoe is one's own and is safe: the design's basis, the test report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import Fault, Invalid
from marketplace.base.text import normalize
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine.handing_in import piece
from marketplace.faces.ui.mine.product_forms import PICTURES, save
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.commands import attach_photo, record_test_report
from marketplace.features.catalog.kinds import DesignBasis, PhotoRole, TestOutcome
from marketplace.features.catalog.queries import ProductRow, list_test_reports
from marketplace.features.catalog.rules import standards_for
from marketplace.features.registry.queries import FactoryProfile


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
            subject=subject, purpose="design", types=PICTURES,
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
    standards = sorted(
        {
            *standards_for(page.rulebook, product.category),
            *page.rulebook.enforcement.required_tests(product.category),
        }
    )
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
        required = page.rulebook.enforcement.required_tests(product.category)
        if len(required) > 1:
            listed = page.t("app.comma").join(required)
            kit.note(page.t("policies.tests_each", standards=listed))
        with st.expander(page.t("mine.test.add"), expanded=form.is_begun):
            _add_report(page, own, product, form, standards, {r.report_no for r in reports})


def _add_report(
    page: Here,
    own: FactoryProfile,
    product: ProductRow,
    form: KeptForm,
    standards: Sequence[str],
    known: Collection[str],
) -> None:
    day = today(page.app.clock)
    form.begun_note()
    number = form.text("number", page.t("mine.test.number"), longest=60)
    corrects = normalize(number) in known and form.tick(
        "corrects", page.t("correcting.report", number=number)
    )
    laboratory = form.text("laboratory", page.t("mine.test.laboratory"), longest=120)
    cma = form.text(
        "cma", page.t("mine.test.cma"), longest=40, hint=page.t("mine.test.cma_help")
    )
    standard = form.choice(
        "standard", page.t("mine.test.standard"), standards, str,
        value=standards[0] if len(standards) == 1 else None,
        placeholder=page.t("entry.choose"),
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
                ("report_no", number.strip() or None),
                ("laboratory", laboratory.strip() or None),
                ("cma_no", cma.strip() or None),
                ("standard", standard),
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
            corrects=corrects,
        )

    if form.send(page.t("mine.save"), work, done="mine.saved", primary=False) is not None:
        st.rerun()
