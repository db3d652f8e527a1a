"""What the capped child does with a picture or PDF: cleans it, answers a head and the content."""

from __future__ import annotations

import json
from collections.abc import Iterator

from PIL import Image

from marketplace.base.errors import Refused
from marketplace.base.media.cleaning import clean

Image.preinit()  # in the worker, once, not in the child of every picture


def serve(content: bytes, facts: dict[str, object]) -> Iterator[bytes]:
    """Yield the answer: one line that tells, then what to store."""
    try:
        cleaned = clean(content, str(facts["file"]))
    except Refused as error:
        yield json.dumps({"refused": error.code, "facts": dict(error.facts)}).encode() + b"\n"
        return
    head = [cleaned.media_type, cleaned.width, cleaned.height]
    yield json.dumps({"cleaned": head}).encode() + b"\n"
    yield cleaned.content
