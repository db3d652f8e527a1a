"""The zoomable view of a scene: the same values as the drawing, with hover and a PNG button."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from marketplace.base.draw import DARK, LIGHT, Token
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.charts import Figure
from marketplace.features.compliance.charts.scene import Axis, Scale, Scene, Shape

_SYMBOLS = {
    Shape.DOT: "circle",
    Shape.SQUARE: "square",
    Shape.DIAMOND: "diamond",
    Shape.RING: "circle-open",
}
_GONE = ["zoomIn2d", "zoomOut2d", "select2d", "lasso2d", "autoScale2d"]
_FONT = "'z-latin','PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"
_STRIP, _GAP = 0.1, 0.055


def show(page: Here, figure: Figure) -> list[str]:
    """Show the zoomable view; return the links of the marks that were chosen."""
    dark = st.context.theme.type == "dark"
    drawn = plot_of(figure.scene, DARK if dark else LIGHT)
    config = {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtonsToRemove": _GONE,
        "toImageButtonOptions": {"format": "png", "filename": figure.key, "scale": 2},
        "locale": "en",
    }
    event: Any = st.plotly_chart(
        drawn, theme=None, key=f"plot_{figure.key}", config=config, on_select="rerun",
        selection_mode="points", width="stretch",
    )  # fmt: skip
    st.caption(page.t("figures.zoom_hint"))
    points = event.selection.points if event and event.selection else []
    return [str(p["customdata"][0]) for p in points if p.get("customdata", [""])[0]]


def plot_of(scene: Scene, colors: dict[Token, str]) -> Any:
    """Return the plotly figure of a scene: every mark, band, line and strip of the drawing."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for band in scene.bands:
        figure.add_scatter(
            x=[*band.xs, *reversed(band.xs)], y=[*band.high, *reversed(band.low)],
            fill="toself", mode="lines", line_width=0, fillcolor=_clear(colors[band.token]),
            hoverinfo="skip",
        )  # fmt: skip
    for curve in scene.curves:
        figure.add_scatter(
            x=list(curve.xs), y=list(curve.ys), mode="lines", hoverinfo="skip",
            line={"color": colors[curve.token], "width": 1.4 if curve.dashed else 2,
                  "dash": "dash" if curve.dashed else "solid"},
        )  # fmt: skip
    _marks(figure, scene, colors)
    base = _strips(figure, scene, colors)
    _frame(figure, scene, colors, base)
    return figure


def _marks(figure: Any, scene: Scene, colors: dict[Token, str]) -> None:
    groups: dict[tuple[Shape, Token], list[Any]] = {}
    for mark in scene.marks:
        groups.setdefault((mark.shape, mark.token), []).append(mark)
    for (shape, token), marks in groups.items():
        figure.add_scatter(
            x=[m.x for m in marks],
            y=[m.y for m in marks],
            mode="markers+text",
            text=[m.label for m in marks],
            textposition="middle right",
            customdata=[[m.link, m.told] for m in marks],
            hovertemplate="%{customdata[1]}<extra></extra>",
            marker={"symbol": _SYMBOLS[shape], "size": 8, "color": colors[token]},
            cliponaxis=False,
        )


def _strips(figure: Any, scene: Scene, colors: dict[Token, str]) -> float:
    """Add the rows beneath; return where the plot itself begins, as a share of the height."""
    place = 0.0
    for n, strip in reversed(list(enumerate(scene.strips, start=2))):
        high = _STRIP if strip.bars else _STRIP / 2
        axis = f"y{n}"
        figure.update_layout(
            {
                f"yaxis{n}": {
                    "domain": [place, place + high],
                    "visible": False,
                    "fixedrange": True,
                }
            }
        )
        if strip.bars:
            figure.add_bar(
                x=[b.x for b in strip.bars],
                y=[b.value for b in strip.bars],
                marker_color=[colors[b.token] for b in strip.bars],
                opacity=0.6,
                yaxis=axis,
                hovertemplate="%{y:,}<extra></extra>",
            )
        if strip.marks:
            figure.add_scatter(
                x=[m.x for m in strip.marks],
                y=[0 for _ in strip.marks],
                mode="markers",
                marker={
                    "symbol": [_SYMBOLS[m.shape] for m in strip.marks],
                    "color": [colors[m.token] for m in strip.marks],
                    "size": 9,
                },
                text=[m.told for m in strip.marks],
                hovertemplate="%{text}<extra></extra>",
                yaxis=axis,
            )
        figure.add_annotation(
            text=strip.name, xref="paper", yref="paper", x=0, y=place + high + 0.006,
            xanchor="left", yanchor="bottom", showarrow=False,
            font={"size": 11, "color": colors[Token.MUTED]},
        )  # fmt: skip
        place += high + _GAP
    return min(place + 0.07, 0.6) if scene.strips else 0.0


def _frame(figure: Any, scene: Scene, colors: dict[Token, str], base: float) -> None:
    for guide in scene.guides:
        figure.add_vline(
            x=guide.x, line_dash="dash", line_color=colors[Token.INK], line_width=1
        )
        figure.add_annotation(
            x=guide.x, y=1.0, yref="paper", yanchor="bottom", text=guide.label, showarrow=False
        )
    for shade in scene.shades:
        figure.add_vrect(
            x0=shade.x1, x1=shade.x2, fillcolor=colors[Token.LINE], opacity=0.4, line_width=0,
            layer="below",
        )  # fmt: skip
    for caption in scene.captions:
        figure.add_annotation(
            text=f"<b>{caption.words}</b>", xref="paper", yref="paper", showarrow=False,
            x=0 if caption.side == "start" else 1, y=1.08,
            xanchor="left" if caption.side == "start" else "right",
            font={"color": colors[caption.token], "size": 12},
        )  # fmt: skip
    ink, muted, line = colors[Token.INK], colors[Token.MUTED], colors[Token.LINE]
    figure.update_layout(
        height=380 + 60 * len(scene.strips),
        margin={"l": 52, "r": max(scene.right_room, 16), "t": 88, "b": 20},  # room for the tools above the labels
        font={"family": _FONT, "size": 13, "color": ink},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode="zoom",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": muted, "activecolor": ink},
        bargap=0.35,
        hoverlabel={"bgcolor": colors[Token.PAPER], "bordercolor": line, "font_color": ink},
        xaxis={
            **_axis(scene.x, muted, line), "showgrid": False, "anchor": "y",
            "title": {"text": scene.x.title, "font": {"size": 11, "color": muted}},
        },
        yaxis={
            **_axis(scene.y, muted, line), "domain": [base, 1], "zerolinecolor": ink,
            "title": {"text": scene.y.title, "font": {"size": 11, "color": muted}},
        },
    )  # fmt: skip


def _axis(axis: Axis, muted: str, line: str) -> dict[str, Any]:
    log = axis.scale is Scale.LOG
    ends = (
        [math.log10(max(v, 1e-9)) for v in (axis.low, axis.high)]
        if log
        else [axis.low, axis.high]
    )
    return {
        "type": "log" if log else "linear",
        "range": ends,
        "tickvals": [t.at for t in axis.ticks],
        "ticktext": [f"{t.label}<br>{t.below}" if t.below else t.label for t in axis.ticks],
        "tickfont": {"size": 12, "color": muted},
        "gridcolor": line,
        "linecolor": line,
    }


def _clear(color: str) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
