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
class StoresConfirmed:
    """Stores nobody knew before are operated by factories: as many `HoldingChanged`.

    Nothing was on sale in them or found in them yet: whoever only asks that need not listen.
    """

    store_ids: tuple[int, ...]
    factory_ids: tuple[int, ...]


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
