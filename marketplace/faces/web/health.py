"""Whether this process can serve: for a proxy and for whoever watches it."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from marketplace.assembly import App
from marketplace.base.access.queries import is_demo
from marketplace.base.db import read
from marketplace.base.errors import Unavailable


def health(app: App) -> Response:
    """Answer 200 where the database answers, has its tables and keeps what is written; else 503.

    A database that cannot be read at all ends as any fault does, with 500.
    """
    try:
        with read(app.store) as session:
            is_demo(session)
            app.store.require_place(session.connection())
    except Unavailable as error:
        return PlainTextResponse(error.code, 503)
    return PlainTextResponse("ok")
