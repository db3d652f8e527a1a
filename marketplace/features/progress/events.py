"""What progress announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnrollmentChanged:
    """An operator's enrollment changed state."""

    enrollment_id: int
    operator_id: int
    program: str
    status: str


@dataclass(frozen=True, slots=True)
class CertificationChanged:
    """A condition of a factory was submitted, decided or lapsed."""

    certification_id: int
    factory_id: int
    operator_id: int
    program: str
    condition: str
    status: str


@dataclass(frozen=True, slots=True)
class InspectionRecorded:
    """An inspection was recorded."""

    inspection_id: int
    factory_id: int
    operator_id: int
    program: str
