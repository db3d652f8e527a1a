"""Evidence by content hash: checked, stripped of metadata, stored once, served when allowed."""

from marketplace.base.files.openings import forget_openings, is_opening_kept, keep_opening
from marketplace.base.files.store import (
    MAX_BYTES,
    FileView,
    keep_file,
    list_files,
    open_file,
    read_stored,
    receive_file,
    sweep_orphans,
)

__all__ = [
    "MAX_BYTES",
    "FileView",
    "forget_openings",
    "is_opening_kept",
    "keep_file",
    "keep_opening",
    "list_files",
    "open_file",
    "read_stored",
    "receive_file",
    "sweep_orphans",
]
