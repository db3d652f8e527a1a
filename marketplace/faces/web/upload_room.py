"""Bounds what the server holds in memory of one account's uploads before they are kept.

Streamlit bounds a single file (`server.maxUploadSize`) and holds each until its session ends;
nobody bounds how many. Here an account that holds too much, or would with what comes, is
answered 413 before a byte is read. Who is nobody was answered 401 before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

UPLOADS = "/_stcore/upload_file"
MAX_FILE_BYTES = 20 * 1024**2
MAX_HELD_BYTES = 300 * 1024**2
MAX_HELD_FILES = 300

Stored = dict[str, list[int]]


def held_by_streamlit() -> Stored:
    """Return Streamlit's sessions with the sizes of the files it holds of them."""
    if not runtime.exists():
        return {}
    storage = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return {
        session: [len(file.data) for file in list(files.values())]
        for session, files in list(storage.items())
    }


class UploadRoom:
    """Counts by account what is held and what is on its way."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        stored: Callable[[], Stored] = held_by_streamlit,
        most_bytes: int = MAX_HELD_BYTES,
        most_files: int = MAX_HELD_FILES,
    ) -> None:
        """Start with nothing held."""
        self.app, self.stored = app, stored
        self.most_bytes, self.most_files = most_bytes, most_files
        self._accounts: dict[str, str] = {}  # Streamlit's session → account
        self._coming: defaultdict[str, list[int]] = defaultdict(list)  # account → sizes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an upload pass while there is room for it."""
        is_upload = scope["type"] == "http" and scope["path"].startswith(UPLOADS + "/")
        if not is_upload or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        account = headers.get(b"x-app-user", b"").decode()
        told = headers.get(b"content-length", b"").decode()
        size = min(int(told), MAX_FILE_BYTES) if told.isdigit() else MAX_FILE_BYTES
        session = scope["path"].removeprefix(UPLOADS + "/").split("/")[0]
        files, held = self._held(account)
        if files >= self.most_files or held + size > self.most_bytes:
            await PlainTextResponse("too much held already", 413)(scope, receive, send)
            return
        coming = self._coming[account]
        coming.append(size)
        try:
            await self.app(scope, receive, send)
        finally:
            self._accounts[session] = account
            coming.remove(size)
            if not coming:
                self._coming.pop(account, None)

    def _held(self, account: str) -> tuple[int, int]:
        """Return (files, bytes) held and coming; sessions that ended are forgotten."""
        stored = self.stored()
        self._accounts = {k: whose for k, whose in self._accounts.items() if k in stored}
        sizes = [
            size
            for session, whose in self._accounts.items()
            if whose == account
            for size in stored[session]
        ]
        sizes += self._coming.get(account, [])
        return len(sizes), sum(sizes)
