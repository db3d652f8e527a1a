"""Words that depend on the program: conditions, stages, districts, tasks."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.rulebook import Figure
from marketplace.base.words import has_key, say
from marketplace.desk.todo import Task, TaskKind
from marketplace.faces.ui.session import Here

OWN_WORD = "owner"  # the source of a value the owner asked for and the office agreed to
_PARTS = ("upper", "lining", "sole", "midsole", "outsole", "insole")
LONGEST_NUMBER = 12  # digits; longer ones are codes


def condition_name(page: Here, key: str | None) -> str:
    """Return the word of a condition."""
    found = page.rulebook.condition(key) if key else None
    if found is None:
        return key or ""
    return found.name_zh if page.lang == "zh" else found.name_en


def stage_name(page: Here, key: str) -> str:
    """Return the word of a stage."""
    for stage in page.rulebook.stages:
        if stage.key == key:
            return stage.name_zh if page.lang == "zh" else stage.name_en
    return key


def district_name(page: Here, code: str | None) -> str:
    """Return the word of a district, a dash for none."""
    region = page.rulebook.region(code) if code else None
    if region is None:
        return "—"
    return region.name_zh if page.lang == "zh" else region.name_en


def part_name(page: Here, word: str) -> str:
    """Return the word of a part of a product, kept in Chinese; an unusual part as it is called."""
    for key in _PARTS:
        if say(f"mine.material.{key}", "zh") == word:
            return page.t(f"mine.material.{key}")
    return word


def category_name(page: Here, key: str | None) -> str:
    """Return the word of a product category, a dash for none."""
    for category in page.rulebook.product.categories:
        if category.key == key:
            return category.name_zh if page.lang == "zh" else category.name_en
    return "—"


def field_name(page: Here, key: str) -> str:
    """Return the word of a field."""
    return page.t(f"field.{key}") if has_key(f"field.{key}") else key


def source_name(page: Here, source: str | None, people: Mapping[str, str] | None = None) -> str:
    """Return who said a value, as it was recorded; what the firm itself said has a word.

    `people` is login → name of colleagues, whose corrections are kept under their login.
    """
    if source == OWN_WORD:
        return page.t("quality.by_owner")
    return (people or {}).get(source or "", source or "—")


def plain_value(value: str | None) -> str:
    """Return a kept value as people read it: numbers with separators, a dash for none."""
    if not value:
        return "—"
    return f"{int(value):,}" if value.isdecimal() and len(value) < LONGEST_NUMBER else value


def task_title(page: Here, task: Task) -> str:
    """Return what a waiting thing is, in one line."""
    title = task.title
    if task.kind is TaskKind.CERTIFICATION:
        title = condition_name(page, task.title)
    if task.kind is TaskKind.CONFLICT:
        title = field_name(page, str(task.facts["field"]))
    if task.kind is TaskKind.SAMPLE:
        title = page.t("sampling.task", quarter=task.title, **task.facts)
    return f"{page.t(f'enum.TaskKind.{task.kind.value}')} · {title}"


def figure_source(page: Here, figure: Figure) -> str:
    """Return where a number of the program file comes from, in the reader's language."""
    if page.lang == "zh" and figure.source_zh:
        return figure.source_zh
    if figure.source.startswith("assumption"):
        return page.t("entry.assumption")
    return figure.source


def band_words(page: Here, key: str) -> str:
    """Return the points of a band as the program file states them; a dash for an unknown one."""
    band = next((b for b in page.rulebook.points.bands if b.key == key), None)
    if band is None:
        return "—"  # an old address or kept view may ask for it
    if band.until_points is None:
        return page.t("page.factories.band.over", first=band.from_points)
    last = band.until_points - 1
    if last > band.from_points:
        return page.t("page.factories.band.range", first=band.from_points, last=last)
    return page.t(f"page.factories.band.{'one' if last else 'none'}", points=last)
