"""Cleans an uploaded picture or PDF in a child process with memory and time caps (trust.md, 15)."""

from __future__ import annotations

import json

from marketplace.base.errors import Refused
from marketplace.base.guard import Guard, Limits, Stopped
from marketplace.base.media.cleaning import KINDS, MAX_BYTES, Cleaned, check_outside
from marketplace.base.text import normalize

TIMEOUT_SECONDS = 20  # a photo of 12 million pixels takes about one
MEMORY_BYTES = 1024**3
_HEAD_BYTES = 4096
STRANGER_SECONDS = 5
_JOB = "marketplace.base.media.child"
_guard = Guard(_JOB)
_strangers = Guard(_JOB, at_once=1)  # they wait for each other, nobody waits for them


def clean_file(
    content: bytes,
    name: str,
    *,
    of_stranger: bool = False,
    timeout_seconds: int = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Cleaned:
    """Return what to store of an uploaded file; `name` is only for what is said of it.

    Raises:
        Refused: with `file`: empty, too large, of an unknown kind, damaged, active, too many pixels;
            `file_stopped` when the child died or was stopped.
    """
    told = normalize(name)[:80] or "—"  # nothing in it may turn a sentence around
    check_outside(content, told)
    seconds = min(timeout_seconds, STRANGER_SECONDS) if of_stranger else timeout_seconds
    limits = Limits(memory_bytes, seconds, MAX_BYTES + _HEAD_BYTES)
    guard = _strangers if of_stranger else _guard
    try:
        answer = guard.ask(content, {"file": told}, limits=limits)
    except Stopped as error:
        raise Refused("file_stopped", file=told) from error
    head, _, cleaned = answer.partition(b"\n")
    return _cleaned_of(head, cleaned, told)


def _cleaned_of(head: bytes, content: bytes, file: str) -> Cleaned:
    """Believe the child nothing but the form of its answer."""
    try:
        told = json.loads(head)
        if "refused" in told:
            raise Refused(str(told["refused"]), **told["facts"])
        media_type, width, height = told["cleaned"]
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("file_stopped", file=file) from error
    sizes_fit = all(size is None or isinstance(size, int) for size in (width, height))
    if media_type not in KINDS or not content or not sizes_fit:
        raise Refused("file_stopped", file=file)
    return Cleaned(content, media_type, width, height)
