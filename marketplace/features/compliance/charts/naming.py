"""What the points of a figure are called: a firm out of the reader's districts has no name there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.marks.queries import Named

Names = Mapping[int, Named]


class Keyed(Protocol):
    """A point or estimate of one operator."""

    @property
    def key(self) -> int:
        """The operator."""
        ...


K = TypeVar("K", bound=Keyed)


def name_of(key: int, names: Names, frame: Frame) -> str:
    """Return what an operator is called, or that it lies elsewhere."""
    return names[key].name if key in names else frame.t("methods.elsewhere")


def link_of(key: int, names: Names) -> str:
    """Return the address of an operator's dossier; empty where it has no name here."""
    return f"/dossier?id={names[key].factory_id}" if key in names else ""


def listed(points: Sequence[K], names: Names) -> list[K]:
    """Return the points that have a row: a row of a firm without a name would tell who it is."""
    return [p for p in points if p.key in names]


def rows_told(points: Sequence[Keyed], names: Names, frame: Frame) -> tuple[str, ...]:
    """Say how many rows the table has where they are fewer than the points."""
    shown = len(listed(points, names))
    if shown == len(points):
        return ()
    return (frame.t("methods.own_rows", shown=shown, total=len(points)),)
