"""Reads staff conduct for the auditor."""

from marketplace.features.oversight.queries.draws import (
    DrawDetail,
    DrawRow,
    ItemRow,
    VerdictRow,
    frame_of,
    get_draw,
    list_draws,
)
from marketplace.features.oversight.queries.patterns import (
    ConcentrationRow,
    FastRow,
    Named,
    find_concentration,
    list_fast,
)
from marketplace.features.oversight.queries.replay import Replay, get_replay
from marketplace.features.oversight.queries.rotation import (
    MarketerRow,
    RotationRow,
    list_rotation,
)
from marketplace.features.oversight.queries.shield import (
    Shield,
    ShieldGroup,
    compare_enrollment,
)
from marketplace.features.oversight.queries.telling import EvidenceRow, Told
from marketplace.features.oversight.queries.views import ViewsRow, list_views
from marketplace.features.oversight.queries.within import require_item

__all__ = [
    "ConcentrationRow",
    "DrawDetail",
    "DrawRow",
    "EvidenceRow",
    "FastRow",
    "ItemRow",
    "MarketerRow",
    "Named",
    "Replay",
    "RotationRow",
    "Shield",
    "ShieldGroup",
    "Told",
    "VerdictRow",
    "ViewsRow",
    "compare_enrollment",
    "find_concentration",
    "frame_of",
    "get_draw",
    "get_replay",
    "list_draws",
    "list_fast",
    "list_rotation",
    "list_views",
    "require_item",
]
