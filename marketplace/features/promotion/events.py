"""What promotion announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectionPublished:
    """A collection was published."""

    collection_id: int
    program: str


@dataclass(frozen=True, slots=True)
class CollectionWithdrawn:
    """A published collection was taken off."""

    collection_id: int
    program: str


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """What products are judged by for featuring changed within promotion."""

    product_ids: tuple[int, ...]
    program: str


@dataclass(frozen=True, slots=True)
class SlotVacated:
    """A product left a slot because it is no longer featurable."""

    collection_id: int
    slot_id: int
    product_id: int
    program: str
    reason: str


@dataclass(frozen=True, slots=True)
class ObjectionRecorded:
    """A right holder objected to a product in its window; nothing follows by itself."""

    product_id: int
    operator_id: int
    program: str


@dataclass(frozen=True, slots=True)
class ObjectionDecided:
    """An objection was upheld or dismissed."""

    product_id: int
    operator_id: int
    program: str
    upheld: bool
