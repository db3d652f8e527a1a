"""How hard it was looked, before and after; and when a fall may be called one.

Pure. Domain §3: fakes found depend on how hard one looks; a fall with less looking is flagged,
not celebrated. Effort counts as fallen when any measure of looking fell below the kept share,
taken per store (intensity) or per operator (absolute): closing the eyes and closing the stores
are both less looking. A measure that is missing on a side says nothing and is shown as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.features.compliance.rules.intervals import Interval, proportion_interval


class Measured(StrEnum):
    """The measures of looking, in the order they are shown."""

    CHECKED_PER_STORE = "checked_per_store"
    CHECKED_PER_OPERATOR = "checked_per_operator"
    SHARE_CHECKED = "share_checked"
    INSPECTIONS = "inspections"
    COMPLAINTS = "complaints"
    SAMPLES = "samples"


# Complaints come from others: fewer of them is no proof that the program looked less.
LOOKING = frozenset(
    {
        Measured.CHECKED_PER_STORE,
        Measured.CHECKED_PER_OPERATOR,
        Measured.SHARE_CHECKED,
        Measured.INSPECTIONS,
        Measured.SAMPLES,
    }
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one side of time zero saw of looking; None is "no data", never zero.

    `listed` is how many listings were on sale in the same store-months as `checked`.
    `complaint_months` are the operator-months since complaints are kept here; None for all; so are
    `sample_months` since listings are drawn.
    """

    store_months: int
    operator_months: int
    checked: int
    listed: int | None = None
    inspections: int | None = None
    complaints: int | None = None
    samples: int | None = None
    complaint_months: int | None = None
    sample_months: int | None = None


@dataclass(frozen=True, slots=True)
class EffortLine:
    """One measure a month before and after; `fell` is None where a side has no data."""

    measure: Measured
    before: float | None
    after: float | None
    fell: bool | None

    @property
    def ratio(self) -> float | None:
        """After over before; None without both."""
        if not self.before or self.after is None:
            return None
        return self.after / self.before


@dataclass(frozen=True, slots=True)
class Effort:
    """All measures, and whether it was looked less."""

    lines: tuple[EffortLine, ...]

    @property
    def fell(self) -> bool:
        """Whether any measure of the program's own looking fell."""
        return any(line.fell for line in self.lines if line.measure in LOOKING)

    @property
    def fell_in(self) -> tuple[Measured, ...]:
        """The measures that fell, for the sentence."""
        return tuple(x.measure for x in self.lines if x.fell and x.measure in LOOKING)


def compare_effort(before: Looked, after: Looked, *, kept: float = 0.9) -> Effort:
    """Return every measure on both sides; one under `kept` times its before has fallen."""
    return Effort(tuple(_line(m, before, after, kept) for m in Measured))


@dataclass(frozen=True, slots=True)
class OriginLine:
    """Findings of one origin: how many, how many stood, with the exact interval of precision.

    `precision` is upheld / decided (overturned ones count as decided and not as upheld);
    `reversal_rate` is overturned / (upheld + overturned). None without decisions.
    """

    origin: str
    found: int
    decided: int
    upheld: int
    overturned: int
    share: float
    precision: float | None
    precision_interval: Interval | None
    reversal_rate: float | None
    reversal_interval: Interval | None


def origin_mix(
    statuses: Iterable[tuple[str, str]], *, level: float = 0.95
) -> tuple[OriginLine, ...]:
    """Return one line an origin from (origin, finding status) pairs, largest first."""
    counted: dict[str, dict[str, int]] = {}
    for origin, status in statuses:
        row = counted.setdefault(origin, {})
        row[status] = row.get(status, 0) + 1
    total = sum(sum(row.values()) for row in counted.values())
    lines = [_origin(origin, row, total, level) for origin, row in counted.items()]
    return tuple(sorted(lines, key=lambda line: (-line.found, line.origin)))


def _line(measure: Measured, before: Looked, after: Looked, kept: float) -> EffortLine:
    was, now = _amount(measure, before), _amount(measure, after)
    fell = None if was is None or now is None else now < was * kept
    return EffortLine(measure, was, now, fell)


def _amount(measure: Measured, side: Looked) -> float | None:
    kept = side.operator_months if side.complaint_months is None else side.complaint_months
    drawn = side.operator_months if side.sample_months is None else side.sample_months
    count, months = {
        Measured.CHECKED_PER_STORE: (side.checked, side.store_months),
        Measured.CHECKED_PER_OPERATOR: (side.checked, side.operator_months),
        Measured.SHARE_CHECKED: (side.checked, side.listed or 0),
        Measured.INSPECTIONS: (side.inspections, side.operator_months),
        Measured.COMPLAINTS: (side.complaints, kept),
        Measured.SAMPLES: (side.samples, drawn),
    }[measure]
    return None if count is None or not months else count / months


def _origin(origin: str, row: Mapping[str, int], total: int, level: float) -> OriginLine:
    upheld, overturned = row.get("upheld", 0), row.get("overturned", 0)
    decided = upheld + overturned + row.get("dismissed", 0)
    stood = upheld + overturned
    return OriginLine(
        origin=origin,
        found=sum(row.values()),
        decided=decided,
        upheld=upheld,
        overturned=overturned,
        share=sum(row.values()) / total,
        precision=upheld / decided if decided else None,
        precision_interval=proportion_interval(upheld, decided, level),
        reversal_rate=overturned / stood if stood else None,
        reversal_interval=proportion_interval(overturned, stood, level),
    )
