"""The figures of the first page: counts with their n, the ones that do not flatter included."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from marketplace.base.words import Lang, format_count, format_day, label, say
from marketplace.faces.web.viewmodels import PublicFigure
from marketplace.features.catalog.queries import VerifyOutcome
from marketplace.features.promotion.queries import ScanSummary

Counts = Sequence[tuple[str, int]]

_WIDE, _STEP, _TOP = 520, 46, 6


def figures_of(outcomes: Counts, scans: ScanSummary, lang: Lang) -> tuple[PublicFigure, ...]:
    """Return what became of every verified product, and what look-ups were told."""
    made = []
    if any(n for _outcome, n in outcomes):
        total = format_count(sum(n for _outcome, n in outcomes))
        made.append(
            PublicFigure(
                title=say("promo.figure_products", lang),
                basis=say("promo.figure_products_basis", lang, n=total),
                svg=bars_svg(outcomes, lang),
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
                svg=bars_svg(scans.by_outcome, lang),
                caveat=say("promo.figure_scans_caveat", lang),
                alt=_told(scans.by_outcome, lang),
            )
        )
    return tuple(made)


def bars_svg(rows: Counts, lang: Lang) -> str:
    """Return counts as bars from zero; each bar says its word, its count and its share."""
    total = sum(n for _outcome, n in rows) or 1
    most = max((n for _outcome, n in rows), default=1) or 1
    parts = []
    for place, (outcome, n) in enumerate(rows):
        y = _TOP + place * _STEP
        word, count = _word(outcome, lang), format_count(n)
        good = "fig-good" if outcome == VerifyOutcome.VALID.value else "fig-rest"
        parts.append(
            f'<text class="fig-word" x="0" y="{y + 13}">{escape(word)}</text>'
            f'<text class="fig-count" x="{_WIDE}" y="{y + 13}" text-anchor="end">{escape(count)}'
            f'<tspan class="fig-share" dx="8">{n / total:.1%}</tspan></text>'
            f'<rect class="{good}" x="0" y="{y + 21}" width="{max(_WIDE * n / most, 1):.1f}"'
            f' height="9"/>'
        )
    height = _TOP + len(rows) * _STEP
    return f'<svg viewBox="0 0 {_WIDE} {height}" aria-hidden="true">{"".join(parts)}</svg>'


def _told(rows: Counts, lang: Lang) -> str:
    comma = say("app.comma", lang)
    return comma.join(f"{_word(outcome, lang)} {format_count(n)}" for outcome, n in rows)


def _word(outcome: str, lang: Lang) -> str:
    return label(VerifyOutcome(outcome), lang)
