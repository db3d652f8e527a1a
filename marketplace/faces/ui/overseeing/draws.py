"""The tab of draws: draw by a seed, judge in order, read the error rate with its interval."""

from __future__ import annotations

from datetime import date

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked, way_back
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.overseeing import words
from marketplace.faces.ui.session import Here, reading
from marketplace.features.oversight.commands import draw_decisions
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.queries import (
    DrawDetail,
    DrawRow,
    ItemRow,
    get_draw,
    list_draws,
)
from marketplace.features.oversight.rules import ErrorRate


def show(page: Here, since: date, until: date) -> None:
    """Show one draw where one is asked for, else the form and every draw ever made."""
    asked = number_asked("draw")
    if asked is not None:
        one(page, asked)
        return
    with st.container(key="card_draw"):
        form(page, since, until)
    with st.container(key="card_draws"):
        every(page)


def form(page: Here, since: date, until: date) -> None:
    """Ask for kinds, seed and number; the period is the page's."""
    rule = page.rulebook.oversight
    kit.section(
        page.t("oversight.draw.title"),
        page.t("oversight.draw.sub", since=format_day(since), until=format_day(until)),
    )
    kept = KeptForm(page, "oversight_draw")
    kept.begun_note()
    kit.strong(page.t("oversight.draw.kinds"))
    with st.container(horizontal=True):
        kinds = [
            k
            for k in DecisionKind
            if kept.tick(f"kind_{k.value}", label(k, page.lang), value=True)
        ]
    left, right = st.columns([2, 1])
    with left:
        seed = kept.text(
            "seed",
            page.t("oversight.draw.seed"),
            longest=60,
            placeholder=page.t("oversight.draw.seed_example"),
            hint=page.t("oversight.draw.seed_help"),
        )
    with right:
        wanted = kept.number(
            "wanted",
            page.t("oversight.draw.wanted"),
            value=rule.usual_drawn,
            min_value=1,
            max_value=rule.most_drawn,
        )
    drawn = kept.send(
        page.t("oversight.draw.do"),
        lambda s: draw_decisions(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            kinds=kinds,
            since=since,
            until=until,
            seed=seed,
            wanted=wanted or 0,
        ),
        done="oversight.draw.done",
        body={**kept.values, "since": str(since), "until": str(until)},
        stretch=False,
    )
    if drawn is not None:
        st.query_params["draw"] = str(drawn)
        st.rerun()
    words.how(page, "draw")


def every(page: Here) -> None:
    """Show every draw ever made: trying many seeds is seen."""
    with reading(page) as session:
        rows = list_draws(session, page.actor, program=page.rulebook.program.key)
    kit.section(page.t("oversight.draws.title"), page.t("oversight.draws.sub", n=len(rows)))
    if not rows:
        look.empty(page.t("oversight.draws.none"), page.t("oversight.draws.none_hint"))
        return
    figures.linked_table(
        [page.t(f"oversight.draws.{h}") for h in
         ("seed", "drawn_at", "by", "period", "frame", "judged", "errors")],
        [
            [
                row.seed,
                format_instant(row.drawn_at),
                row.drawn_by,
                f"{format_day(row.period_from)} – {format_day(row.period_until)}",
                page.t("oversight.draws.of", n=row.drawn, frame=format_count(row.frame_size)),
                f"{row.drawn - row.errors.open}/{row.drawn}",
                _rate(page, row.errors),
            ]
            for row in rows
        ],
        [f"/oversight?view=draws&draw={row.draw_id}" for row in rows],
        frozenset(),
    )  # fmt: skip


def one(page: Here, draw_id: int) -> None:
    """Show a draw: how it was drawn, its error rate, its decisions in order."""
    way_back(page.t("oversight.draws.back"), "draw")
    try:
        with reading(page) as session:
            found = get_draw(session, page.actor, draw_id=draw_id)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    with st.container(key="card_errors"):
        errors(page, found.draw)
    with st.container(key="card_items"):
        items(page, found)
    with st.container(key="card_frame"):
        frame(page, found)


def errors(page: Here, row: DrawRow) -> None:
    """Show the error rate with its n and interval, and what is not in it."""
    e = row.errors
    title = page.t("oversight.errors.none") if e.rate is None else page.t(
        "oversight.errors.title", wrong=e.wrong, n=e.told, share=f"{100 * e.rate:.0f}"
    )  # fmt: skip
    kit.section(title, page.t("oversight.errors.sub"))
    told = (
        ("rate", "—" if e.rate is None else f"{100 * e.rate:.0f} %", _span(page, e)),
        ("told", str(e.told), page.t("oversight.errors.told_sub", wrong=e.wrong)),
        ("cannot", str(e.cannot_tell), page.t("oversight.errors.cannot_sub")),
        ("open", str(e.open), page.t("oversight.errors.open_sub", n=row.drawn)),
    )
    for column, (name, figure, sub) in zip(st.columns(4), told, strict=True):
        with column, st.container(key=f"card_kpi_{name}"):
            kit.kpi(page.t(f"oversight.errors.{name}"), figure, "", sub)
    if e.open:
        kit.note(page.t("oversight.errors.unfinished", open=e.open))
    st.caption(
        page.t(
            "oversight.errors.source",
            n=row.drawn,
            frame=format_count(row.frame_size),
            share=f"{100 * row.drawn / row.frame_size:.0f}",
        )
    )
    words.how(page, "errors")


def items(page: Here, found: DrawDetail) -> None:
    """Show what was drawn, each leading to its replay; offer the list as a workbook."""
    kit.section(page.t("oversight.items.title"), page.t("oversight.items.sub"))
    if found.elsewhere:
        kit.note(page.t("oversight.items.own", n=len(found.items), elsewhere=found.elsewhere))
    heads = [page.t(f"oversight.items.{h}") for h in
             ("no", "kind", "outcome", "factory", "by", "decided", "judgment")]  # fmt: skip
    lines = [_line(page, i) for i in found.items]
    figures.linked_table(
        heads,
        lines,
        [""] * len(lines),
        frozenset({0}),
        deeds=[
            (page.t("oversight.items.again" if i.current else "oversight.items.replay"),
             f"/replay?id={i.item_id}")
            for i in found.items
        ],
    )  # fmt: skip
    draw = found.draw
    take_out(
        page,
        kind="oversight_draw",
        title=page.t("oversight.items.sheet", seed=draw.seed),
        heads=[*heads, page.t("app.reason"), page.t("oversight.items.judged_by"),
               page.t("oversight.items.judged_at")],
        rows=[
            [
                *line,
                i.current.reason if i.current else "",
                i.current.judged_by if i.current else "",
                format_instant(i.current.judged_at) if i.current else "",
            ]
            for line, i in zip(lines, found.items, strict=True)
        ],
        wanted={"draw": draw.draw_id, "seed": draw.seed, "frame_sha256": draw.frame_sha256},
        narrowed=[
            (
                page.t("oversight.draw.kinds"),
                page.t("app.comma").join(label(k, page.lang) for k in draw.kinds),
            ),
            words.period(page, draw.period_from, draw.period_until),
        ],
    )  # fmt: skip


def frame(page: Here, found: DrawDetail) -> None:
    """Show what is needed to draw again, and whether the frame is still the same."""
    draw = found.draw
    kit.section(page.t("oversight.frame.title"), page.t("oversight.frame.sub"))
    kit.facts(
        [
            (page.t("oversight.draws.seed"), draw.seed),
            (
                page.t("oversight.draw.kinds"),
                page.t("app.comma").join(label(k, page.lang) for k in draw.kinds),
            ),
            (
                page.t("oversight.draws.period"),
                f"{format_day(draw.period_from)} – {format_day(draw.period_until)}",
            ),
            (page.t("oversight.frame.size"), format_count(draw.frame_size)),
            (page.t("oversight.frame.digest"), draw.frame_sha256),
            (page.t("oversight.frame.algorithm"), draw.algorithm),
            (page.t("oversight.draws.by"), draw.drawn_by),
            (page.t("oversight.draws.drawn_at"), format_instant(draw.drawn_at)),
        ]
    )
    same = "same" if found.is_frame_same else "changed"
    kit.note(page.t(f"oversight.frame.{same}"), "good" if found.is_frame_same else "")


def _line(page: Here, i: ItemRow) -> list[str]:
    return [
        str(i.position),
        label(i.kind, page.lang),
        label(i.outcome, page.lang),
        i.factory_name,
        i.decided_by,
        format_instant(i.decided_at),
        label(i.current.judgment, page.lang) if i.current else page.t("oversight.items.open"),
    ]


def _rate(page: Here, e: ErrorRate) -> str:
    return "—" if e.rate is None else words.share(page, e.wrong, e.told, e.interval)


def _span(page: Here, e: ErrorRate) -> str:
    if e.interval is None:
        return page.t("oversight.errors.no_interval")
    low, high = e.interval
    return page.t("oversight.errors.interval", low=f"{100 * low:.1f}", high=f"{100 * high:.1f}")
