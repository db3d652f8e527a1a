"""A figure on official paper: the drawing in plain colors, with every word its card has."""

from __future__ import annotations

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
        reading=figure.reading,
        computed=figure.computed,
    )
