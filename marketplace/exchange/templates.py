"""Writes the workbook people fill in: headings with units, drop-down lists, an example, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from marketplace.base.sheets import ColumnSpec, TableSheet, write_xlsx
from marketplace.base.words import Lang, has_key, label, say
from marketplace.exchange.fields import FIELDS, FieldSpec
from marketplace.exchange.kinds import ImportKind


def write_template(
    kind: ImportKind,
    target: BinaryIO,
    *,
    lang: Lang,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the template of a kind: one sheet to fill in, one with notes and an example.

    Args:
        kind: what one row is.
        target: an open binary file or buffer.
        lang: of headings and notes.
        choices: field → words offered, such as the program's districts or platforms.
    """
    offered = dict(choices or {})
    offered.setdefault("above_scale", (say("exchange.yes", lang), say("exchange.no", lang)))
    specs = [spec for spec in FIELDS[kind] if spec.in_template]
    columns = tuple(
        ColumnSpec(
            heading(kind, spec, lang),
            choices=tuple(offered.get(spec.name, ())),
            number_format=None if spec.is_numeric else "@",
            width=18.0,
            comment=_note(kind, spec, lang),
        )
        for spec in specs
    )
    to_fill = TableSheet(label(kind, lang), columns, rows=())
    write_xlsx([to_fill, _notes(kind, specs, lang)], target)


def heading(kind: ImportKind, spec: FieldSpec, lang: Lang) -> str:
    """Return the heading of a field with the unit its numbers are in."""
    name = say(f"exchange.field.{kind.value}.{spec.name}", lang)
    if spec.template_unit is None:
        return name
    unit = label(spec.template_unit, lang)
    return say("exchange.heading_with_unit", lang, name=name, unit=unit)


def _notes(kind: ImportKind, specs: Sequence[FieldSpec], lang: Lang) -> TableSheet:
    columns = tuple(
        ColumnSpec(say(f"exchange.notes.{name}", lang))
        for name in ("about", "needed", "meaning", "example")
    )
    rows = [
        [
            heading(kind, spec, lang),
            say("exchange.yes" if spec.is_required else "exchange.no", lang),
            _note(kind, spec, lang),
            say(f"exchange.example.{spec.name}", lang),
        ]
        for spec in specs
    ]
    title = say("exchange.notes.title", lang, kind=label(kind, lang))
    return TableSheet(say("exchange.notes.sheet", lang), columns, rows, title=title)


def _note(kind: ImportKind, spec: FieldSpec, lang: Lang) -> str:
    own = f"exchange.meaning.{kind.value}.{spec.name}"
    return say(own if has_key(own) else f"exchange.meaning.{spec.name}", lang)
