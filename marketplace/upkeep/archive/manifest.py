"""What an archive says of itself, and whether it is true."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from marketplace.base.errors import Refused

NAME = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive: its digest, and how many rows a table has."""

    sha256: str
    size: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """The archive's contents; `schema` is the revision its tables are of."""

    format: int
    schema: str
    as_of: str
    dialect: str
    audit_entries: int
    parts: Mapping[str, Part]

    def to_json(self) -> bytes:
        """Return the manifest as it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def made_at(self) -> datetime:
        """When the state was read."""
        return datetime.fromisoformat(self.as_of)


def check_archive(path: Path) -> Manifest:
    """Return an archive's manifest after every member was read and found as it was written.

    Raises:
        Refused: no archive, of another format, or a member is missing, added or changed; the
            facts name it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read(archive)
            names = {n for n in archive.namelist() if n != NAME}
            for name in sorted(names ^ set(manifest.parts)):
                raise Refused("backup_incomplete", part=name)
            for name, part in manifest.parts.items():
                with archive.open(name) as member:
                    if digest_of(member) != part.sha256:
                        raise Refused("backup_damaged", part=name)
    except (zipfile.BadZipFile, EOFError, KeyError, ValueError, TypeError) as error:
        raise Refused("backup_unreadable", file=path.name) from error
    return manifest


def digest_of(stream: IO[bytes]) -> str:
    """Return the SHA-256 of a stream, read in pieces."""
    found = sha256()
    while piece := stream.read(_CHUNK):
        found.update(piece)
    return found.hexdigest()


def _read(archive: zipfile.ZipFile) -> Manifest:
    told = json.loads(archive.read(NAME))
    if told["format"] != FORMAT:
        raise Refused("backup_format", found=str(told["format"]), known=str(FORMAT))
    parts = {name: Part(**part) for name, part in told.pop("parts").items()}
    return Manifest(parts=parts, **told)
