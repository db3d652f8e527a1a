"""What the catalog announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductDecided:
    """A reviewer decided a product."""

    product_id: int
    operator_id: int
    program: str
    verdict: str


@dataclass(frozen=True, slots=True)
class BrandChangeDecided:
    """A reviewer decided what was asked to be changed of a brand."""

    change_id: int
    brand_id: int
    operator_id: int
    program: str
    approved: bool


@dataclass(frozen=True, slots=True)
class TestReportRecorded:
    """A test report was recorded; a failed one removes the product resting on it."""

    __test__ = False

    report_id: int
    product_id: int
    passed: bool


@dataclass(frozen=True, slots=True)
class TrademarkChanged:
    """A mark or its license changed; `holds` tells whether it still carries its brand."""

    trademark_id: int
    brand_id: int
    operator_id: int
    program: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ProductLapsed:
    """A product is no longer valid."""

    product_id: int
    operator_id: int
    program: str
    lapse_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProductRestored:
    """A decision closed every lapse of a product."""

    product_id: int
    operator_id: int
    program: str


@dataclass(frozen=True, slots=True)
class ProductSubmitted:
    """An owner submitted a product."""

    product_id: int
    operator_id: int
    program: str
