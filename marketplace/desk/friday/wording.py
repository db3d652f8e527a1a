"""Puts a Friday page into words: the same sentences on the screen, on paper and in a chat."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, has_key, say
from marketplace.desk.friday.content import (
    FridayContent,
    Overdue,
    Remark,
    change_since,
)
from marketplace.desk.issues.content import Number


@dataclass(frozen=True, slots=True)
class ToldNumber:
    """One number in words: name, figure, unit, change, definition."""

    name: str
    value: str
    unit: str
    change: str  # since the issue before, as a phrase; or that there is none
    definition: str
    compared: bool  # whether there was an earlier figure to compare with


def tell_number(
    number: Number, earlier: FridayContent | None, lang: Lang, *, bare: bool = False
) -> ToldNumber:
    """Return a number in words; a rate always carries its n, and where `bare` it is a count."""
    key = f"friday.number.{number.key}"
    if bare and number.n:
        return ToldNumber(
            name=say(f"{key}.bare_name", lang),
            value=f"{number.count:,}",
            unit=say(f"{key}.bare_unit", lang, n=f"{number.n:,}"),
            change=say(f"{key}.bare_change", lang),
            definition=say(f"{key}.definition", lang),
            compared=False,
        )
    return ToldNumber(
        name=say(f"{key}.name", lang),
        value=_figure(number, lang),
        unit=say(f"{key}.unit", lang, count=f"{number.count:,}", n=f"{number.n or 0:,}"),
        change=_change(number, earlier, lang),
        definition=say(f"{key}.definition", lang),
        compared=change_since(number, earlier) is not None,
    )


def tell_remark(remark: Remark, rulebook: Rulebook, lang: Lang) -> str:
    """Return a finding as a sentence."""
    facts: dict[str, object] = {
        name: f"{value:,}" if isinstance(value, int) else value
        for name, value in remark.facts.items()
    }
    for name in ("stage", "next"):
        if name in facts:
            facts[name] = _stage(rulebook, str(facts[name]), lang)
    told = say(f"friday.remark.{remark.code}", lang, **facts)
    if "low" in facts:  # issues of before the interval was kept have none
        told += say(f"friday.interval.{facts['basis']}", lang, **facts)
    if "outside_findings" in facts:
        told += say("friday.outside", lang, **facts)
    return told


def tell_overdue(thing: Overdue, rulebook: Rulebook, lang: Lang) -> str:
    """Return what is overdue, without who holds it."""
    title = _condition(rulebook, thing.title, lang)
    return say(
        "friday.overdue_line",
        lang,
        kind=say(f"enum.TaskKind.{thing.kind}", lang),
        title=title,
        about=f" · {thing.about}" if thing.about and thing.about != title else "",
    )


def tell_holder(thing: Overdue, lang: Lang) -> str:
    """Return who holds a thing; nobody is an answer too."""
    return thing.held_by or say("friday.nobody", lang)


def tell_difference(before: Number, after: Number, lang: Lang) -> str:
    """Return what a later correction changed in an issue, both figures named."""
    return say(
        "friday.difference",
        lang,
        name=say(f"friday.number.{before.key}.name", lang),
        before=_figure(before, lang),
        after=_figure(after, lang),
    )


def as_text(
    content: FridayContent,
    rulebook: Rulebook,
    lang: Lang,
    *,
    title: str,
    earlier: FridayContent | None = None,
) -> str:
    """Return the whole page as text to copy."""
    lines = [title, ""]
    for number in content.numbers:
        told = tell_number(number, earlier, lang, bare=content.is_bare)
        lines.append(say("friday.text_number", lang, name=told.name, value=told.value,
                         unit=told.unit, change=told.change))  # fmt: skip
    lines += ["", say("friday.remarks", lang)]
    lines += [
        f"{n}. {tell_remark(remark, rulebook, lang)}"
        for n, remark in enumerate(content.remarks, start=1)
    ]
    lines += ["", say("friday.overdue", lang, count=content.overdue_total)]
    for n, thing in enumerate(content.overdue, start=1):
        what = tell_overdue(thing, rulebook, lang)
        held = say("friday.held", lang, who=tell_holder(thing, lang), days=thing.days)
        lines.append(f"{n}. {what} {held}")
    if not content.overdue:
        lines.append(say("friday.none_overdue", lang))
    return "\n".join(lines)


def _figure(number: Number, lang: Lang) -> str:
    if number.n is None:
        return str(number.count)
    rate = number.per_thousand
    return say("friday.nothing_checked", lang) if rate is None else f"{rate:.1f}"


def _change(number: Number, earlier: FridayContent | None, lang: Lang) -> str:
    change = change_since(number, earlier)
    if change is None:
        return say("friday.no_earlier", lang)
    if change == 0 or (number.n is not None and abs(change) < 0.05):
        told = say("friday.no_change", lang)
    else:
        told = f"{change:+.1f}" if number.n is not None else f"{change:+d}"
    return say("friday.change", lang, change=told)


def _stage(rulebook: Rulebook, key: str, lang: Lang) -> str:
    for stage in rulebook.stages:
        if stage.key == key:
            return stage.name_zh if lang == "zh" else stage.name_en
    return key


def _condition(rulebook: Rulebook, title: str, lang: Lang) -> str:
    condition = rulebook.condition(title)
    if condition is not None:
        return condition.name_zh if lang == "zh" else condition.name_en
    return say(f"field.{title}", lang) if has_key(f"field.{title}") else title
