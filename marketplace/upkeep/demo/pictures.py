"""Puts the drawn shoes into the file store as they are; they were made for this product."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.files.tables import StoredFile

_SIZE = (800, 512)


def store_pictures(session: Session, app: App, folder: Path) -> dict[tuple[str, str], int]:
    """Return (brand key, shoe kind) → stored file of every drawing."""
    found: dict[tuple[str, str], int] = {}
    for path in sorted(folder.glob("*-*.webp")):
        brand, kind = path.stem.split("-", 1)
        content = path.read_bytes()
        sha = hashlib.sha256(content).hexdigest()
        target = app.data_dir / "files" / sha[:2] / sha
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        row = StoredFile(
            sha256=sha,
            size_bytes=len(content),
            media_type="image/webp",
            width=_SIZE[0],
            height=_SIZE[1],
            stored_at=app.clock.now(),
        )
        session.add(row)
        session.flush()
        found[(brand, kind)] = row.key
    return found
