"""Backups: one file that either engine can be restored from, proven when it is read."""

from marketplace.upkeep.archive.backing import BackupReport, make_backup
from marketplace.upkeep.archive.manifest import Manifest, check_archive
from marketplace.upkeep.archive.restoring import is_never_used, restore_backup, restore_keys

__all__ = [
    "BackupReport",
    "Manifest",
    "check_archive",
    "is_never_used",
    "make_backup",
    "restore_backup",
    "restore_keys",
]
