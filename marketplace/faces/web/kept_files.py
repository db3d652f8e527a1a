"""The files of our own pages, and how long a browser may keep them without asking."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_STATIC = Path(__file__).parent / "static"


@cache
def stamped(name: str) -> str:
    """Return the address of a file of the public pages; it changes with what is in the file."""
    stamp = sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/assets/{name}?v={stamp}"


class KeptFiles(StaticFiles):
    """A folder of files: kept for a year under a stamped address, for an hour without a stamp."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with how long it may be kept; what is missing is not kept."""
        response = await super().get_response(path, scope)
        if response.status_code < 400:
            is_stamped = scope.get("query_string", b"").startswith(b"v=")
            kept = "max-age=31536000, immutable" if is_stamped else "max-age=3600"
            response.headers["Cache-Control"] = f"public, {kept}"
        return response
