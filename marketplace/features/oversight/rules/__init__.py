"""The pure rules of oversight; a pattern is a question, not a finding."""

from marketplace.features.oversight.rules.concentration import (
    Concentration,
    Pair,
    concentration,
)
from marketplace.features.oversight.rules.decisions import Decision
from marketplace.features.oversight.rules.errors import ErrorRate, error_rate
from marketplace.features.oversight.rules.rotation import (
    Placing,
    RotationPair,
    rotation_pairs,
)
from marketplace.features.oversight.rules.sampling import (
    ALGORITHM,
    draw,
    frame_digest,
    key_of,
)
from marketplace.features.oversight.rules.speed import PersonSpeed, fast_decisions, speeds
from marketplace.features.oversight.rules.views import Span, View, cause_of

__all__ = [
    "ALGORITHM",
    "Concentration",
    "Decision",
    "ErrorRate",
    "Pair",
    "PersonSpeed",
    "Placing",
    "RotationPair",
    "Span",
    "View",
    "cause_of",
    "concentration",
    "draw",
    "error_rate",
    "fast_decisions",
    "frame_digest",
    "key_of",
    "rotation_pairs",
    "speeds",
]
