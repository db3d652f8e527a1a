"""Bounds what a request may carry, for every route at once, by what really comes.

A form is small and only the public complaint brings files, so nobody fills memory or disk before
anything has asked who he is. Streamlit's own uploads are bounded by `upload_room` instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.base.words import say
from marketplace.faces.web.upload_room import UPLOADS
from marketplace.faces.web.visit import language_of

MAX_FORM_BYTES = (
    64 * 1024
)  # 2,000 characters, each nine bytes where a browser encodes them, and more
_MOST_FIELDS = 12


async def form_of(request: Request, *, files: int = 0) -> FormData:
    """Return what a form brought; one with more fields than any of ours is answered 400."""
    return await request.form(max_files=files, max_fields=_MOST_FIELDS)


class _TooLarge(Exception):
    """More came than the route takes."""


class BodyBound:
    """Answers 413 to what is announced too large unread, and to what grows too large on its way."""

    def __init__(
        self, app: ASGIApp, *, larger: Mapping[str, tuple[int, ASGIApp]] | None = None
    ) -> None:
        """Remember which paths take more: path → (bytes, what answers there instead)."""
        self.app = app
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes."""
        if scope["type"] != "http" or scope["path"].startswith(UPLOADS + "/"):
            await self.app(scope, receive, send)
            return
        most, refuse = self.larger.get(scope["path"], (MAX_FORM_BYTES, _too_large))
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told) > most:
            await refuse(scope, receive, send)
            return
        counted = _Counted(receive, send, most)
        try:
            await self.app(scope, counted.receive, counted.send)
        except Exception:
            # Whoever read it may have wrapped the refusal in an error of its own.
            if not counted.is_over:
                raise
        if counted.is_over and not counted.has_begun:
            await refuse(scope, receive, send)


class _Counted:
    """One request's way in and out; once too much has come nothing of its own answer goes out."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.is_over = self.has_begun = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.is_over = True
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if self.is_over:
            return
        self.has_begun = True
        await self._send(message)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    text = say("error.body_too_large", language_of(Request(scope)))
    await PlainTextResponse(text, 413)(scope, receive, send)
