"""What a page tells `static/keep.js` of a form: what the server holds of it, as sums, never as words."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from html import escape

from marketplace.desk.drafts import DraftValue


def held_markup(begun: Mapping[str, DraftValue], *, prefix: str, token: str, spent: str) -> str:
    """Return a hidden element with a CRC-32 of each value that the server holds of a form.

    `prefix` is how the keys of its fields begin, `spent` the token it was last sent or given up
    under. Only this proves to the browser that what was typed has arrived; what is typed stands
    in the page once.
    """
    told = {
        # Streamlit writes a key into a class so; `keep.js` knows a field by it.
        "form": re.sub(r"[^a-zA-Z0-9_-]", "-", prefix),
        "token": token,
        "spent": spent,
        "held": json.dumps({name: _sum(v) for name, v in begun.items() if name[0] != "_"}),
    }
    facts = " ".join(f'data-{name}="{escape(text)}"' for name, text in told.items())
    return f'<i class="z-held" {facts}></i>'


def _sum(value: DraftValue) -> int:
    return zlib.crc32(str("" if value is None else value).encode("utf-8", "replace"))
