"""One factory: who they are, where they stand, what is missing, who has it, until when."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.base.clock import today
from marketplace.base.errors import MarketplaceError
from marketplace.base.money import format_yuan
from marketplace.base.words import format_count, format_day, format_instant, has_key, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading, run
from marketplace.faces.ui.wording import category_name, condition_name, district_name
from marketplace.features.catalog.queries import list_brands, list_products, list_trademarks
from marketplace.features.compliance.charts import figure_of
from marketplace.features.compliance.studies import study_factory
from marketplace.features.enforcement.queries import list_findings, points_of_factory
from marketplace.features.history.queries import list_earlier_records
from marketplace.features.progress.queries import (
    find_enrollment,
    get_standing,
    list_inspections,
)
from marketplace.features.progress.rules import StepState
from marketplace.features.registry.commands import unmask_phone
from marketplace.features.registry.queries import get_factory, list_sources, list_stores

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
wanted = st.query_params.get("id", "")
if not wanted.isdigit():
    kit.head(page.t("page.dossier.title"), page.t("page.dossier.choose"))
    st.page_link("views/factories.py", label=page.t("page.factories.title"))
    st.stop()
factory_id = int(wanted)
try:
    with reading(page) as session:
        who = get_factory(session, actor, factory_id=factory_id)
        standing = get_standing(session, actor, rulebook, clock=clock, factory_id=factory_id)
        enrollment = find_enrollment(session, actor, operator_id=who.operator_id)
        stores = list_stores(session, actor, factory_id=factory_id)
        points = points_of_factory(session, actor, factory_id=factory_id)
        findings = list_findings(session, actor, factory_id=factory_id)
        earlier = list_earlier_records(session, actor, factory_id=factory_id)
        brands = list_brands(session, actor, operator_id=who.operator_id)
        marks = {
            b.brand_id: list_trademarks(session, actor, brand_id=b.brand_id) for b in brands
        }
        products = list_products(session, actor, clock=clock, factory_id=factory_id, limit=60)
        inspections = list_inspections(session, actor, factory_id=factory_id)
        sources = list_sources(session, actor, factory_id=factory_id)
        study = study_factory(session, actor, rulebook, clock=clock, factory_id=factory_id)
        trail = list_entries(session, subject=f"factory:{factory_id}", limit=12)
except MarketplaceError as error:
    kit.error_box(error, page.lang)
    st.page_link("views/factories.py", label=page.t("page.factories.title"))
    st.stop()

st.page_link("views/factories.py", label=page.t("page.dossier.back"))
status = enrollment.status.value if enrollment else who.status.value
kit.head(
    who.name,
    page.t(
        "page.dossier.line",
        district=district_name(page, who.district),
        founded=who.founded_year or "—",
        enrolled=format_day(enrollment.enrolled_on if enrollment else None),
        status=page.t(f"page.factories.status.{status}"),
    ),
)

conditions = [s for s in standing.steps if not s.milestone]
milestones = [s for s in standing.steps if s.milestone]
tones = {
    StepState.DONE: "done",
    StepState.REVIEW: "wait",
    StepState.WAITING: "wait",
    StepState.RETURNED: "now",
    StepState.OPEN: "now",
    StepState.BLOCKED: "next",
}
with st.container(key="card_standing"):
    kit.steps(
        [
            (
                condition_name(page, s.key),
                tones[s.state],
                format_day(s.since)
                if s.state is StepState.DONE
                else page.t(f"step.{s.state.value}"),
                page.t(f"step.{s.state.value}"),
            )
            for s in conditions
        ]
    )
    step = standing.next
    review = next((s for s in conditions if s.state is StepState.REVIEW), None)
    if review:
        kit.note(
            page.t(
                "page.dossier.in_review",
                name=condition_name(page, review.key),
                due=format_day(review.due_on),
            )
        )
    elif step:
        kit.note(page.t("page.dossier.next_is", name=condition_name(page, step.key)))
    else:
        kit.note(page.t("page.dossier.all_done"), "good")

main, side = st.columns([5, 3], gap="medium")
with side:
    with st.container(key="card_missing"):
        kit.section(
            page.t("page.dossier.missing"),
            page.t("page.dossier.of", done=standing.done, total=standing.total),
        )
        kit.bar(standing.done, standing.total)
        open_steps = [s for s in (*conditions, *milestones) if s.state is not StepState.DONE]
        kit.rows(
            [
                (
                    condition_name(page, s.key),
                    page.t(f"page.factories.holders.{s.holder}")
                    + (f" · {format_day(s.due_on)}" if s.due_on else ""),
                    kit.badge(
                        page.t(f"step.{s.state.value}"),
                        "warn" if tones[s.state] == "wait" else "gray",
                    ),
                )
                for s in open_steps
            ]
        )
    with st.container(key="card_people"):
        kit.section(page.t("page.dossier.people"))
        kit.facts(
            [
                (page.t("field.uscc"), who.uscc or page.t("page.factories.no_uscc")),
                (page.t("field.legal_representative"), who.legal_representative or "—"),
                (page.t("field.phone"), who.phone_masked or "—"),
                (page.t("field.address"), who.address or "—"),
                (
                    page.t("field.capacity_pairs_per_year"),
                    page.t(
                        "page.dossier.pairs", count=format_count(who.capacity_pairs_per_year)
                    ),
                ),
                (page.t("field.staff"), format_count(who.staff)),
            ]
        )
        if actor.role is not Role.AUDITOR and who.phone_masked:
            with st.popover(page.t("page.dossier.show_phone")):
                reason = st.text_input(page.t("app.reason"), key="phone_reason")
                if st.button(page.t("page.dossier.show_phone"), key="phone_go"):
                    phone = run(
                        page,
                        lambda s: unmask_phone(
                            s,
                            clock=clock,
                            actor=actor,
                            operator_id=who.operator_id,
                            reason=reason,
                        ),
                    )
                    if phone:
                        st.code(phone)
    with st.container(key="card_trail"):
        kit.section(page.t("page.dossier.trail"))
        kit.timeline(
            [
                (
                    format_instant(entry.at),
                    page.t(f"action.{entry.action}")
                    if has_key(f"action.{entry.action}")
                    else entry.action,
                    entry.actor_login,
                )
                for entry in trail
            ]
        )
with main:
    with st.container(key="card_products"):
        kit.section(
            page.t("page.dossier.products"),
            page.t("page.dossier.products_sub", count=len(products)),
        )
        for brand in brands:
            mark = next(iter(marks[brand.brand_id]), None)
            kit.rows(
                [
                    (
                        f"{brand.name_zh} {brand.name_en or ''}",
                        page.t("page.dossier.mark", number=mark.number, nice=mark.nice_class)
                        if mark
                        else page.t("page.dossier.no_mark"),
                        kit.badge(
                            label(mark.status, page.lang), "good" if mark.checked_at else "warn"
                        )
                        if mark
                        else "",
                    )
                ]
            )
        if not products:
            kit.empty(page.t("page.dossier.no_products"))
        for start in range(0, min(len(products), 6), 3):
            for column, product in zip(
                st.columns(3), products[start : start + 3], strict=False
            ):
                with column:
                    kit.product_card(
                        product.picture,
                        product.brand_name,
                        product.name_zh,
                        format_yuan(product.price_fen or 0),
                        kit.badge(
                            label(product.status, page.lang), "good" if product.live else "gray"
                        ),
                    )
        if len(products) > 6:
            with st.expander(page.t("page.dossier.more_products", count=len(products) - 6)):
                kit.table(
                    [
                        page.t("field.name"),
                        page.t("field.category"),
                        page.t("page.dossier.state"),
                        page.t("field.valid_until"),
                    ],
                    [
                        [
                            p.name_zh,
                            category_name(page, p.category),
                            label(p.status, page.lang),
                            format_day(p.valid_until),
                        ]
                        for p in products[6:]
                    ],
                    frozenset(),
                )
    with st.container(key="card_conduct"):
        kit.section(
            page.t("page.dossier.conduct"),
            page.t(
                "page.dossier.conduct_sub", highest=points.highest, total=points.operator_total
            ),
        )
        if findings:
            kit.table(
                [
                    page.t("field.found_on"),
                    page.t("field.store"),
                    page.t("enum.words.origin"),
                    page.t("field.listings"),
                    page.t("page.dossier.state"),
                ],
                [
                    [
                        format_day(f.found_on),
                        f.store_name,
                        label(f.origin, page.lang),
                        str(f.listings),
                        label(f.status, page.lang),
                    ]
                    for f in findings
                ],
                frozenset({3}),
            )
        else:
            kit.empty(page.t("page.dossier.no_findings"))
    with st.container(key="card_figure"):
        figure = figure_of(study, page.lang, as_of=format_instant(clock.now()))
        kit.figure_card(figure, page.t("page.overview.can"), page.t("page.overview.cannot"))
        with st.expander(page.t("page.overview.table")):
            kit.table(figure.heads, figure.rows, frozenset({2, 3, 4, 5, 6}))
    with st.container(key="card_earlier"):
        kit.section(page.t("page.dossier.earlier"), page.t("page.dossier.earlier_sub"))
        if earlier:
            kit.table(
                [
                    page.t("field.period"),
                    page.t("page.dossier.kind"),
                    page.t("field.quantity"),
                    page.t("app.source_word"),
                ],
                [
                    [
                        format_day(r.period_from),
                        label(r.kind, page.lang),
                        f"{format_count(r.quantity)} {page.t(f'unit.{r.unit}')}",
                        r.source,
                    ]
                    for r in earlier
                ],
                frozenset({2}),
            )
        else:
            kit.empty(page.t("page.dossier.no_earlier"))
    with st.container(key="card_stores"):
        kit.section(page.t("page.dossier.stores"))
        kit.table(
            [page.t("field.store"), page.t("field.platform"), page.t("page.dossier.state"), page.t("page.dossier.since"), page.t("page.factories.points")],
            [
                [s.name, s.platform, label(s.status, page.lang), format_day(s.from_on),
                 str(next((p.balance for p in points.stores if p.store_id == s.store_id), 0))]
                for s in stores
            ],
            frozenset({4}),
        )  # fmt: skip
    with st.container(key="card_inspections"):
        kit.section(page.t("page.dossier.inspections"))
        kit.table(
            [
                page.t("page.dossier.day"),
                page.t("page.dossier.kind"),
                page.t("page.dossier.result"),
                page.t("page.dossier.by"),
            ],
            [
                [
                    format_day(i.inspected_on),
                    label(i.kind, page.lang),
                    label(i.result, page.lang),
                    i.inspectors,
                ]
                for i in inspections
            ],
            frozenset(),
        )
    with st.expander(page.t("page.dossier.sources", count=len(sources))):
        kit.table(
            [
                page.t("page.dossier.field"),
                page.t("page.dossier.value"),
                page.t("app.source_word"),
                page.t("page.dossier.day"),
                page.t("page.dossier.state"),
            ],
            [
                [
                    page.t(f"field.{v.field}") if has_key(f"field.{v.field}") else v.field,
                    v.value or "—",
                    v.source,
                    format_day(v.source_on),
                    label(v.status, page.lang),
                ]
                for v in sources
            ],
            frozenset(),
        )
    st.caption(
        page.t("page.today.source", at=format_instant(clock.now()))
        + f" · {format_day(today(clock))}"
    )
