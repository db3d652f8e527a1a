"""Draws a group from left to right by how far things are from where one started.

The table beside it says the same in words; the drawing asks nobody outside and is the same at
every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marketplace.base.draw import Token
from marketplace.features.links.kinds import LinkReason
from marketplace.features.links.queries import Group, Member
from marketplace.features.links.rules import Derived
from marketplace.features.registry.kinds import StoreStatus

MOST_NODES = 28
_NAME = 11
_ROW, _LEAST, _ASIDE = 84, 240, 0.22
_FONT = "'z-latin','PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"
_MARKS: dict[StoreStatus | None, tuple[str, Token, int]] = {
    StoreStatus.OPEN: ("circle", Token.AFTER, 15),
    StoreStatus.SUSPENDED: ("diamond", Token.AMBER, 16),
    StoreStatus.CLOSED: ("square", Token.SEAL, 15),
    None: ("circle-open", Token.MUTED, 13),  # a firm
}

Place = dict[str, tuple[float, float]]
Word = Callable[[LinkReason], str]


def plot(group: Group, reason_word: Word, colors: Mapping[Token, str]) -> Any:
    """Return the plotly figure of a group: at most MOST_NODES members, the nearest ones."""
    import plotly.graph_objects as go

    shown = group.members[:MOST_NODES]
    places = placed(shown)
    figure = go.Figure()
    for links in _pairs(group.links, places):
        _edge(figure, places, links, reason_word, colors)
    for member in shown:
        _node(figure, places[member.subject.ref], member, colors)
    tallest = max(sum(m.steps == step for m in shown) for step in {m.steps for m in shown})
    _frame(figure, max(_LEAST, _ROW * tallest + 60), colors)
    return figure


def placed(members: Sequence[Member]) -> Place:
    """Return ref → (steps from the start, height from -1 to 1); every column is spread evenly.

    Within a column every second one stands a little to the right, so that a line between two of
    them crosses neither's name.
    """
    columns: dict[int, list[str]] = defaultdict(list)
    for member in members:
        columns[member.steps].append(member.subject.ref)
    places: Place = {}
    for step, refs in columns.items():
        for n, ref in enumerate(refs):
            height = 1 - 2 * (n + 0.5) / len(refs)
            places[ref] = (step + (_ASIDE if n % 2 else 0.0), height)
    return places


def _pairs(links: Sequence[Derived], places: Place) -> list[list[Derived]]:
    pairs: dict[tuple[str, str], list[Derived]] = defaultdict(list)
    for link in links:
        if link.left in places and link.right in places:
            pairs[link.left, link.right].append(link)
    return [pairs[pair] for pair in sorted(pairs)]


def _edge(
    figure: Any,
    places: Place,
    links: Sequence[Derived],
    word: Word,
    colors: Mapping[Token, str],
) -> None:
    """A confirmed holding is a plain line, a suspicion a dashed one named at its middle."""
    (x1, y1), (x2, y2) = places[links[0].left], places[links[0].right]
    known = all(link.reason is LinkReason.OPERATES for link in links)
    told = "<br>".join(
        f"{word(link.reason)} {link.via_shown} {link.strength}/100" for link in links
    )
    color = colors[Token.MUTED if known else Token.AMBER]
    figure.add_scatter(
        x=[x1, x2], y=[y1, y2], mode="lines", hoverinfo="skip",
        line={"color": color, "width": 1.2 if known else 1.8, "dash": "solid" if known else "dash"},
    )  # fmt: skip
    figure.add_scatter(
        x=[x1 + 0.5 * (x2 - x1)], y=[y1 + 0.5 * (y2 - y1)], mode="markers+text",
        marker={"size": 5, "color": color, "opacity": 0.01 if known else 1},
        text=["" if known else "·".join(sorted({word(link.reason) for link in links}))],
        textposition="top center", textfont={"size": 11, "color": color},
        customdata=[[told]], hovertemplate="%{customdata[0]}<extra></extra>", cliponaxis=False,
    )  # fmt: skip


def _node(
    figure: Any, place: tuple[float, float], member: Member, colors: Mapping[Token, str]
) -> None:
    symbol, token, size = _MARKS[member.subject.status]
    name = member.subject.name.removeprefix("（虚构）")
    short = name if len(name) <= _NAME else f"{name[:_NAME]}…"
    points = "" if member.points is None else f" · {member.points}"
    word = f"<b>{short}</b>{points}" if member.steps == 0 else f"{short}{points}"
    figure.add_scatter(
        x=[place[0]], y=[place[1]], mode="markers+text",
        marker={"symbol": symbol, "size": size, "color": colors[token]},
        text=[word], textposition="bottom center",
        textfont={"size": 12, "color": colors[Token.INK]},
        customdata=[[f"{member.subject.name}{points}"]],
        hovertemplate="%{customdata[0]}<extra></extra>", cliponaxis=False,
    )  # fmt: skip


def _frame(figure: Any, height: int, colors: Mapping[Token, str]) -> None:
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        height=height,
        margin={"l": 80, "r": 80, "t": 24, "b": 44},
        font={"family": _FONT, "color": colors[Token.INK]},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode=False,
        hoverlabel={
            "bgcolor": colors[Token.PAPER],
            "bordercolor": colors[Token.LINE],
            "font_color": colors[Token.INK],
        },
        xaxis=hidden,
        yaxis={**hidden, "range": [-1.25, 1.25]},
    )
