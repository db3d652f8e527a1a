"""What the demo's products are made of, measured at and in which state: texts and values, no rows.

All measured values are invented; each report says so in its number's laboratory.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from stdnum import ean

from marketplace.features.catalog.kinds import DesignBasis

PRODUCTS = 1_500
FULL_SHELF = 25  # products of a firm whose mark is registered


class Shelf(StrEnum):
    """Where a demo product stands."""

    LIVE = "live"
    EXPIRED = "expired"
    TEST_FAILED = "test_failed"
    TEST_EXPIRED = "test_expired"
    LEFT = "left"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    SUBMITTED = "submitted"
    DRAFT = "draft"


EVER_VERIFIED = frozenset(
    {
        Shelf.LIVE,
        Shelf.EXPIRED,
        Shelf.TEST_FAILED,
        Shelf.TEST_EXPIRED,
        Shelf.LEFT,
        Shelf.WITHDRAWN,
        Shelf.RECALLED,
    }
)


def shelf_of(index: int, n: int, *, may_verify: bool, left: bool) -> Shelf:
    """Return the state of a firm's n-th product: most are live, each other state has its place."""
    if not may_verify:
        return Shelf.DRAFT
    if n < 17:
        return Shelf.LEFT if left else Shelf.LIVE
    rarely = {
        17: Shelf.EXPIRED,
        18: Shelf.TEST_FAILED if index % 2 else Shelf.TEST_EXPIRED,
        19: Shelf.RETURNED,
        20: Shelf.REJECTED if index % 2 else Shelf.RETURNED,
        21: Shelf.WITHDRAWN if index % 2 else Shelf.DRAFT,
        22: Shelf.RECALLED if index % 6 == 3 else Shelf.DRAFT,
        23: Shelf.SUBMITTED if index % 5 == 2 and not left else Shelf.DRAFT,
    }
    return rarely.get(n, Shelf.DRAFT)


def design_basis_of(n: int) -> DesignBasis:
    """Return what shows that the n-th design is one's own."""
    by_turn = (
        DesignBasis.DESIGN_PATENT,
        DesignBasis.DATED_DRAWINGS,
        DesignBasis.REGISTERED_WORK,
        DesignBasis.DATED_DRAWINGS,
    )
    return by_turn[n % len(by_turn)]


def design_reference_of(basis: DesignBasis, index: int, n: int) -> str | None:
    """Return the number the design is on record under; drawings have none."""
    match basis:
        case DesignBasis.DESIGN_PATENT:
            return f"ZL2024{index:03d}{n:02d}（虚构）"
        case DesignBasis.REGISTERED_WORK:
            return f"闽作登字-2024-F-{index:03d}{n:02d}（虚构）"
        case DesignBasis.DATED_DRAWINGS:
            return None


def gtin_of(index: int, n: int) -> str | None:
    """Return an article number of the range kept for use inside a firm; none for every third."""
    if n % 3 == 2:
        return None
    body = f"2{index:05d}{n:06d}"
    return body + str(ean.calc_check_digit(body))


_PARTS = {
    "run": ("工程网布", "聚酯网布", "EVA 发泡", "耐磨橡胶"),
    "court": ("超纤革", "棉网布", "EVA", "橡胶"),
    "canvas": ("12 安帆布", "棉布", "EVA", "硫化橡胶"),
    "bball": ("飞织与超纤", "聚酯网布", "EVA 加 TPU 片", "耐磨橡胶"),
    "hike": ("磨砂超纤", "防水透湿膜", "EVA", "深纹橡胶"),
    "kid": ("透气网布", "棉网布", "EVA", "软质橡胶"),
}


def materials_of(kind: str) -> dict[str, dict[str, str]]:
    """Return the materials part by part."""
    return {"parts": dict(zip(("鞋面", "内里", "中底", "外底"), _PARTS[kind], strict=True))}


def measured_at(kind: str, n: int, *, failed: bool = False) -> dict[str, object]:
    """Return the measured values of a report; a failed one misses its peel strength."""
    shift = (n * 7 % 10) / 10
    peel = 31.0 if failed else 58 + 3 * shift
    rows: list[Mapping[str, object]] = [
        _row("帮底剥离强度", "peel strength", "GB/T 3903.3", "at_least", "N/cm", 40.0, peel, 3.5),
        _row("外底耐磨，磨痕长度", "outsole wear, length of mark", "GB/T 3903.2", "at_most", "mm",
             10.0, 6.2 + 1.5 * shift, 0.6),
        _row("成鞋耐折，裂口长度", "flexing, length of crack", "GB/T 3903.1", "at_most", "mm", 15.0,
             4.0 + 4 * shift, 1.4),
        {"name_zh": "游离甲醛", "name_en": "free formaldehyde", "method": "GB/T 2912.1",
         "kind": "not_detected", "unit": "mg/kg", "limit": 20.0 if kind == "kid" else 75.0,
         "high": 16.0 if kind == "kid" else 20.0},
    ]  # fmt: skip
    if kind in {"bball", "hike"}:
        rows[2] = {
            "name_zh": "成鞋耐折", "name_en": "flexing", "method": "GB/T 3903.1",
            "kind": "not_applicable", "note_zh": "前掌厚于 25 mm，不做耐折试验",
            "note_en": "sole over 25 mm at the forefoot: not flex-tested",
        }  # fmt: skip
    return {"pairs": 3, "rows": rows}


def _row(
    name_zh: str, name_en: str, method: str, kind: str, unit: str, limit: float, mean: float,
    spread: float,
) -> dict[str, object]:  # fmt: skip
    return {
        "name_zh": name_zh, "name_en": name_en, "method": method, "kind": kind, "unit": unit,
        "limit": limit, "low": round(mean - spread, 1), "mean": round(mean, 1),
        "high": round(mean + spread, 1),
    }  # fmt: skip
