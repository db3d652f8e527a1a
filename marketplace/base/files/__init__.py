"""Evidence by content hash: checked, stripped of metadata, stored once, served when allowed."""

from marketplace.base.files.openings import forget_openings, is_opening_kept, keep_opening
from marketplace.base.files.store import (
    FileView,
    keep_file,
    list_files,
    open_file,
    read_stored,
    receive_file,
    require_own_file,
    sweep_orphans,
)
from marketplace.base.media import MAX_BYTES, Cleaned, clean_file

__all__ = [
    "MAX_BYTES",
    "Cleaned",
    "FileView",
    "clean_file",
    "forget_openings",
    "is_opening_kept",
    "keep_file",
    "keep_opening",
    "list_files",
    "open_file",
    "read_stored",
    "receive_file",
    "require_own_file",
    "sweep_orphans",
]
