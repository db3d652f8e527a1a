"""Whether the program names itself, its days and its districts so that a firm can be placed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from marketplace.base.rulebook.checks.given import Found, Given, Path, at, entries, texts, twice

_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_CITY = re.compile(r"[1-9]\d(?!00)\d{2}00")
_CODE = re.compile(r"\d{6}")
_ZONE = "zone:"
# Further off, a day cannot be told in another time zone, and nobody meant it.
_FIRST_YEAR, _LAST_YEAR = 1980, 2199


def faults_of_program(given: Given) -> Iterator[Found]:
    """Give what is wrong with the program's own words and days."""
    contact = at(given, "program", "contact_en")
    if contact is not None and (not contact.strip() or _CHINESE.search(contact)):
        yield ("program", "contact_en"), "contact_not_english", {"value": contact}
    city = at(given, "program", "region_code")
    if city is not None and not _CITY.fullmatch(city):
        yield ("program", "region_code"), "region_no_city", {"code": city}
    first, last = at(given, "program", "valid_from"), at(given, "program", "valid_until")
    if first is not None and last is not None and last <= first:
        yield ("program", "valid_until"), "ends_before_it_starts", {}
    for name in ("valid_from", "valid_until"):
        yield from _far_off(("program", name), at(given, "program", name))
    off = _days(given, "holidays")
    for name in ("holidays", "workdays"):
        for number, day in enumerate(_days(given, name)):
            yield from _far_off((name, number), day)
            if name == "workdays" and day is not None and day in off:
                yield (name, number), "day_both", {"day": day.isoformat()}


def faults_of_regions(given: Given) -> Iterator[Found]:
    """Give what would place a firm in a wrong district, or in none."""
    if at(given, "regions") == []:
        yield ("regions",), "regions_none", {}
    yield from twice(given, "regions", code="region_twice", field="code", fact="code")
    yield from twice(given, "regions", code="region_twice", field="name_zh", fact="code")
    yield from _of_codes(given)
    towns: dict[tuple[object, str], object] = {}
    for place, region in entries(given, "regions"):
        for number, town in texts(region, "towns"):
            if not town.strip():
                continue  # told with every blank text; an empty name stands in every address
            if len(town) < 2:
                yield (*place, "towns", number), "town_too_short", {"town": town}
            # A zone lies inside districts and is asked before them; two of one kind cannot be told apart.
            other = towns.setdefault((region.get("kind"), town), region.get("name_zh"))
            if other != region.get("name_zh"):
                yield (*place, "towns", number), "town_twice", {"town": town, "other": other}


def _of_codes(given: Given) -> Iterator[Found]:
    city = at(given, "program", "region_code")
    if city is not None and not _CITY.fullmatch(city):
        city = None  # told of the program; not once more of each district
    for place, region in entries(given, "regions"):
        code, kind = region.get("code"), region.get("kind")
        if code is None or kind is None:
            continue
        if kind == "management_zone" and code.startswith(_ZONE) and code != _ZONE:
            continue
        if not _CODE.fullmatch(code):
            yield (*place, "code"), f"region_code_{kind}", {"code": code}
        elif city is not None and (code[:4] != city[:4] or code == city):
            yield (*place, "code"), "region_of_other_city", {"code": code, "city": city}


def _days(given: Given, name: str) -> list[date | None]:
    found = at(given, name)
    return found if isinstance(found, list) else []


def _far_off(place: Path, day: date | None) -> Iterator[Found]:
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        yield place, "day_out_of_range", {"first": _FIRST_YEAR, "last": _LAST_YEAR}
