"""The front door: one ASGI app of pages, public routes and middleware."""

from marketplace.faces.web.server import build_app

app = build_app()
