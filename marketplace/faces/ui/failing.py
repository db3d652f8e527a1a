"""What a reader sees when a page breaks: a number to quote, and nothing of the inside."""

from __future__ import annotations

import logging
import secrets

from marketplace.base.errors import Unavailable
from marketplace.base.words import say
from marketplace.faces.ui import kit
from marketplace.faces.ui.speaking import language

log = logging.getLogger(__name__)


def show_failure(error: Exception) -> bool:
    """Log what broke under a number and show only the number; True keeps Streamlit's box away."""
    if isinstance(error, Unavailable):
        kit.error_box(error, language())
        return True
    reference = secrets.token_hex(4)
    log.error("page failed, reference %s", reference, exc_info=error)
    kit.note(say("app.failed", language(), reference=reference), "bad")
    return True
