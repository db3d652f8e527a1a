"""Uploaded pictures and PDFs: told by their content, cleaned in a capped child process."""

from marketplace.base.media.cleaning import MAX_BYTES, Cleaned
from marketplace.base.media.guarded import clean_file

__all__ = ["MAX_BYTES", "Cleaned", "clean_file"]
