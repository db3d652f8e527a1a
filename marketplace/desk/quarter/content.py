"""What a quarterly report holds once it is composed: numbers, and words in both languages.

Pure. Words and drawings are frozen with the numbers: an issue reads the same after the program or
its wording changed. Only whole numbers and text are kept, so that its digest has a single form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from marketplace.base.words import Lang
from marketplace.desk.issues.content import Number

LANGS: tuple[Lang, ...] = ("zh", "en")
_TOKEN = re.compile(r"var\(--z-[a-z-]+,(#[0-9A-Fa-f]{3,8})\)")


@dataclass(frozen=True, slots=True)
class Section:
    """Some sentences under a heading; `key` names the heading."""

    key: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of finished texts; `numeric` names the columns set flush right."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as it is frozen: its words, its drawing in the tokens of the theme and its table."""

    key: str
    title: str
    subtitle: str
    svg: str
    alt: str
    reading: tuple[str, ...]
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    computed: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]
    source: str
    svg_narrow: str = ""  # for a phone; reports issued before there was one have none


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report in one language."""

    sections: tuple[Section, ...]
    sheets: tuple[Sheet, ...]
    figures: tuple[Drawn, ...]
    methods: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class QuarterContent:
    """A composed report; `until` is the last day counted, `as_of` the instant, both ISO."""

    quarter: str
    district: str
    until: str
    as_of: str
    preliminary: bool
    numbers: tuple[Number, ...]
    reports: Mapping[Lang, Report]

    def to_json(self) -> dict[str, Any]:
        """Return the report in the form that is frozen."""
        plain = asdict(self)
        plain["reports"] = {lang: asdict(report) for lang, report in self.reports.items()}
        return plain


def plain_svg(svg: str) -> str:
    """Return a drawing in its plain light colors, for a file or paper."""
    return _TOKEN.sub(r"\1", svg)


def drawn(figure: Mapping[str, Any]) -> Drawn:
    """Return a figure in the form that is kept, from what a figure says of itself."""
    return Drawn(
        key=str(figure["key"]),
        title=str(figure["title"]),
        subtitle=str(figure["subtitle"]),
        svg=str(figure["svg"]),
        alt=str(figure["alt"]),
        reading=tuple(figure["reading"]),
        can_say=tuple(figure["can_say"]),
        cannot_say=tuple(figure["cannot_say"]),
        computed=tuple(figure["computed"]),
        heads=tuple(figure["heads"]),
        rows=_rows(figure["rows"]),
        numeric=tuple(figure["numeric"]),
        source=str(figure["source"]),
        svg_narrow=str(figure.get("svg_narrow", "")),
    )


def from_json(content: Mapping[str, Any]) -> QuarterContent:
    """Return a frozen report as it was issued.

    Raises:
        KeyError: when a part is missing.
    """
    return QuarterContent(
        quarter=str(content["quarter"]),
        district=str(content["district"]),
        until=str(content["until"]),
        as_of=str(content["as_of"]),
        preliminary=bool(content["preliminary"]),
        numbers=tuple(Number(**number) for number in content["numbers"]),
        reports={lang: _report(content["reports"][lang]) for lang in LANGS},
    )


def _report(plain: Mapping[str, Any]) -> Report:
    return Report(
        sections=tuple(Section(s["key"], tuple(s["sentences"])) for s in plain["sections"]),
        sheets=tuple(
            Sheet(
                s["key"], s["title"], tuple(s["heads"]), _rows(s["rows"]), tuple(s["numeric"])
            )
            for s in plain["sheets"]
        ),
        figures=tuple(drawn(figure) for figure in plain["figures"]),
        methods=tuple(plain["methods"]),
        source=str(plain["source"]),
    )


def _rows(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(cell) for cell in row) for row in rows)
