"""Sign-in and sign-out: passwords for staff, one-time link then PIN for owners."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.commands import use_sign_in_link
from marketplace.base.access.queries import is_demo
from marketplace.base.access.sessions import close_session
from marketplace.base.access.signin import (
    DEVICE_LIFE,
    find_device,
    find_link,
    sign_in,
    sign_in_with_pin,
)
from marketplace.base.db import read, write
from marketplace.base.errors import MarketplaceError, Refused
from marketplace.base.words import Lang, has_key, label, say
from marketplace.faces.web import render
from marketplace.faces.web.bodies import form_of
from marketplace.faces.web.middleware import cookie_name
from marketplace.faces.web.viewmodels import (
    DemoAccount,
    OwnerLinkView,
    OwnerPinView,
    SignInView,
)
from marketplace.faces.web.visit import form_token, language_of
from marketplace.upkeep.demo.accounts import DEMO_PASSWORD

_DEMO = (
    ("officer", Role.OFFICER),
    ("reviewer", Role.REVIEWER),
    ("owner", Role.OWNER),
    ("owner2", Role.OWNER),
    ("owner3", Role.OWNER),
    ("marketer", Role.MARKETER),
    ("auditor", Role.AUDITOR),
    ("admin", Role.ADMIN),
    ("right_holder", Role.RIGHT_HOLDER),
)
DEVICE_COOKIE = "device"
_WEEK = 7 * 24 * 3600
_MONTH = 30 * 24 * 3600


def auth_routes(app: App) -> list[Route]:
    """Return the routes of sign-in and sign-out."""

    def bound(work: Callable[[App, Request], Response]) -> Callable[[Request], Response]:
        return lambda request: work(app, request)

    def posted(
        work: Callable[[App, Request, dict[str, str]], Response],
    ) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            form = {k: str(v) for k, v in (await form_of(request)).items()}
            return await run_in_threadpool(work, app, request, form)

        return endpoint

    return [
        Route("/auth/login", bound(login_page), methods=["GET"]),
        Route("/auth/login", posted(login), methods=["POST"]),
        Route("/auth/logout", posted(logout), methods=["POST"]),
        Route("/auth/logout", bound(logout_page), methods=["GET"]),
        Route("/auth/language/{lang}", bound(language), methods=["GET"]),
        Route("/auth/link/{token}", bound(link_page), methods=["GET"]),
        Route("/auth/link/{token}", posted(use_link), methods=["POST"]),
        Route("/auth/pin", bound(pin_page), methods=["GET"]),
        Route("/auth/pin", posted(pin), methods=["POST"]),
    ]


def login_page(app: App, request: Request) -> Response:
    """The sign-in form; a demo lists its accounts. A remembered phone is asked for its PIN."""
    if "staff" not in request.query_params and _is_remembered(app, request):
        return RedirectResponse(_pin_path(request.query_params.get("next", "/")), 303)
    return _login_form(app, request)


def login(app: App, request: Request, form: dict[str, str]) -> Response:
    """Sign a staff member in, or a demo account of any role."""
    if form.get("form_token") != form_token(app, request):
        return _login_form(
            app, request, login=form.get("login", ""), refusal="sign_in_stale", status=403,
            next_path=form.get("next"),
        )  # fmt: skip
    try:
        signed = sign_in(
            app.store,
            clock=app.clock,
            login=form.get("login", ""),
            password=form.get("password", ""),
            address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
        )
    except Refused as error:
        status = 429 if error.code == "sign_in_throttled" else 401
        return _login_form(
            app, request, login=form.get("login", ""), refusal=error, status=status,
            next_path=form.get("next"),
        )  # fmt: skip
    return _enter(app, signed.token, _local(form.get("next", "/")), _WEEK)


def logout(app: App, request: Request, form: dict[str, str]) -> Response:
    """End this browser's session."""
    del form
    token = request.cookies.get(cookie_name(app))
    if token:
        close_session(app.store, clock=app.clock, token=token)
    response = RedirectResponse("/showcase", 303)
    response.delete_cookie(cookie_name(app), secure=app.settings.secure_cookies)
    return response


def logout_page(app: App, request: Request) -> Response:
    """Sign out from a link inside the app; same-site cookies keep foreign pages from it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return RedirectResponse("/", 303)
    return logout(app, request, {})


def language(app: App, request: Request) -> Response:
    """Remember the language of this browser and go back to the page it was asked on."""
    del app
    came_from = urlsplit(request.headers.get("referer", ""))
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    is_ours = came_from.netloc == request.headers.get("host") and not back.startswith("/auth/")
    response = RedirectResponse(_local(back) if is_ours else "/", 303)
    chosen = "en" if request.path_params["lang"] == "en" else "zh"
    response.set_cookie("lang", chosen, max_age=31_536_000, samesite="lax")
    return response


def link_page(app: App, request: Request) -> Response:
    """What a one-time link shows: a button. Opening it, as chats do, uses nothing up."""
    with read(app.store) as session:
        usable = find_link(session, app.clock, request.path_params["token"]) is not None
    view = OwnerLinkView(
        action=str(request.url.path),
        form_token=form_token(app, request),
        is_usable=usable,
        pin_path=_pin_path("/") if _is_remembered(app, request) else None,
    )
    return HTMLResponse(render.render_owner_link(view, language_of(request)))


def use_link(app: App, request: Request, form: dict[str, str]) -> Response:
    """Ask for a new PIN, then use the link up and remember this phone."""
    token = request.path_params["token"]
    with read(app.store) as session:
        if find_link(session, app.clock, token) is None:
            return link_page(app, request)
    chosen = form.get("pin", "")
    refusal: str | None = None
    if chosen and form.get("form_token") != form_token(app, request):
        refusal = "pin_stale"  # a phone that changed its network in between
    elif chosen:
        if chosen != form.get("pin_again", ""):
            refusal = "pin_differs"
        else:
            try:
                device = write(
                    app.store,
                    lambda s: use_sign_in_link(s, clock=app.clock, token=token, pin=chosen),
                )
            except MarketplaceError as error:
                refusal = error.code
            else:
                return _with_device(app, request, device, chosen)
    view = OwnerPinView(
        action=str(request.url.path),
        form_token=form_token(app, request),
        is_new=True,
        refusal=refusal,
    )
    return HTMLResponse(render.render_owner_pin(view, language_of(request)))


def pin_page(app: App, request: Request) -> Response:
    """Ask for the PIN of a remembered phone; another is told how it comes to be one."""
    return _pin_form(app, request, None, 200, request.query_params.get("next", "/"))


def pin(app: App, request: Request, form: dict[str, str]) -> Response:
    """Sign an owner in by PIN."""
    device = request.cookies.get(DEVICE_COOKIE, "")
    try:
        signed = sign_in_with_pin(
            app.store,
            clock=app.clock,
            device_token=device,
            pin=form.get("pin", ""),
            user_agent=request.headers.get("user-agent", ""),
        )
    except Refused as error:
        status = 401 if error.code == "pin_refused" else 429
        return _pin_form(app, request, error, status, form.get("next", "/"))
    entered = _enter(app, signed.token, _local(form.get("next", "/")), _MONTH)
    return _remember(app, entered, device)


def _with_device(app: App, request: Request, device: str, chosen: str) -> Response:
    signed = sign_in_with_pin(
        app.store,
        clock=app.clock,
        device_token=device,
        pin=chosen,
        user_agent=request.headers.get("user-agent", ""),
    )
    return _remember(app, _enter(app, signed.token, "/", _MONTH), device)


def _remember(app: App, response: Response, device: str) -> Response:
    """Keep a phone's token in its browser as long as the phone is remembered here."""
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=int(DEVICE_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
    )
    return response


def _enter(app: App, token: str, where: str, max_age: int) -> Response:
    response = RedirectResponse(where, 303)
    response.set_cookie(
        cookie_name(app),
        token,
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
        path="/",
    )
    return response


def _login_form(
    app: App,
    request: Request,
    *,
    login: str = "",
    refusal: Refused | str | None = None,
    status: int = 200,
    next_path: str | None = None,
) -> Response:
    lang = language_of(request)
    wanted = _local(next_path or request.query_params.get("next", "/"))
    with read(app.store) as session:
        demo = is_demo(session)
    accounts = tuple(DemoAccount(n, _demo_role(n, r, lang), DEMO_PASSWORD) for n, r in _DEMO)
    view = SignInView(
        action="/auth/login",
        form_token=form_token(app, request),
        next_path=wanted,
        pin_path=_pin_path(wanted),
        login=login,
        refusal=refusal.code if isinstance(refusal, Refused) else refusal,
        refusal_facts=refusal.facts if isinstance(refusal, Refused) else {},
        demo_accounts=accounts if demo else (),
    )
    return HTMLResponse(render.render_sign_in(view, lang), status)


def _pin_form(
    app: App, request: Request, refusal: Refused | None, status: int, next_path: str
) -> Response:
    view = OwnerPinView(
        action="/auth/pin",
        form_token=form_token(app, request),
        is_known=_is_remembered(app, request),
        next_path=_local(next_path),
        refusal=refusal.code if refusal else None,
        refusal_facts=refusal.facts if refusal else {},
    )
    return HTMLResponse(render.render_owner_pin(view, language_of(request)), status)


def _demo_role(login: str, role: Role, lang: Lang) -> str:
    """Return what a demo account is; the owners tell apart by what happened to them."""
    key = f"showcase.sign_in.demo_{login}"
    return say(key, lang) if has_key(key) else label(role, lang)


def _is_remembered(app: App, request: Request) -> bool:
    device = request.cookies.get(DEVICE_COOKIE, "")
    if not device:
        return False
    with read(app.store) as session:
        return find_device(session, app.clock, device) is not None


def _pin_path(wanted: str) -> str:
    wanted = _local(wanted)
    return "/auth/pin" if wanted == "/" else f"/auth/pin?{urlencode({'next': wanted})}"


def _local(path: str) -> str:
    """Return a path on this site; anything else leads home."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if safe else "/"
