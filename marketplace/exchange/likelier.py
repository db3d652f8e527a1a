"""Tells when a table is rather one of another kind: a ledger of penalties taken for a list of firms.

A hint only: both kinds name firms, and what is imported stays with who chooses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.exchange.columns import propose_columns
from marketplace.exchange.fields import ANCHORS
from marketplace.exchange.kinds import Basis, ImportKind

_MORE = 2.0  # whole columns; a heading more or less is chance


def likelier_kind(kind: ImportKind, headings: Sequence[str]) -> ImportKind | None:
    """Return the kind whose fields clearly more of the headings name, None where none does."""
    named = {one: _named(one, headings) for one in ImportKind}
    best = max(ImportKind, key=lambda one: named[one])
    return best if named[best] >= named[kind] + _MORE else None


def _named(kind: ImportKind, headings: Sequence[str]) -> float:
    uses = [u for u in propose_columns(kind, headings).columns if u.basis is not Basis.CONTENTS]
    if not ANCHORS[kind] & {use.field for use in uses}:
        return 0.0
    return sum(use.confidence for use in uses)
