"""Puts the drawn shoes into the file store as they are; they were made for this product."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from PIL import Image, ImageDraw
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


def certificate_picture(mark: str) -> bytes:
    """Return a blank form that stands for a certificate; each mark has a shade of its own."""
    shade = 200 + hashlib.sha256(mark.encode()).digest()[0] % 40
    image = Image.new("RGB", (420, 594), (250, 248, shade))
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 20, 400, 574), outline=(120, 110, 90), width=3)
    for line in range(9):
        pen.line((60, 150 + 40 * line, 360, 150 + 40 * line), fill=(190, 184, 170), width=2)
    pen.ellipse((270, 440, 370, 540), outline=(166, 27, 41), width=4)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
