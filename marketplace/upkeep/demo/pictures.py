"""Puts the drawn shoes and their design sheets into the file store, each once by its content.

They were made for this product, so they are stored as they are.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.db.bulk import insert_many
from marketplace.base.files.tables import StoredFile
from marketplace.base.private import write_private
from marketplace.upkeep.demo import sheets

_SIZE = (800, 512)

Shoe = tuple[str, str]  # the brand key and the kind of shoe in a picture's file name


@dataclass(frozen=True, slots=True)
class Drawn:
    """The stored files of one shoe, its picture and its design sheet, with their content's hashes."""

    picture: int
    picture_sha256: str
    sheet: int
    sheet_sha256: str


def store_pictures(session: Session, app: App, folder: Path) -> dict[Shoe, Drawn]:
    """Return (brand key, shoe kind) → stored files of every drawing."""
    kept: dict[Shoe, tuple[str, str]] = {}
    rows: list[dict[str, object]] = []
    for path in sorted(folder.glob("*-*.webp")):
        if not sheets.is_picture(path):
            continue
        brand, kind = path.stem.split("-")
        sheet = path.with_name(f"{path.stem}{sheets.SUFFIX}")
        kept[(brand, kind)] = (
            _keep(app, path, _SIZE, rows),
            _keep(app, sheet, sheets.SIZE, rows),
        )
    numbers = dict(
        zip(
            (row["sha256"] for row in rows), insert_many(session, StoredFile, rows), strict=True
        )
    )
    return {
        shoe: Drawn(numbers[picture], picture, numbers[sheet], sheet)
        for shoe, (picture, sheet) in kept.items()
    }


def _keep(app: App, path: Path, size: tuple[int, int], rows: list[dict[str, object]]) -> str:
    content = path.read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    target = app.data_dir / "files" / sha[:2] / sha
    if not target.exists():
        write_private(target, content)
    rows.append(
        {
            "sha256": sha,
            "size_bytes": len(content),
            "media_type": "image/webp",
            "width": size[0],
            "height": size[1],
            "stored_at": app.clock.now(),
        }
    )
    return sha


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
