"""What can be done about exposure."""

from marketplace.features.compliance.commands.exposure import (
    record_exposure,
    take_back_exposure,
)
from marketplace.features.compliance.commands.many import (
    KeptQuantity,
    Quantity,
    record_exposures,
)

__all__ = [
    "KeptQuantity",
    "Quantity",
    "record_exposure",
    "record_exposures",
    "take_back_exposure",
]
