"""The stage a factory has reached: a consequence of the conditions it holds, nothing else."""

from __future__ import annotations

from marketplace.base.rulebook.model import Rulebook


def stage_of(rulebook: Rulebook, held: frozenset[str]) -> str:
    """Return the last stage whose conditions, and those of every stage before it, all hold.

    Stages are cumulative; conditions in between are a partial order, so that holding a later
    one early never skips a stage. Without any it is the first stage.
    """
    reached = rulebook.stages[0].key
    for stage in rulebook.stages:
        if not all(key in held for key in stage.requires):
            break
        reached = stage.key
    return reached
