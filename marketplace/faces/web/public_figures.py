"""The figures of the first page: counts with their n, the ones that do not flatter included."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from marketplace.base.words import Lang, format_count, format_day, label, say
from marketplace.faces.web.viewmodels import PublicFigure
from marketplace.features.catalog.queries import VerifyOutcome
from marketplace.features.promotion.queries import ScanSummary

Counts = Sequence[tuple[str, int]]


def figures_of(outcomes: Counts, scans: ScanSummary, lang: Lang) -> tuple[PublicFigure, ...]:
    """Return what became of every verified product, and what look-ups were told."""
    made = []
    if any(n for _outcome, n in outcomes):
        total = format_count(sum(n for _outcome, n in outcomes))
        made.append(
            PublicFigure(
                title=say("promo.figure_products", lang),
                basis=say("promo.figure_products_basis", lang, n=total),
                svg=bars(outcomes, lang),
                caveat=say("promo.figure_products_caveat", lang),
                alt=_told(outcomes, lang),
            )
        )
    if scans.total:
        made.append(
            PublicFigure(
                title=say("promo.figure_scans", lang),
                basis=say(
                    "promo.figure_scans_basis",
                    lang,
                    first=format_day(scans.first_day),
                    last=format_day(scans.last_day),
                    n=format_count(scans.total),
                ),
                svg=bars(scans.by_outcome, lang),
                caveat=say("promo.figure_scans_caveat", lang),
                alt=_told(scans.by_outcome, lang),
            )
        )
    return tuple(made)


def bars(rows: Counts, lang: Lang) -> str:
    """Return counts as bars from zero, as markup; each says its word, its count and its share.

    Words stand beside the drawing and not in it: they keep their size where it gets narrow.
    """
    total = sum(n for _outcome, n in rows) or 1
    most = max((n for _outcome, n in rows), default=1) or 1
    lines = []
    for outcome, n in rows:
        good = "fig-good" if outcome == VerifyOutcome.VALID.value else "fig-rest"
        lines.append(
            f"<li><span>{escape(_word(outcome, lang))}</span><b>{escape(format_count(n))}</b>"
            f'<span class="fig-share">{_share(n, total)}</span>'
            '<svg viewBox="0 0 1000 9" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="{good}" width="{max(1000 * n / most, 3):.0f}" height="9"/></svg></li>'
        )
    return f'<ul class="bars">{"".join(lines)}</ul>'


def _share(n: int, total: int) -> str:
    """Return a share to one decimal; something is never said to be nothing, nor all of it."""
    if 0 < n < total and n / total < 0.0005:
        return "&lt;0.1%"
    if n < total and n / total >= 0.9995:
        return "&gt;99.9%"
    return f"{n / total:.1%}"


def _told(rows: Counts, lang: Lang) -> str:
    comma = say("app.comma", lang)
    return comma.join(f"{_word(outcome, lang)} {format_count(n)}" for outcome, n in rows)


def _word(outcome: str, lang: Lang) -> str:
    return label(VerifyOutcome(outcome), lang)
