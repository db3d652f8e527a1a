"""One draw: how far it is, its listings in order, the form of one look, how to draw it again."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import way_back
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.sampling import plan
from marketplace.faces.ui.session import Here, reading
from marketplace.features.sampling.commands import record_look
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.queries import SampleDrawRow, SampleRow, get_sample_draw

_HEADS = ("no", "category", "item", "store", "factory", "outcome", "case", "by")


def show(page: Here, draw_id: int) -> None:
    """Show a draw, or that there is none."""
    way_back(page.t("sampling.back"), "draw", "look")
    try:
        with reading(page) as session:
            row, items = get_sample_draw(
                session, page.actor, clock=page.app.clock, draw_id=draw_id
            )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    with st.container(key="card_sample_state"):
        _state(page, row)
    chosen = next((i for i in items if str(i.item_id) == st.query_params.get("look")), None)
    if chosen is not None:
        with st.container(key="card_sample_look"):
            _look(page, row, chosen)
    with st.container(key="card_sample_items"):
        _items(page, row, items)
    with st.container(key="card_sample_frame"):
        _frame(page, row)


def _state(page: Here, row: SampleDrawRow) -> None:
    kit.section(
        page.t("sampling.one", quarter=plan.quarter_name(page, row)),
        page.t("sampling.one_sub", drawn=row.drawn, looked=row.looked, gone=row.gone,
               waiting=row.waiting, due=format_day(row.due_on)),
    )  # fmt: skip
    if row.is_late:
        kit.note(page.t("sampling.is_late", waiting=row.waiting), "bad")
    kit.facts(
        [
            (page.t("sampling.cases"), plan.share(page, row)),
            (page.t("sampling.upheld"), str(row.upheld)),
        ]
    )
    st.caption(page.t("sampling.cases_mean"))


def _look(page: Here, row: SampleDrawRow, item: SampleRow) -> None:
    kit.section(
        page.t("sampling.look", no=item.position, item=item.item_no),
        f"{item.platform} · {item.store_name} · {item.factory_name}",
    )
    if item.outcome is not None:
        kit.facts(
            [
                (page.t("sampling.outcome"), label(item.outcome, page.lang)),
                (page.t("sampling.note"), item.note),
                (page.t("sampling.by"), f"{item.looked_by} {_at(item)}"),
            ]
        )
        return
    if not may(page.actor, "sampling.record_look", Scope(row.program)):
        look.muted(page.t("sampling.officer_looks"))
        return
    if item.url.startswith("https://"):
        st.link_button(page.t("sampling.open"), item.url, icon=":material/open_in_new:")
    policy = page.rulebook.enforcement.category(item.category)
    if policy is not None and policy.signals:
        told = page.t("app.comma").join(
            s.zh if page.lang == "zh" else s.en for s in policy.signals
        )
        look.muted(f"{page.t('policies.signals')}{page.t('app.colon')}{told}")
    kept = KeptForm(page, f"sample_look_{item.item_id}")
    kept.begun_note()
    outcome = kept.choice(
        "outcome", page.t("sampling.outcome"), [o.value for o in SampleOutcome],
        lambda o: label(SampleOutcome(o), page.lang), radio=True,
    )  # fmt: skip
    note = kept.text(
        "note",
        page.t("sampling.note"),
        tall=True,
        longest=1000,
        hint=page.t("sampling.note_hint"),
    )
    look.muted(page.t("sampling.case_means"))
    kept_as = kept.send(
        page.t("sampling.record"),
        lambda s: record_look(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, item_id=item.item_id,
            outcome=SampleOutcome(outcome or ""), note=note,
        ),
        done="sampling.record_done",
        body=dict(kept.values),
        stretch=False,
        disabled=outcome is None,
    )  # fmt: skip
    if kept_as is not None:
        st.query_params.pop("look", None)
        st.rerun()


def _items(page: Here, row: SampleDrawRow, items: list[SampleRow]) -> None:
    kit.section(page.t("sampling.items"), page.t("sampling.items_sub"))
    heads = [page.t(f"sampling.{h}") for h in _HEADS]
    lines = [_line(page, i) for i in items]
    can = may(page.actor, "sampling.record_look", Scope(row.program))
    figures.linked_table(
        heads, lines, [""] * len(lines), frozenset({0}),
        deeds=[
            (page.t("sampling.look_do" if can and i.outcome is None else "sampling.see"),
             f"/sampling?draw={row.draw_id}&look={i.item_id}")
            for i in items
        ],
        wide=frozenset({3, 4, 5}),  # store, firm, outcome
    )  # fmt: skip
    take_out(
        page,
        kind="sampling",
        title=page.t("sampling.one", quarter=plan.quarter_name(page, row)),
        heads=[
            *heads,
            page.t("sampling.note"),
            page.t("sampling.link"),
            page.t("sampling.looked_at"),
        ],
        rows=[[*line, i.note, i.url, _at(i)] for line, i in zip(lines, items, strict=True)],
        wanted={"draw": row.draw_id, "seed": row.seed, "frame_sha256": row.frame_sha256},
        narrowed=[],
    )


def _frame(page: Here, row: SampleDrawRow) -> None:
    kit.section(page.t("oversight.frame.title"), page.t("sampling.frame_sub"))
    plan.layers(page, row.strata)
    kit.facts(
        [
            (page.t("oversight.draws.seed"), row.seed),
            (page.t("oversight.frame.size"), format_count(row.frame_size)),
            (page.t("oversight.frame.digest"), row.frame_sha256),
            (page.t("oversight.frame.algorithm"), row.algorithm),
            (page.t("oversight.draws.by"), row.drawn_by),
            (page.t("oversight.draws.drawn_at"), format_instant(row.drawn_at)),
        ]
    )


def _line(page: Here, i: SampleRow) -> list[str]:
    return [
        str(i.position),
        plan.category_name(page, i.category),
        i.item_no,
        i.store_name,
        i.factory_name,
        label(i.outcome, page.lang) if i.outcome else page.t("sampling.waits"),
        i.case_number or "—",
        i.looked_by or "—",
    ]


def _at(i: SampleRow) -> str:
    return format_instant(i.looked_at) if i.looked_at else ""
