"""The routes of the public site. Server-rendered, no sign-in, real 404s."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Mount, Route, request_response

from marketplace.assembly import App
from marketplace.base.settings import ROOT
from marketplace.faces.web import (
    machines,
    pages_answers,
    pages_appeals,
    pages_complaints,
    pages_reports,
    pages_shop,
)
from marketplace.faces.web.bodies import BodyBound
from marketplace.faces.web.kept_files import KeptFiles
from marketplace.faces.web.scans import ScanTally
from marketplace.faces.web.visit import Page, endpoint_of, not_found


def public_routes(app: App) -> list[Route | Mount]:
    """Return every route an anonymous visitor may open."""

    def page(path: str, view: Page) -> Route:
        return Route(path, endpoint_of(app, view), methods=["GET"])

    static = Path(__file__).parent / "static"
    return [
        page("/showcase", pages_shop.home),
        page("/showcase/how", pages_answers.how),
        page("/showcase/appeals", pages_appeals.appeals),
        page("/showcase/products", pages_shop.product_list),
        page("/showcase/products/{code}", pages_shop.product),
        page("/showcase/products/{code}/card.jpg", machines.product_card),
        page("/showcase/brands/{slug}", pages_shop.brand),
        page("/showcase/collections/{slug}", pages_shop.collection),
        page("/verify", pages_answers.verify_blank),
        page("/verify/{code}", pages_answers.verify_page(ScanTally(app))),
        page("/report", pages_reports.report_form),
        Route("/report", pages_reports.report_endpoint(app), methods=["POST"]),
        page("/complain", pages_complaints.complain_form),
        Route("/complain", pages_complaints.complain_endpoint(app), methods=["POST"]),
        page("/complain/status", pages_complaints.complaint_status),
        page("/complain/{rest:path}", not_found),
        page("/pictures/{sha}", machines.picture),
        page("/robots.txt", machines.robots),
        page("/sitemap.xml", machines.sitemap),
        Mount("/assets/pictures", KeptFiles(directory=ROOT / "data" / "demo-pictures")),
        Mount("/assets", KeptFiles(directory=static)),
        page("/showcase/{rest:path}", not_found),
        page("/verify/{code}/{rest:path}", not_found),
    ]


def body_bound(app: App) -> Middleware:
    """Return what bounds every body; a complaint brings files and says in words what is too much."""
    too_large = request_response(pages_complaints.too_large(app))
    complaint = (pages_complaints.most_bytes(app), too_large)
    return Middleware(BodyBound, larger={"/complain": complaint})
