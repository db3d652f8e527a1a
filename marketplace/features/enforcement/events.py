"""What enforcement announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingRecorded:
    """Something was seen and is suspected; it removes nothing, its owner may speak first."""

    finding_id: int
    program: str
    store_id: int
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class FindingDecided:
    """A finding was upheld; `product_ids` are the products it names."""

    finding_id: int
    program: str
    store_id: int
    factory_id: int | None
    operator_id: int | None
    product_ids: tuple[int, ...]
    month: int


@dataclass(frozen=True, slots=True)
class FindingDismissed:
    """A suspicion was looked into and does not stand; nothing follows but the word of it."""

    finding_id: int
    program: str
    store_id: int
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class FindingOverturned:
    """A decided finding was overturned; it lifts nothing by itself."""

    finding_id: int
    program: str
    store_id: int
    factory_id: int | None
    operator_id: int | None
    month: int


@dataclass(frozen=True, slots=True)
class StoreClosed:
    """A store was closed; `factory_id` operated it that day.

    `finding_id` is None where upheld complaints of one brand closed it.
    """

    store_id: int
    program: str
    factory_id: int | None
    operator_id: int | None
    finding_id: int | None


@dataclass(frozen=True, slots=True)
class StoreReopened:
    """A decision left a closed or suspended store open; products come back by decisions only."""

    store_id: int
    program: str
    factory_id: int | None
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class SuspensionEnded:
    """A suspension ran out: lifted by an accepted plan, or escalated for want of one."""

    suspension_id: int
    store_id: int
    program: str
    factory_id: int | None
    operator_id: int | None
    lifted: bool


@dataclass(frozen=True, slots=True)
class StoreSuspendedPending:
    """A person suspended a store before the decision, on prima facie evidence."""

    store_id: int
    program: str
    finding_id: int
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class MeasureImposed:
    """A person chose a measure that does not follow from the points; categories may not know it.

    `measure` is the name a category's policy lists it by.
    """

    finding_id: int
    program: str
    measure: str
    product_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanSubmitted:
    """An owner handed in a rectification plan."""

    suspension_id: int
    program: str
    store_id: int


@dataclass(frozen=True, slots=True)
class PlanAnswered:
    """A rectification plan was accepted or given back."""

    suspension_id: int
    program: str
    store_id: int
    operator_id: int | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class MeasuresPaused:
    """Measures of a store were paused for an appeal, or run again after it."""

    store_id: int
    program: str
    factory_id: int | None
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class MonthRecorded:
    """A platform's count of a store and month was recorded or corrected, or a warning heeded."""

    store_id: int
    program: str
    operator_id: int | None
    month: int
