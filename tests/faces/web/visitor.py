"""A visitor of the real server: the standard library only, no cookies, no redirects followed."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import uvicorn
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")


@dataclass(frozen=True)
class Visitor:
    """Somebody at `origin`."""

    origin: str

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", address, None, dict(headers or {}))

    def post(
        self, address: str, given: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", address, urlencode(given).encode(), kind)

    def post_form(
        self,
        address: str,
        given: Mapping[str, str],
        files: Sequence[tuple[str, str, bytes]] = (),
    ) -> Answer:
        """Send fields and files, each as (field, name, content), as a browser's form does."""
        mark = "----a-line-no-file-contains"
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in given.items()
        )
        for field, name, content in files:
            head = (
                f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"'
            )
            body += head.encode() + b"\r\n\r\n" + content + b"\r\n"
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._ask("POST", address, body + f"--{mark}--\r\n".encode(), kind)

    def _ask(
        self, method: str, address: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            named = {k.lower(): v for k, v in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()


@contextmanager
def visiting(app: ASGIApp) -> Iterator[Visitor]:
    """Serve an app on a free port of this machine for as long as the block runs."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Visitor(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(10)
