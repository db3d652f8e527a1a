"""Proposes which column is which field, from the heading's words, its unit, then its contents.

It proposes and says how sure it is; a person's choice (`overrides`) always wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketplace.base.errors import Fault, Invalid
from marketplace.base.sheets import Cell, column_letter
from marketplace.exchange.faults import shown
from marketplace.exchange.fields import field_names, field_spec
from marketplace.exchange.headwords import (
    Heading,
    heading_key,
    heading_unit,
    is_ignored,
    joined,
    match_word,
)
from marketplace.exchange.kinds import Basis, ImportKind, Unit
from marketplace.exchange.numbers import SCALES, find_unit, is_band
from marketplace.exchange.periods import chinese_to_arabic
from marketplace.exchange.plain import plain as normalize

MIN_CONFIDENCE = 0.65
_CODE_LIKE = re.compile(r"[0-9A-Za-z]{18}")
_MOBILE_LIKE = re.compile(r"1[3-9]\d{9}")
_NAME_LIKE = re.compile(r".{2,}(?:公司|厂|合作社|经营部|商行|作坊|工作室)(?:[(（].*[)）])?")
_ADDRESS_LIKE = re.compile(r".*(?:区|县|镇|乡|街道|村|路|街).*(?:号|楼|幢|栋|村|园|区|\d)")
# A capacity of a month or a day is not one of a year, and nobody said how many months are worked.
_OTHER_SPAN = re.compile(
    r"月(?:均|度)?(?:产|生产|加工|设计)|[日周季](?:均|度)?(?:产|生产|加工)|monthly|daily|weekly"
    r"|per(?:month|day|week|quarter)|/(?:month|day|week|mo|d)\b|/[月日天周季]|每[月日天周季]"
    r"|[本当]期|[本当上]月|[本当上]季|季度|半年|\d月(?![底末止日])|(?<![全年])累计|同期"
)
_ONE_MONTH = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])月")
_DENIED = frozenset({"否", "无", "不是", "no"})
_MOST_TOLD = 30
_MOST_BANDS = 0.6
SPAN_FIELDS = frozenset({"capacity_pairs_per_year"})

_EARLIER = re.compile(r"上[月年季]|去年|期初|年初|月初|同期|previous|last", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column read as one field; `index` is 0-based, `confidence` 0–1."""

    field: str
    index: int
    header: str
    unit: Unit | None
    confidence: float
    basis: Basis

    @property
    def letter(self) -> str:
        """The column as the spreadsheet names it."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The proposed columns in field order, and the headed columns nothing is read from."""

    columns: tuple[ColumnUse, ...]
    unmapped: tuple[tuple[int, str], ...] = ()

    def find(self, field: str) -> ColumnUse | None:
        """Return the column of a field, if it has one."""
        return next((use for use in self.columns if use.field == field), None)

    @property
    def score(self) -> float:
        """How much of the heading was recognized."""
        return sum(use.confidence for use in self.columns)

    def as_overrides(self) -> dict[str, str]:
        """Return field → heading, the form that is saved for a source and given back."""
        return {use.field: use.header or use.letter for use in self.columns}


def propose_columns(
    kind: ImportKind,
    header: Sequence[Heading | str],
    *,
    overrides: Mapping[str, str] | None = None,
    sample: Sequence[Sequence[Cell]] = (),
) -> ColumnMapping:
    """Return the best column for each field.

    Args:
        kind: what the file holds.
        header: for each column its heading, or its parts from top to bottom.
        overrides: field → heading or column letter; an empty column leaves the field out.
        sample: some rows below the heading, to recognize codes and phones by their form.

    Raises:
        Invalid: for an override that names no field or no column.
    """
    headings = [(h,) if isinstance(h, str) else h for h in header]
    chosen, left_out = _chosen(kind, headings, overrides or {})
    used = {use.index for use in chosen}
    taken = {use.field for use in chosen} | left_out
    candidates = _candidates(
        kind, headings, sample, taken=taken, used=used | _month_columns(kind, headings)
    )
    uses = list(chosen)
    for _order, score, index, name, basis in candidates:
        if name not in taken and index not in used:
            uses.append(_use(name, index, headings, score, basis))
            taken.add(name)
            used.add(index)
    uses.extend(_by_contents(kind, headings, sample, taken=taken, used=used))
    names = field_names(kind)
    mapped = tuple(sorted(uses, key=lambda use: names.index(use.field)))
    kept = {use.index for use in mapped}
    unmapped = tuple(
        (i, label) for i, h in enumerate(headings) if i not in kept and (label := joined(h))
    )
    return ColumnMapping(mapped, unmapped)


def _candidates(
    kind: ImportKind,
    headings: Sequence[Heading],
    sample: Sequence[Sequence[Cell]],
    *,
    taken: set[str],
    used: set[int],
) -> list[tuple[tuple[float, ...], float, int, str, Basis]]:
    """Every likely pair of field and column, the surest first.

    A column of bands (50-99人) comes after any other for a quantity. Of equals the more exact word wins (统一社会信用代码 over 注册号, 法定代表人 over 负责人), then
    the later time (2024年 over 2023年, 本月末 over 上月末), then the column further left.
    """
    bands = {index for index in range(len(headings)) if _holds_bands(sample, index)}
    found = [
        (
            (
                index in bands and field_spec(kind, name).is_numeric,
                -score,
                rank,
                *_age_of(heading),
                index,
                order,
            ),
            score,
            index,
            name,
            basis,
        )
        for index, heading in enumerate(headings)
        if index not in used and not is_ignored(heading)
        for order, name in enumerate(field_names(kind))
        if name not in taken
        for score, rank, basis in [_score(kind, name, heading)]
        if score >= MIN_CONFIDENCE
    ]
    return sorted(found, key=lambda one: one[0])


def _holds_bands(sample: Sequence[Sequence[Cell]], index: int) -> bool:
    held = [row[index] for row in sample if index < len(row) and row[index] is not None]
    bands = [cell for cell in held if isinstance(cell, str) and is_band(cell)]
    return len(bands) > 0 and len(bands) >= _MOST_BANDS * len(held)


def _month_columns(kind: ImportKind, headings: Sequence[Heading]) -> set[int]:
    """Columns of one month each, such as 1月销量 and 2月销量: none of them is the row's month."""
    if kind is not ImportKind.EXPOSURE:
        return set()
    named = {
        index: match[1]
        for index, heading in enumerate(headings)
        if (match := _ONE_MONTH.search(chinese_to_arabic(normalize(heading[-1]))))
    }
    return set(named) if len(set(named.values())) > 1 else set()


def _age_of(heading: Heading) -> tuple[float, float]:
    """Sorts the later of two times first."""
    years = [int(year) for part in heading for year in _YEAR.findall(part)]
    return -max(years, default=0), any(_EARLIER.search(part) for part in heading)


def _chosen(
    kind: ImportKind, headings: Sequence[Heading], overrides: Mapping[str, str]
) -> tuple[list[ColumnUse], set[str]]:
    uses: list[ColumnUse] = []
    left_out: set[str] = set()
    faults: list[Fault] = []
    for name, column in overrides.items():
        if name not in field_names(kind):
            known = ", ".join(field_names(kind))
            faults.append(Fault(name, "import_field_unknown", {"field": name, "known": known}))
        elif not column.strip():
            left_out.add(name)
        elif (index := _find_column(headings, column)) is None:
            facts = {"column": column, "known": _columns_told(headings)}
            faults.append(Fault(name, "import_column_unknown", facts))
        elif any(use.index == index for use in uses):
            faults.append(Fault(name, "import_column_twice", {"column": column}))
        else:
            uses.append(_use(name, index, headings, 1.0, Basis.CHOSEN))
    if faults:
        raise Invalid(faults)
    return uses, left_out


def _find_column(headings: Sequence[Heading], column: str) -> int | None:
    wanted = normalize(column).casefold().replace(" ", "")
    groups: list[int] = []
    for index, heading in enumerate(headings):
        own, above = _told_forms(joined(heading), heading[-1]), _told_forms(*heading[:-1])
        if wanted in own:
            return index
        groups.extend([index] if wanted in above else [])
    if groups:  # 基本情况 over several columns names none of them
        return groups[0] if len(groups) == 1 else None
    keys = [heading_key(joined(heading)) for heading in headings]
    if (key := heading_key(column)) and key in keys:
        return keys.index(key)
    letters = column.strip().upper()
    if re.fullmatch(r"[A-Z]{1,2}", letters):
        index = next((i for i in range(len(headings)) if column_letter(i) == letters), -1)
        return index if index >= 0 else None
    return None


def _told_forms(*texts: str) -> set[str]:
    return {normalize(text).casefold().replace(" ", "") for text in texts if text}


def _columns_told(headings: Sequence[Heading]) -> str:
    """The columns a person can choose from, as letter and heading."""
    named = [(i, label) for i, heading in enumerate(headings) if (label := joined(heading))]
    told = [f"{column_letter(index)} {label}" for index, label in named[:_MOST_TOLD]]
    return ", ".join(told) + (" …" if len(named) > _MOST_TOLD else "")


def _use(
    name: str, index: int, headings: Sequence[Heading], confidence: float, basis: Basis
) -> ColumnUse:
    heading = headings[index]
    return ColumnUse(
        name, index, joined(heading), heading_unit(heading), round(confidence, 3), basis
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A heading as it is compared with every field's words; parts without words are left out."""

    is_denied: bool  # below another: 否, 无
    named: tuple[str, ...]  # from top to bottom, without a bare unit below them
    forms: tuple[str, ...]
    tells_other_span: bool


@lru_cache(maxsize=4096)  # each field of a kind asks the same heading
def _read(heading: Heading) -> _Read | None:
    keys = [key for part in heading if (key := heading_key(part))]
    if not keys:
        return None
    is_denied = len(keys) > 1 and keys[-1] in _DENIED
    if len(keys) > 1 and find_unit(keys[-1]) is not None:
        keys = keys[:-1]
    forms = dict.fromkeys((keys[-1], "".join(keys), "".join(keys[-2:])))
    text = "".join(normalize(part).casefold().replace(" ", "") for part in heading)
    return _Read(is_denied, tuple(keys), tuple(forms), _OTHER_SPAN.search(text) is not None)


def _score(kind: ImportKind, name: str, heading: Heading) -> tuple[float, int, Basis]:
    """The best of: the lowest part alone, all parts together, a parent over a bare unit."""
    read = _read(heading)
    if read is None or not _span_and_unit_fit(kind, name, heading, read):
        return 0.0, 0, Basis.SIMILAR
    if name == "above_scale" and read.is_denied:
        return 0.0, 0, Basis.SIMILAR  # a tick under 否 says no; one under 是 says all there is
    matches = [match_word(kind, name, key) for key in read.forms]
    score, rank = max(matches, key=lambda match: (match[0], -match[1]))
    if score == 1.0 and name in _UNITS_OF and not _unit_fits(name, heading):
        score = 0.9
    if len(read.named) > 1 and field_spec(kind, name).is_numeric:
        # 产能 over 设计 and 实际: what the parent names, its first column is.
        score = max(score, 0.8 * match_word(kind, name, read.named[-2])[0])
    return score, rank, Basis.EXACT if score == 1.0 else Basis.SIMILAR


def _span_and_unit_fit(kind: ImportKind, name: str, heading: Heading, read: _Read) -> bool:
    """A quantity is not read under a heading that names another dimension or another span."""
    if name in SPAN_FIELDS and read.tells_other_span:
        return False
    measure = field_spec(kind, name).measure
    unit = heading_unit(heading) if measure is not None else None
    return measure is None or unit is None or unit in SCALES[measure.dimension]


# Where two fields share words, the unit tells them apart: 涉案数量 in 双, 涉案金额 in 元.
_UNITS_OF = {"quantity_pairs": "pairs", "value_fen": "yuan"}


def _unit_fits(name: str, heading: Heading) -> bool:
    unit = heading_unit(heading)
    return unit is None or _UNITS_OF[name] in unit.value


def _by_contents(
    kind: ImportKind,
    headings: Sequence[Heading],
    sample: Sequence[Sequence[Cell]],
    *,
    taken: set[str],
    used: set[int],
) -> list[ColumnUse]:
    """Recognize a code or phone column by what stands in it when its heading did not tell."""
    found: list[ColumnUse] = []
    forms = [("uscc", _CODE_LIKE), ("phone", _MOBILE_LIKE)]
    if kind is ImportKind.FACTORIES:
        forms += [("name", _NAME_LIKE), ("address", _ADDRESS_LIKE)]
    for name, form in forms:
        if name in taken or name not in field_names(kind):
            continue
        for index in range(len(headings)):
            texts = [shown(r[index]).strip() for r in sample if index < len(r) and r[index]]
            like = sum(1 for text in texts if form.fullmatch(text))
            free = index not in used and not is_ignored(headings[index])
            if free and len(texts) >= 2 and like >= 0.6 * len(texts):
                found.append(_use(name, index, headings, 0.8, Basis.CONTENTS))
                used.add(index)
                break
    return found
