"""What the register announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactoryChanged:
    """A factory was admitted or one of its fields changed."""

    factory_id: int


@dataclass(frozen=True, slots=True)
class HoldingChanged:
    """Who operates a store changed."""

    store_id: int
    factory_id: int


@dataclass(frozen=True, slots=True)
class ChangeRequestDecided:
    """An owner's change request was approved or returned."""

    request_id: int
    operator_id: int
    approved: bool


@dataclass(frozen=True, slots=True)
class AffiliateDeclared:
    """An operator declared an affiliate: the two may be one group."""

    operator_id: int
    program: str
