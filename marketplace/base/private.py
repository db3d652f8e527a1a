"""Files and folders of the installation: readable by its user alone, and written whole."""

from __future__ import annotations

import os
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, for this user alone; one that is there stays as it is."""
    if path.is_dir():
        return
    if path.parent != path:
        make_folder(path.parent)  # `mkdir(parents=True)` would leave those above open to all
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def open_private(path: str | Path, flags: int) -> int:
    """Open a file as `os.open` does, made for this user alone; an `opener` of `open`."""
    return os.open(path, flags, FILE_MODE)


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole under its name and have it on the disk, or not at all."""
    make_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with open(draft, "wb", opener=open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
