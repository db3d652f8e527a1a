"""A composed report as text, as tables, and what a later correction changed in it.

Pure: the same sentences and cells on the screen, on paper, in a chat and in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.desk.issues.content import Number, change_of
from marketplace.desk.quarter.content import QuarterContent
from marketplace.desk.quarter.corrections import Causes


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet of the workbook: its tab, its title, and finished texts under heads."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tell_number(number: Number) -> str:
    """Return a number as it stands in a sentence; a rate always with its n."""
    if number.n is None:
        return f"{number.count:,}"
    rate = number.per_thousand
    return f"{'—' if rate is None else f'{rate:.1f}'} ({number.count:,}/{number.n:,})"


def tell_difference(before: Number, after: Number, lang: Lang) -> str:
    """Return what a later correction changed in an issue: both figures, and by how much."""
    return _tell("quarter.difference", before, after, lang)


def tell_edition(before: Number, after: Number, lang: Lang) -> str:
    """Return what an edition changed against the one before: both figures, and by how much."""
    return _tell("editions.difference", before, after, lang)


def tell_causes(causes: Causes, lang: Lang) -> list[str]:
    """Return what became known since an issue; nothing is said of what did not happen."""
    return [
        say(f"editions.since.{name}", lang, count=f"{count:,}")
        for name, count in asdict(causes).items()
        if count
    ]


def name_of(number: int, edition: int, lang: Lang) -> str:
    """Return what an issue is called: its number and its edition."""
    return say("editions.name", lang, number=number, edition=edition)


def _tell(key: str, before: Number, after: Number, lang: Lang) -> str:
    told = say(
        key,
        lang,
        name=say(f"quarter.number.{before.key}.name", lang),
        before=tell_number(before),
        after=tell_number(after),
    )
    change = change_of(after, before)
    if not change:
        return told
    size = f"{abs(change):,}" if isinstance(change, int) else f"{abs(change):.2f}"
    return told + say("editions.by", lang, change=f"{'+' if change > 0 else '−'}{size}")


def place_of(rulebook: Rulebook, district: str, lang: Lang) -> str:
    """Return whose report it is in words."""
    region = rulebook.region(district) if district else None
    if region is None:
        return say("quarter.whole_program", lang)
    return region.name_zh if lang == "zh" else region.name_en


def title_of(
    content: QuarterContent, rulebook: Rulebook, lang: Lang, *, name: str, at: str
) -> str:
    """Return the heading of a report as text; `name` is empty for one not issued."""
    program = rulebook.program
    return say(
        "quarter.text_title",
        lang,
        program=program.name_zh if lang == "zh" else program.name_en,
        quarter=content.quarter,
        place=place_of(rulebook, content.district, lang),
        what=name or say("quarter.draft", lang),
        at=at,
    )


def as_text(
    content: QuarterContent,
    lang: Lang,
    *,
    title: str,
    changed: Sequence[tuple[Number, Number]] = (),
) -> str:
    """Return everything said, as text to copy: sentences, titles of figures, methods."""
    report = content.reports[lang]
    lines = [title]
    if changed:
        lines += ["", say("quarter.corrected", lang)]
        lines += [f"- {tell_difference(was, now, lang)}" for was, now in changed]
    for section in report.sections:
        lines += ["", say(f"quarter.section.{section.key}", lang)]
        lines += [f"- {sentence}" for sentence in section.sentences]
    lines += ["", say("quarter.figures", lang)]
    lines += [
        say("quarter.figure_no", lang, number=n, title=figure.title)
        for n, figure in enumerate(report.figures, start=1)
    ]
    lines += ["", say("quarter.methods", lang), *(f"- {line}" for line in report.methods)]
    return "\n".join([*lines, "", report.source])


def leaves_of(
    content: QuarterContent,
    lang: Lang,
    *,
    name: str = "",
    changed: Sequence[tuple[Number, Number]] = (),
) -> tuple[Leaf, ...]:
    """Return every table of a report: sentences, numbers, one a figure, and the corrections.

    `name` is what the issue is called; it heads the first table.
    """
    report = content.reports[lang]
    said = tuple(
        (say(f"quarter.section.{section.key}", lang), sentence)
        for section in report.sections
        for sentence in section.sentences
    )
    leaves = [
        Leaf(
            say("quarter.sheet_name.sentences", lang),
            f"{content.quarter} {name}".strip(),
            _heads(lang, "section", "sentence"),
            said,
        )
    ]
    leaves += [
        Leaf(say("quarter.sheet_name.table", lang, number=n), s.title, s.heads, s.rows)
        for n, s in enumerate(report.sheets, start=1)
    ]
    leaves += [
        Leaf(say("quarter.sheet_name.figure", lang, number=n), f.title, f.heads, f.rows)
        for n, f in enumerate(report.figures, start=1)
    ]
    if changed:
        rows = tuple(
            (
                say(f"quarter.number.{was.key}.name", lang),
                tell_number(was),
                tell_number(now),
            )
            for was, now in changed
        )
        title = say("quarter.sheet.differences", lang)
        leaves.append(Leaf(title, title, _heads(lang, "name", "before", "after"), rows))
    return tuple(leaf for leaf in leaves if leaf.heads)


def _heads(lang: Lang, *names: str) -> tuple[str, ...]:
    return tuple(say(f"quarter.table.{name}", lang) for name in names)
