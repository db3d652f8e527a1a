"""A figure on official paper: the drawing in plain colors, with every word its card has."""

from __future__ import annotations

from functools import cache

from marketplace.base.words import LANGUAGES, say
from marketplace.faces.web.viewmodels_print import PaperFigure, Table
from marketplace.features.compliance.charts import Figure


def on_paper(figure: Figure) -> PaperFigure:
    """Return a figure as paper holds it."""
    return PaperFigure(
        title=figure.title,
        subtitle=figure.subtitle,
        svg=figure.svg_file,
        can_say=figure.can_say,
        cannot_say=figure.cannot_say,
        table=Table(figure.heads, figure.rows, figure.numeric),
        source=figure.source,
        reading=tuple(line for line in figure.reading if line not in _pressed()),
        computed=figure.computed,
    )


@cache
def _pressed() -> frozenset[str]:
    """Return what is said of choosing a point, which nobody does on paper."""
    return frozenset(say("methods.funnel.click", lang) for lang in LANGUAGES)
