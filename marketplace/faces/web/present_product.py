"""Turns what stands behind one product into its page: pictures, tests, materials, stores."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, label, say
from marketplace.faces.web import present
from marketplace.faces.web.renditions import WIDTHS
from marketplace.faces.web.viewmodels import (
    OfficialStore,
    Picture,
    TestKind,
    TestPanel,
    TestRow,
)
from marketplace.features.catalog.queries import PublicDetail, PublicMark, PublicProduct
from marketplace.features.promotion.queries import PublicStore

MOST_PICTURES = 5


def pictures_of(
    p: PublicProduct, detail: PublicDetail, rulebook: Rulebook, lang: Lang
) -> tuple[Picture, ...]:
    """Return a product's pictures, the main one first; each tells what it shows."""
    main = present.picture_of(p, rulebook, lang)
    found = []
    for n, shown in enumerate(detail.pictures[:MOST_PICTURES]):
        alt = main.alt if n == 0 else say("shop.detail_alt", lang, what=main.alt, number=n)
        found.append(
            Picture(
                src=f"/pictures/{shown.sha256}",
                alt=alt,
                width=shown.width or main.width,
                height=shown.height or main.height,
                widths=WIDTHS,
            )
        )
    return tuple(found) or (main,)


def tests_of(detail: PublicDetail, lang: Lang) -> TestPanel | None:
    """Return what the report in force measured; None when it states no values."""
    report = detail.report
    if report is None or not report.results.rows:
        return None
    zh = lang == "zh"
    return TestPanel(
        standard=report.standard,
        laboratory=report.laboratory,
        report_no=report.report_no,
        issued_on=report.issued_on,
        pairs=report.results.pairs,
        rows=tuple(
            TestRow(
                name=row.name_zh if zh else row.name_en,
                method=row.method,
                kind=TestKind(row.kind),
                unit=row.unit,
                limit=row.limit,
                low=row.low,
                mean=row.mean,
                high=row.high,
                note=row.note_zh if zh else row.note_en,
            )
            for row in report.results.rows
        ),
    )


def basis_of(detail: PublicDetail, lang: Lang) -> str | None:
    """Return the design basis in words, with its number where it has one."""
    if detail.design_basis is None:
        return None
    word = label(detail.design_basis, lang)
    return f"{word} {detail.design_reference}" if detail.design_reference else word


def stores_of(found: Sequence[PublicStore]) -> tuple[OfficialStore, ...]:
    """Return official stores with where they lead."""
    return tuple(OfficialStore(s.platform, s.name, s.url, s.price_fen) for s in found)


def mark_of(mark: PublicMark | None, lang: Lang) -> str | None:
    """Return a brand's mark in words."""
    if mark is None:
        return None
    return say("shop.mark", lang, number=mark.number, nice=mark.nice_class)
