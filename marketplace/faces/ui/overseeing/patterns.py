"""The tab of patterns: one officer and one factory, minutes after submission, views without a case."""

from __future__ import annotations

from datetime import date

import streamlit as st

from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.overseeing import words
from marketplace.faces.ui.session import Here, reading
from marketplace.features.oversight.kinds import ViewCause
from marketplace.features.oversight.queries import (
    find_concentration,
    list_fast,
    list_views,
)

_SHOWN = 25


def show(page: Here, since: date, until: date) -> None:
    """Show every pattern of the period; each is a question, not a finding."""
    kit.note(page.t("oversight.question_not_finding"))
    with st.container(key="card_concentration"):
        concentration(page, since, until)
    with st.container(key="card_fast"):
        fast(page, since, until)
    with st.container(key="card_views"):
        views(page, since, until)


def concentration(page: Here, since: date, until: date) -> None:
    """Show person × factory pairs that chance hardly gives."""
    with reading(page) as session:
        row = find_concentration(session, page.actor, page.rulebook, since=since, until=until)
    found, rule = row.found, page.rulebook.oversight
    kit.section(page.t("oversight.pair.title"), page.t("oversight.pair.sub"))
    if not found.compared:
        kit.empty(page.t("oversight.pair.nothing", n=found.decisions, alone=found.alone))
    elif not found.pairs:
        kit.empty(page.t("oversight.pair.none", pairs=found.compared))
    else:
        kit.table(
            [page.t(f"oversight.pair.{h}") for h in
             ("person", "factory", "together", "expected", "p")],
            [
                [
                    words.person(row.named.people, p.person),
                    row.named.factories.get(p.factory_id, "—"),
                    page.t("oversight.pair.of", x=p.together, n=p.of_factory),
                    f"{p.expected:.1f}",
                    words.probability(p.p),
                ]
                for p in found.pairs[:_SHOWN]
            ],
            frozenset({2, 3, 4}),
            wide=frozenset({1}),
        )  # fmt: skip
    st.caption(
        page.t(
            "oversight.pair.source",
            pairs=found.compared,
            threshold=rule.concentration_p,
            chance=f"{found.by_chance:.1f}",
            n=f"{found.decisions:,}",
            alone=found.alone,
        )
    )
    words.how(page, "pair", least=rule.min_decisions, threshold=rule.concentration_p)


def fast(page: Here, since: date, until: date) -> None:
    """Show decisions minutes after submission, and everybody's median."""
    with reading(page) as session:
        row = list_fast(session, page.actor, page.rulebook, since=since, until=until)
    rule = page.rulebook.oversight
    kit.section(
        page.t("oversight.fast.title", minutes=rule.fast_minutes),
        page.t("oversight.fast.sub"),
    )
    if not row.people:
        kit.empty(page.t("oversight.fast.nobody"))
    else:
        kit.table(
            [page.t(f"oversight.fast.{h}") for h in ("person", "timed", "fast", "median")],
            [
                [
                    words.person(row.named.people, p.person),
                    str(p.timed),
                    str(p.fast),
                    page.t("oversight.fast.too_few", least=rule.min_timed)
                    if p.median_minutes is None
                    else words.minutes(page, p.median_minutes),
                ]
                for p in row.people
            ],
            frozenset({1, 2, 3}),
        )
    heads = [page.t(f"oversight.fast.{h}") for h in
             ("took", "kind", "outcome", "person", "factory", "decided")]  # fmt: skip
    lines = [
        [
            words.minutes(page, d.minutes),
            label(d.kind, page.lang),
            label(d.outcome, page.lang),
            words.person(row.named.people, d.by),
            row.named.factories.get(d.factory_id or 0, "—"),
            format_instant(d.at),
        ]
        for d in row.fast
    ]
    if lines:
        kit.table(heads, lines[:_SHOWN], frozenset({0}), wide=frozenset({4}))
        take_out(
            page, kind="oversight_fast", title=page.t("oversight.fast.sheet"), heads=heads,
            rows=lines, wanted={"since": str(since), "until": str(until)},
            narrowed=[words.period(page, since, until)],
        )  # fmt: skip
    elif row.people:
        kit.empty(page.t("oversight.fast.none", minutes=rule.fast_minutes, n=row.timed))
    st.caption(
        page.t("oversight.fast.source", shown=min(len(lines), _SHOWN), fast=len(lines),
               timed=f"{row.timed:,}", n=f"{row.decisions:,}")
    )  # fmt: skip
    words.how(page, "fast", minutes=rule.fast_minutes, least=rule.min_timed)


def views(page: Here, since: date, until: date) -> None:
    """Show views of files and self-disclosures without a case, task or deed near them."""
    with reading(page) as session:
        row = list_views(session, page.actor, page.rulebook, since=since, until=until)
    days = page.rulebook.oversight.view_within_days
    kit.section(page.t("oversight.views.title"), page.t("oversight.views.sub", days=days))
    heads = [
        page.t(f"oversight.views.{h}") for h in ("when", "person", "kind", "operator", "what")
    ]
    lines = [
        [
            format_instant(v.at),
            words.person(row.named.people, v.person),
            label(v.kind, page.lang),
            row.operators.get(v.operator_id, "—"),
            v.what,
        ]
        for v in row.without
    ]
    if not row.views:
        kit.empty(page.t("oversight.views.no_views"))
    elif not lines:
        kit.empty(page.t("oversight.views.none", n=row.views))
    else:
        kit.table(heads, lines[:_SHOWN], frozenset(), wide=frozenset({3, 4}))
        take_out(
            page, kind="oversight_views", title=page.t("oversight.views.sheet"), heads=heads,
            rows=lines, wanted={"since": str(since), "until": str(until)},
            narrowed=[words.period(page, since, until)],
        )  # fmt: skip
    causes = page.t("app.comma").join(
        f"{label(cause, page.lang)} {row.by_cause.get(cause, 0)}" for cause in ViewCause
    )
    st.caption(
        page.t("oversight.views.source", n=row.views, without=len(lines), causes=causes,
               shown=min(len(lines), _SHOWN))
    )  # fmt: skip
    words.how(page, "views", days=days, keep=page.rulebook.oversight.keep_views_days)
