"""Made-up views for every public page; `name` and `text` let a test put anything into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from marketplace.base.errors import Fault
from marketplace.base.words import Lang
from marketplace.faces.web import render
from marketplace.faces.web.viewmodels import (
    BrandView,
    Check,
    Collection,
    CollectionLink,
    CollectionView,
    ComplaintStatusView,
    ComplainView,
    DemoAccount,
    ErrorView,
    Facet,
    Gate,
    HomeView,
    HowView,
    Maker,
    MakerStory,
    Material,
    NotFoundView,
    OfficialStore,
    OwnerLinkView,
    OwnerPinView,
    Picture,
    ProductCard,
    ProductListView,
    ProductView,
    PublicFigure,
    ReportKind,
    ReportView,
    SignInView,
    SiteView,
    StepShown,
    TestKind,
    TestPanel,
    TestRow,
    TypoHint,
    VerifyProduct,
    VerifyState,
    VerifyView,
)
from marketplace.faces.web.viewmodels_print import (
    DossierPaper,
    Fact,
    FridayNumber,
    FridayPaper,
    Overdue,
    PaperFigure,
    Sheet,
    Standing,
    Table,
)

CODE = "350303260417"
UNTIL = date(2027, 2, 21)
AT = datetime(2026, 11, 20, 1, 41, tzinfo=UTC)
SVG = '<svg viewBox="0 0 4 4"><path d="M0 0h4v4"/></svg>'


def site(path: str = "/showcase") -> SiteView:
    return SiteView(
        public_name="莆田原创",
        place="莆田",
        path=path,
        as_of=date(2026, 10, 31),
        is_demo=True,
        contact="项目办",
    )


def picture(text: str) -> Picture:
    return Picture("/assets/pictures/mulansheng-run.webp", text)


def card(text: str) -> ProductCard:
    return ProductCard("/showcase/products/7", text, text, 39900, UNTIL, picture(text))


def collection(text: str, cards: int = 5) -> Collection:
    start, end = date(2026, 10, 15), date(2026, 12, 15)
    made = tuple(card(text) for _ in range(cards))
    return Collection("/showcase/collections/winter", text, text, start, end, 3, made)


def gate(text: str) -> Gate:
    return Gate(text, text, text, text)


def stores(text: str, href: str = "https://item.example/1") -> tuple[OfficialStore, ...]:
    return (OfficialStore(text, text, href, 39900), OfficialStore(text, text, href))


def checks(text: str) -> tuple[Check, ...]:
    return (Check(text, text, date(2026, 3, 18), UNTIL), Check(text, text, None, None))


def test_rows(text: str) -> tuple[TestRow, ...]:
    return (
        TestRow(text, text, TestKind.AT_MOST, "mm", 10, 6.8, 7.2, 7.6),
        TestRow(text, text, TestKind.AT_LEAST, "N/cm", 40, 53, 58, 63),
        TestRow(text, text, TestKind.NOT_DETECTED, "mg/kg", 75, high=16),
        TestRow(text, text, TestKind.NOT_APPLICABLE, note=text),
    )


test_rows.__test__ = False  # type: ignore[attr-defined]


def product(text: str = "晨雾", *, store_href: str = "https://item.example/1") -> ProductView:
    large = picture(text)
    return ProductView(
        site=site("/showcase/products/7"),
        code=CODE,
        name=text,
        category=text,
        description=text,
        price_fen=39900,
        valid_until=UNTIL,
        pictures=(
            large,
            Picture(large.src, text, focus="toe"),
            Picture(large.src, text, caption=text),
        ),
        checks=checks(text),
        maker=Maker(text, "/showcase/brands/mulansheng", text, text, text),
        stores=stores(text, store_href),
        qr_svg=SVG,
        tests=TestPanel(text, text, text, date(2026, 4, 2), 3, test_rows(text)),
        materials=(Material(text, text, "#DDE4E0"), Material(text, text)),
        design_basis=text,
        gtin="6900000000014",
        related=(card(text),),
    )


def verify(state: VerifyState, text: str = "晨雾") -> VerifyView:
    known = state is not VerifyState.UNKNOWN
    found = VerifyProduct(text, text, text, text, picture(text), "/showcase/products/7", "/b/1")
    hint = TypoHint(6, "O", "0", "350303060417")
    return VerifyView(
        site=site(f"/verify/{CODE}"),
        state=state,
        asked=CODE if known else "350303O60417",
        checked_at=AT,
        product=found if known else None,
        valid_until=UNTIL if state is VerifyState.VALID else None,
        checks=checks(text) if state is VerifyState.VALID else (),
        hint=None if known else hint,
        qr_svg=SVG,
    )


def home(text: str) -> HomeView:
    return HomeView(
        site=site(),
        hero=card(text),
        factories=26,
        brands=41,
        products=1312,
        collection=collection(text),
        more_collections=(
            CollectionLink("/showcase/collections/x", text, text, 6, picture(text)),
        ),
        stories=tuple(
            MakerStory("/b/1", text, text, text, art) for art in ("patterns", "last", "sole")
        ),
        gates=(gate(text),),
        figures=(PublicFigure(text, text, SVG, text, text),),
        figures_href="/showcase/figures.csv",
    )


def product_list(text: str) -> ProductListView:
    facets = (Facet("running", text, 80, is_chosen=True), Facet("kids", text, 40))
    return ProductListView(
        site("/showcase/products?page=2"), (card(text),), 61, 2, 3, facets, facets, text
    )


def brand(text: str) -> BrandView:
    shown = stores(text)
    return BrandView(
        site(),
        text,
        "LATIN",
        text,
        text,
        text,
        (text, text),
        shown,
        (card(text),),
        picture(text),
    )


def report(text: str, receipt: str | None = None) -> ReportView:
    kinds = (ReportKind("other", text),)
    values = {"code": text, "text": text, "contact": text}
    faults = (Fault("text", "no_such_code"),)
    return ReportView(
        site("/report"), "/report", "token", "press", kinds, values, faults, receipt
    )


def complain(text: str) -> ComplainView:
    values = dict.fromkeys(("shop", "item", "brand", "text", "contact"), text)
    faults = (Fault("shop", "field_missing"),)
    return ComplainView(site(), "/complain", "token", 5, values, faults)


def sheet(text: str) -> Sheet:
    return Sheet(text, text, text, text, date(2026, 10, 31), AT, text, SVG, is_demo=True)


def dossier(text: str) -> DossierPaper:
    table = Table((text, text), ((text, "3"),), frozenset({1}))
    standing = Standing(((text, "done"), (text, "now"), (text, "next")), text, table)
    empty = Table((text,), ())
    facts = (Fact(text, text, text),)
    return DossierPaper(
        sheet(text), facts, standing, table, table, empty, table, table, table,
        figure=PaperFigure(text, text, SVG, (text,), (text,), table, text),
    )  # fmt: skip


def friday(text: str) -> FridayPaper:
    number = FridayNumber(text, "26", "+1", text, text)
    return FridayPaper(sheet(text), (number,) * 5, (text,), (Overdue(text, text, 4),), (text,))


def pages(lang: Lang, text: str = "晨雾") -> dict[str, str]:
    accounts = (DemoAccount("officer", text, "demo"),)
    sign_in = SignInView("/auth/login", "token", "/", text, "no_such_code", {}, accounts)
    link = OwnerLinkView("/auth/link/t", "token", text)
    new_pin = OwnerPinView("/auth/pin", "token", text, is_new=True, refusal="no_such_code")
    makers: dict[str, Callable[[], str]] = {
        "home": lambda: render.render_home(home(text), lang),
        "home_bare": lambda: render.render_home(HomeView(site(), None, 0, 0, 0, None), lang),
        "collection": lambda: render.render_collection(
            CollectionView(site(), collection(text)), lang
        ),
        "collection_empty": lambda: render.render_collection(
            CollectionView(site(), collection(text, 0)), lang
        ),
        "products": lambda: render.render_product_list(product_list(text), lang),
        "products_empty": lambda: render.render_product_list(
            ProductListView(site(), (), 0, 1, 1), lang
        ),
        "product": lambda: render.render_product(product(text), lang),
        "brand": lambda: render.render_brand(brand(text), lang),
        "verify_blank": lambda: render.render_verify_blank(NotFoundView(site("/verify")), lang),
        "how": lambda: render.render_how(
            HowView(site(), (gate(text),), (gate(text),), 10, 3), lang
        ),
        "report": lambda: render.render_report(report(text), lang),
        "report_thanks": lambda: render.render_report(report(text, "R-2026-0117"), lang),
        "complain": lambda: render.render_complain(complain(text), lang),
        "complain_thanks": lambda: render.render_complain(
            ComplainView(
                site(), "/complain", "token", 5, receipt=text, due_on=date(2026, 12, 1)
            ),
            lang,
        ),
        "complaint_status": lambda: render.render_complaint_status(
            ComplaintStatusView(
                site(),
                text,
                None,
                text,
                (StepShown(text, "done"), StepShown(text, "now")),
                AT,
                date(2026, 12, 1),
                AT,
                text,
                text,
            ),
            lang,
        ),
        "complaint_status_unknown": lambda: render.render_complaint_status(
            ComplaintStatusView(site(), text, "receipt_unknown"), lang
        ),
        "not_found": lambda: render.render_not_found(NotFoundView(site("/nowhere")), lang),
        "error": lambda: render.render_error(ErrorView("E-7F3A-2210"), lang),
        "sign_in": lambda: render.render_sign_in(sign_in, lang),
        "owner_link": lambda: render.render_owner_link(link, lang),
        "owner_link_used": lambda: render.render_owner_link(
            OwnerLinkView("/auth/link/t", "token", is_usable=False), lang
        ),
        "owner_pin": lambda: render.render_owner_pin(
            OwnerPinView("/auth/pin", "token", text), lang
        ),
        "owner_pin_new": lambda: render.render_owner_pin(new_pin, lang),
        "dossier": lambda: render.render_dossier_paper(dossier(text), lang),
        "friday": lambda: render.render_friday_paper(friday(text), lang),
    }
    made = {name: make() for name, make in makers.items()}
    for state in VerifyState:
        made[f"verify_{state.value}"] = render.render_verify(verify(state, text), lang)
    return made
