"""Decides whether a firm belongs to the program's region, as far as its own facts can tell.

Pure; the region itself comes from the program file. It must not decide on a guess: an address
that names no place leaves the question open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from marketplace.base.identifiers import uscc_region
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.plain import plain as normalize

# The provinces of China, short names and pinyin: an address that names one and not our city
# lies elsewhere. Fujian is left out: it says neither.
_PROVINCES = (
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
)
_PROVINCES_LATIN = frozenset(
    [
        "beijing",
        "tianjin",
        "shanghai",
        "chongqing",
        "hebei",
        "shanxi",
        "liaoning",
        "jilin",
        "heilongjiang",
        "jiangsu",
        "zhejiang",
        "anhui",
        "jiangxi",
        "shandong",
        "henan",
        "hubei",
        "hunan",
        "guangdong",
        "hainan",
        "sichuan",
        "guizhou",
        "yunnan",
        "shaanxi",
        "gansu",
        "qinghai",
        "taiwan",
        "mongolia",
        "guangxi",
        "tibet",
        "ningxia",
        "xinjiang",
        "hongkong",
        "macau",
    ]
)
_CHINA = frozenset(
    [
        "中国",
        "中华人民共和国",
        "中国大陆",
        "china",
        "cn",
        "chn",
        "prc",
        "p.r.c",
        "p.r.china",
        "pr china",
        "mainland china",
    ]
)
_CITY_ITSELF = frozenset(["市辖区", "市直", "市本级", "市属", "本市", "全市", "市级"])
_PLACE_ZH = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|市|自治区|自治州|自治县|县)")
_PLACE_LATIN = re.compile(r"\b(?:city|province|county|prefecture|state|district)\b")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_SHORTEST_PLACE = 2
_ROAD_ZH = "(?!(?:大|中|东|西|南|北|一|二)?(?:路|街|道|巷|弄|里))"


@dataclass(frozen=True, slots=True)
class Place:
    """What the facts tell: inside True, outside False, or None when they do not say.

    `district` is the district's code where one is named; `code` says why it is outside.
    """

    inside: bool | None
    district: str | None = None
    code: str = ""


def region_table(rulebook: Rulebook) -> RegionTable:
    """Return the region a program file names; management zones come before their districts."""
    zones = sorted(rulebook.regions, key=lambda region: region.kind != "management_zone")
    return RegionTable(
        districts={zone.code: _spellings(zone.name_zh, zone.name_en) for zone in zones},
        city_names=(rulebook.program.place_zh, rulebook.program.place_en),
        code_prefixes=(rulebook.program.region_code[:4],),
        towns={zone.code: zone.towns for zone in zones},
    )


class RegionCheck(Protocol):
    """Places a firm by its own facts; any of them may be missing."""

    def __call__(
        self,
        *,
        uscc: str | None,
        address: str | None,
        district: str | None,
        country: str | None,
    ) -> Place:
        """Return where the firm is."""


@dataclass(frozen=True, slots=True)
class RegionTable:
    """A program's region as data, usable as a `RegionCheck`.

    `districts`: code → names as written in addresses, longest form first. `city_names`: the
    city itself. `code_prefixes`: registrations that begin so belong to the city as a whole.
    `towns` count only where the address names no other city: other cities have such towns too.
    """

    districts: Mapping[str, tuple[str, ...]]
    city_names: tuple[str, ...]
    code_prefixes: tuple[str, ...]
    towns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(
        self,
        *,
        uscc: str | None,
        address: str | None,
        district: str | None,
        country: str | None,
    ) -> Place:
        """Return where the firm is; the place of work outweighs the place of registration."""
        if country and normalize(country).casefold() not in _CHINA:
            return Place(inside=False, code="row_outside_country")
        if district:
            placed = self._by_district(_unspaced(district))
            if placed.inside and placed.district is None:
                told = self(uscc=uscc, address=address, district=None, country=None)
                return told if told.district else placed
            return placed
        by_address = self._by_address(_unspaced(address)) if address else Place(inside=None)
        if by_address.inside or not uscc:
            return by_address
        return self._by_uscc(uscc)

    def _by_district(self, district: str) -> Place:
        code = self._district_of(district, whole=True)
        if code is not None:
            return Place(inside=True, district=code)
        folded = normalize(district).casefold()
        if folded in _CITY_ITSELF or any(
            folded.removesuffix("市") == name.casefold() for name in self.city_names
        ):
            return Place(inside=True)
        # 荔城区政府, 荔城区新度镇, Licheng District: the place within what was written.
        named = {
            c
            for c, names in self.districts.items()
            if any(_names(folded, name.casefold()) for name in names)
        }
        short = self._by_short_name(folded.removesuffix("管委会"))
        if not named and short is not None:
            return Place(inside=True, district=short)
        by_words = self._by_address(district)
        if by_words.inside:
            several = len(named) > 1
            return Place(inside=True, district=None if several else by_words.district)
        return Place(inside=False, code="row_outside_district")

    def _by_short_name(self, text: str) -> str | None:
        """北岸 is the one zone whose name holds it, 新度 the one place whose town begins so."""
        if len(text) < _SHORTEST_PLACE:
            return None
        zones = {c for c, names in self.districts.items() if any(text in n for n in names)}
        towns = {
            c
            for c, known in self.towns.items()
            if any(town[: len(text)] == text and len(town) - len(text) <= 2 for town in known)
        }
        found = zones or towns
        return found.pop() if len(found) == 1 else None

    def _by_uscc(self, uscc: str) -> Place:
        code = uscc_region(uscc)
        if code in self.districts:
            return Place(inside=True, district=code)
        if code.startswith(self.code_prefixes):
            return Place(inside=True)
        return Place(inside=False, code="row_outside_uscc")

    def _by_address(self, address: str) -> Place:
        text = normalize(address).casefold()
        elsewhere = any(text.startswith(province) for province in _PROVINCES)
        code = None if elsewhere else self._district_of(text, whole=False)
        in_city = not elsewhere and any(
            _names(text, name.casefold()) for name in self.city_names
        )
        if code is None and (in_city or not (elsewhere or _names_another_place(text))):
            code = next(
                (c for c, towns in self.towns.items() if any(t in text for t in towns)), None
            )
        if code is not None or in_city:
            return Place(inside=True, district=code)
        if elsewhere or _names_another_place(text):
            return Place(inside=False, code="row_outside_address")
        return Place(inside=None)

    def _district_of(self, text: str, *, whole: bool) -> str | None:
        folded = normalize(text).casefold()
        for code, names in self.districts.items():
            if whole and folded == code:
                return code
            for name in names:
                same = folded == name.casefold() if whole else _names(folded, name.casefold())
                if same or (whole and folded.endswith(name.casefold())):
                    return code
        return None


def _unspaced(text: str) -> str:
    """荔 城 区 is padded to the width of its column; English words keep their spaces."""
    return _BETWEEN.sub("", normalize(text))


def _spellings(name_zh: str, name_en: str) -> tuple[str, ...]:
    """荔城区 is also written 荔城."""
    short = re.sub(r"(?:区|县|市)$", "", name_zh)
    return (name_zh, *((short,) if short != name_zh and len(short) >= 2 else ()), name_en)


def _names(text: str, name: str) -> bool:
    """Tell whether an address names a place; `莆田路` names a road."""
    if name.isascii():
        return re.search(rf"\b{re.escape(name)}\b", text) is not None
    return re.search(re.escape(name) + _ROAD_ZH, text) is not None


def _names_another_place(text: str) -> bool:
    plain = text.removeprefix("福建省").removeprefix("福建")
    if _PLACE_ZH.search(plain):
        return True
    words = set(re.findall(r"[a-z]+", text))
    return _PLACE_LATIN.search(text) is not None or bool(words & _PROVINCES_LATIN)
