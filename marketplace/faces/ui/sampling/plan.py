"""What this quarter's draw takes of each category, the form that draws, every draw so far."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.words import format_count, format_day
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.measures.policies import policy_name
from marketplace.faces.ui.office import look
from marketplace.faces.ui.overseeing import words
from marketplace.faces.ui.session import Here, reading
from marketplace.features.compliance.rules.intervals import proportion_interval
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.sampling.commands import draw_listings
from marketplace.features.sampling.queries import (
    SampleDrawRow,
    SamplingPlan,
    get_sampling_plan,
    list_sample_draws,
)
from marketplace.features.sampling.rules import Stratum


def show(page: Here) -> None:
    """Show the plan with its form, then every draw."""
    with reading(page) as session:
        plan = get_sampling_plan(
            session, page.actor, page.rulebook, clock=page.app.clock,
            frame_of=list_sampling_frame,
        )  # fmt: skip
        draws = list_sample_draws(
            session, page.actor, clock=page.app.clock, program=page.rulebook.program.key
        )
    with st.container(key="card_sampling_plan"):
        _plan(page, plan)
    with st.container(key="card_sampling_draws"):
        _draws(page, draws)


def quarter_name(page: Here, row: SampleDrawRow | SamplingPlan) -> str:
    """Return the word of a quarter."""
    day = row.quarter_from
    return page.t("sampling.quarter", year=day.year, quarter=(day.month + 2) // 3)


def category_name(page: Here, category: str) -> str:
    """Return the word of a drawn category; one without a policy says so."""
    return policy_name(page, category) or category or page.t("sampling.no_category")


def layers(page: Here, strata: tuple[Stratum, ...]) -> None:
    """Show each category: how many listings, its rate, how many are drawn."""
    kit.table(
        [page.t(f"sampling.{h}") for h in ("category", "size", "rate", "wanted")],
        [
            [
                category_name(page, x.category),
                format_count(x.size),
                "—" if x.rate is None else f"{x.rate:.0%}",
                format_count(x.wanted),
            ]
            for x in strata
        ],
        frozenset({1, 2, 3}),
    )


def share(page: Here, row: SampleDrawRow) -> str:
    """Return how many of those looked at became cases, with the exact interval."""
    if not row.looked:
        return "—"
    level = page.rulebook.compliance.interval_level
    interval = proportion_interval(row.cases, row.looked, level)
    return words.share(page, row.cases, row.looked, interval)


def _plan(page: Here, plan: SamplingPlan) -> None:
    kit.section(
        page.t("sampling.plan", quarter=quarter_name(page, plan)),
        page.t("sampling.plan_sub", size=format_count(plan.frame_size), wanted=plan.wanted),
    )
    if not plan.frame_size:
        look.empty(page.t("sampling.no_frame"), page.t("sampling.no_frame_hint"))
        return
    layers(page, plan.strata)
    if any(x.rate is None for x in plan.strata):
        kit.note(page.t("sampling.rate_missing"))
    st.caption(page.t("sampling.frame_means"))
    if plan.draw_id is not None:
        kit.note(page.t("sampling.drawn_this_quarter"), "good")
    elif may(page.actor, "sampling.draw_listings", Scope(page.rulebook.program.key)):
        _form(page, plan)


def _form(page: Here, plan: SamplingPlan) -> None:
    kept = KeptForm(page, "sampling_draw")
    drawn = kept.send(
        page.t("sampling.draw", count=plan.wanted),
        lambda s: draw_listings(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            frame_of=list_sampling_frame,
        ),
        done="sampling.draw_done",
        body={"quarter": str(plan.quarter_from)},
        stretch=False,
    )  # fmt: skip
    if drawn is not None:
        st.query_params["draw"] = str(drawn)
        st.rerun()
    look.muted(page.t("sampling.draw_means", days=page.rulebook.sampling.look_working_days))


def _draws(page: Here, draws: list[SampleDrawRow]) -> None:
    kit.section(page.t("sampling.draws"), page.t("sampling.draws_sub"))
    if not draws:
        look.empty(page.t("sampling.none"), page.t("sampling.none_hint"))
        return
    heads = ("quarter_head", "drawn", "looked", "waiting", "gone", "cases", "upheld", "due")
    figures.linked_table(
        [page.t(f"sampling.{h}") for h in heads],
        [
            [
                quarter_name(page, d),
                page.t("sampling.of", n=d.drawn, size=format_count(d.frame_size)),
                str(d.looked),
                str(d.waiting),
                str(d.gone),
                share(page, d),
                str(d.upheld),
                format_day(d.due_on) + (page.t("sampling.late") if d.is_late else ""),
            ]
            for d in draws
        ],
        [f"/sampling?draw={d.draw_id}" for d in draws],
        frozenset({2, 3, 4, 6}),
    )
    st.caption(page.t("sampling.cases_mean"))
