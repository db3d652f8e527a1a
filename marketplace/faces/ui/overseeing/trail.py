"""Puts an entry of the trail into words: who, what, on which thing, what changed.

The trail itself keeps codes, which is what its seal covers; nothing here may change them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from marketplace.base.access.queries import names_of
from marketplace.base.audit import EntryRow
from marketplace.base.audit.queries import Change
from marketplace.base.money import format_amount
from marketplace.base.words import format_instant, has_key, label
from marketplace.exchange.kinds import Unit
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import district_name, plain_value
from marketplace.features.catalog.kinds import Moderation, TestOutcome, TrademarkStatus
from marketplace.features.complaints.kinds import RightStatus
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.oversight.kinds import Judgment
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.promotion.kinds import CollectionStatus
from marketplace.features.registry.kinds import FactoryStatus, StoreStatus
from marketplace.features.sampling.kinds import SampleOutcome

# (kind of subject, field) → the words of its values; the same code means different things.
_VALUES: Mapping[tuple[str, str], type[StrEnum]] = {
    ("brand", "status"): TrademarkStatus,
    ("collection", "status"): CollectionStatus,
    ("enrollment", "status"): EnrollmentStatus,
    ("factory", "status"): FactoryStatus,
    ("finding", "status"): FindingStatus,
    ("import_batch", "status"): FactoryStatus,
    ("oversight_item", "judgment"): Judgment,
    ("product", "outcome"): TestOutcome,
    ("product", "status"): Moderation,
    ("right", "status"): RightStatus,
    ("sample_item", "outcome"): SampleOutcome,
    ("store", "status"): StoreStatus,
}
_COUNTS = frozenset({"capacity_pairs_per_year", "staff"})


def people_of(page: Here, entries: Iterable[EntryRow]) -> dict[int, str]:
    """Return account → name of everybody who acted in these entries."""
    ids = {e.actor_id for e in entries if e.actor_id is not None}
    with reading(page) as session:
        return names_of(session, ids)


def who(page: Here, entry: EntryRow, people: Mapping[int, str]) -> str:
    """Return who acted: name and login, or that the house itself did."""
    name = people.get(entry.actor_id or 0)
    if name:
        return page.t("trail.person", name=name, login=entry.actor_login)
    key = f"trail.nobody.{entry.actor_login}"
    return page.t(key) if has_key(key) else entry.actor_login


def action(page: Here, code: str) -> str:
    """Return an action in words where there are some."""
    if not has_key(f"action.{code}"):
        return code
    told = page.t(f"action.{code}")
    return told[:1].upper() + told[1:]  # here it begins a line


def subject(page: Here, code: str) -> str:
    """Return what was acted on: its kind in a word, its number as kept."""
    kind, _, number = code.partition(":")
    key = f"trail.subject.{kind}"
    program = page.rulebook.program
    if kind == "program" and number == program.key:
        number = program.name_zh if page.lang == "zh" else program.name_en
    return page.t("trail.of", kind=page.t(key), number=number) if has_key(key) else code


def changes(page: Here, entry: EntryRow) -> str:
    """Say what changed, one line a field; what is sealed is named and not shown."""
    kind = entry.subject.partition(":")[0]
    told = []
    for change in entry.changes:
        field = _field(page, change.field)
        if change.disclosure.value != "open":
            told.append(page.t("trail.sealed", field=field))
        elif change.before != change.after:
            before = _value(page, kind, change, change.before)
            after = _value(page, kind, change, change.after)
            told.append(page.t("trail.change", field=field, before=before, after=after))
    return "\n".join(told) or "—"


def _field(page: Here, name: str) -> str:
    for key in (f"trail.field.{name}", f"field.{name}"):
        if has_key(key):
            return page.t(key)
    return name


def _value(page: Here, kind: str, change: Change, value: object) -> str:
    if value is None or value == "":
        return "—"
    text = str(value)
    if change.field in _COUNTS:
        return plain_value(text)
    words = Unit if change.field == "unit" else _VALUES.get((kind, change.field))
    with suppress(ValueError, KeyError):  # a code of an older rule stays a code
        if words is not None:
            return label(words(text), page.lang)
        if change.field == "district":
            return district_name(page, text)
        if change.field.endswith("_fen"):
            return format_amount(int(text))
        if change.field.endswith("_at"):
            return format_instant(datetime.fromisoformat(text))
    return text
