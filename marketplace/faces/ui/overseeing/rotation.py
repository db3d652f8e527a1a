"""The tab of slots: marketer × operator against expected rotation."""

from __future__ import annotations

from datetime import date

import streamlit as st

from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.address import picked
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.overseeing import words
from marketplace.faces.ui.session import Here, reading
from marketplace.features.oversight.kinds import PlacingKind, ShareStanding
from marketplace.features.oversight.queries import RotationRow, list_rotation
from marketplace.features.oversight.rules import RotationPair

_SHOWN = 40


def show(page: Here, since: date, until: date) -> None:
    """Show every marketer, then the pairs of the kind asked for."""
    with reading(page) as session:
        row = list_rotation(session, page.actor, page.rulebook, since=since, until=until)
    with st.container(key="card_marketers"):
        marketers(page, row)
    with st.container(key="card_pairs"):
        pairs(page, row, since, until)


def marketers(page: Here, row: RotationRow) -> None:
    """Show how many slots each gave, and rotations taken back."""
    kit.section(page.t("oversight.rotation.people"), page.t("oversight.rotation.people_sub"))
    if not row.marketers:
        kit.empty(page.t("oversight.rotation.nobody"))
        return
    kit.table(
        [page.t(f"oversight.rotation.{h}") for h in
         ("marketer", "pins", "rotated", "fills", "undone")],
        [
            [words.person(row.named.people, m.marketer), str(m.pins), str(m.rotated),
             str(m.fills), str(m.fills_undone)]
            for m in row.marketers
        ],
        frozenset(range(1, 5)),
    )  # fmt: skip


def pairs(page: Here, row: RotationRow, since: date, until: date) -> None:
    """Show the pairs: observed share with interval beside the expected one."""
    least = page.rulebook.oversight.min_placings
    kit.section(page.t("oversight.rotation.title"), page.t("oversight.rotation.sub"))
    kind = picked(
        page.t("oversight.rotation.kind"),
        "slots",
        {k.value: label(k, page.lang) for k in PlacingKind},
        start=PlacingKind.PIN.value,
    )
    chosen = [p for p in row.pairs if p.kind.value == kind]
    if elsewhere := row.elsewhere[PlacingKind(kind)]:
        kit.note(page.t("oversight.rotation.own", n=len(chosen), elsewhere=elsewhere))
    if not chosen:
        kit.empty(page.t("oversight.rotation.none"))
    elif all(p.standing is ShareStanding.TOO_FEW for p in chosen):
        most = max(p.placings for p in chosen)
        kit.note(page.t("oversight.rotation.too_few", least=least, n=most))
    heads = [page.t(f"oversight.rotation.{h}") for h in
             ("marketer", "operator", "share", "expected", "standing")]  # fmt: skip
    lines = [_line(page, row, p) for p in chosen]
    if lines:
        kit.table(heads, lines[:_SHOWN], frozenset({2, 3}), wide=frozenset({1}))
        take_out(
            page, kind="oversight_rotation", title=page.t("oversight.rotation.title"),
            heads=heads, rows=lines,
            wanted={"kind": kind, "since": str(since), "until": str(until)},
            narrowed=[
                (page.t("oversight.rotation.kind"), label(PlacingKind(kind), page.lang)),
                words.period(page, since, until),
            ],
        )  # fmt: skip
    looked = sum(1 for p in chosen if p.standing is not ShareStanding.TOO_FEW)
    st.caption(
        page.t("oversight.rotation.source", pairs=len(chosen), looked=looked, least=least,
               shown=min(len(lines), _SHOWN))
    )  # fmt: skip
    words.how(page, "rotation", least=least)


def _line(page: Here, row: RotationRow, pair: RotationPair) -> list[str]:
    few = pair.standing is ShareStanding.TOO_FEW
    return [
        words.person(row.named.people, pair.marketer),
        row.operators.get(pair.operator_id, "—"),
        words.share(page, pair.got, pair.placings, None if few else pair.interval),
        page.t(
            "oversight.rotation.expects",
            n=f"{pair.expected:.1f}",
            share=f"{100 * pair.expected_share:.0f}",
        ),
        label(pair.standing, page.lang),
    ]
