"""What the public pages show: frozen values in the language of the page, ready to print.

Texts are plain text, never markup; the only trusted markup are the fields named `*_svg`.
The pages hold public facts only: no field here may carry a case, a complaint, a reason for
a lapse, or anything earlier than enrollment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every page knows: whose showcase it is and where the page lives."""

    public_name: str  # of the program, e.g. 莆田原创
    place: str  # e.g. 莆田
    path: str  # of this page with its query, without host and without `lang`
    as_of: date
    base_url: str = ""  # scheme and host for share cards; empty leaves addresses relative
    seal_url: str = "/assets/pictures/seal-program.svg"
    small_seal_url: str = "/assets/pictures/seal-program-small.svg"  # below 30 px
    is_demo: bool = False
    contact: str | None = None
    has_sign_in: bool = True  # false where the public site runs by itself


@dataclass(frozen=True, slots=True)
class Picture:
    """A local picture; `focus` crops it (toe, throat, heel, sole)."""

    src: str
    alt: str
    width: int = 800
    height: int = 512
    caption: str | None = None
    focus: str | None = None
    widths: tuple[int, ...] = ()  # narrower ones there are of it

    def at(self, width: int) -> str:
        """Return where the picture is in about a width; where it is where there is one only."""
        return f"{self.src}?w={width}" if self.widths else self.src


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One verified product in a list."""

    href: str
    brand: str
    name: str
    price_fen: int | None
    valid_until: date
    picture: Picture


@dataclass(frozen=True, slots=True)
class Collection:
    """A featured collection and how its products were chosen."""

    href: str
    title: str
    intro: str
    starts_on: date
    ends_on: date
    cap_per_group: int
    cards: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """Another collection to look at."""

    href: str
    title: str
    intro: str
    products: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class MakerStory:
    """A story told with the owner's consent; the first one is shown large with its quote."""

    href: str
    title: str
    text: str
    byline: str
    art: str = "patterns"  # patterns | last | sole: the drawing when there is no picture
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One public condition of the ladder."""

    name: str
    what: str
    who: str
    how_often: str


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A public number: the title is the finding, `svg` the chart, always with n and a caveat."""

    title: str
    basis: str  # what is counted, and n
    svg: str
    caveat: str
    alt: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """The first page."""

    site: SiteView
    hero: ProductCard | None
    factories: int
    brands: int
    products: int
    collection: Collection | None
    more_collections: tuple[CollectionLink, ...] = ()
    stories: tuple[MakerStory, ...] = ()
    gates: tuple[Gate, ...] = ()
    figures: tuple[PublicFigure, ...] = ()
    figures_href: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionView:
    """The page of one collection."""

    site: SiteView
    collection: Collection
    more_collections: tuple[CollectionLink, ...] = ()
    preview: str | None = None  # said above the page to whoever arranges it


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice that narrows the list; `value` goes into the query."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ProductListView:
    """All verified products; `page` counts from 1."""

    site: SiteView
    cards: tuple[ProductCard, ...]
    total: int
    page: int
    pages: int
    categories: tuple[Facet, ...] = ()
    brands: tuple[Facet, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What was verified, by which office (never a person's name), when, until when."""

    what: str
    who: str
    done_on: date | None
    valid_until: date | None  # None: while enrolled


class TestKind(StrEnum):
    """How a test value is read."""

    __test__ = False

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    NOT_DETECTED = "not_detected"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class TestRow:
    """One measured value against its limit, all on the same unit.

    For `NOT_DETECTED`, `high` is the detection limit; for `NOT_APPLICABLE`, `note` says why.
    """

    __test__ = False

    name: str
    method: str
    kind: TestKind
    unit: str = ""
    limit: float | None = None
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TestPanel:
    """A test report in force; `pairs` is n, None when the report does not state it."""

    __test__ = False

    standard: str
    laboratory: str
    report_no: str
    issued_on: date
    pairs: int | None
    rows: tuple[TestRow, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """A part and what it is made of; `swatch` is a color like `#DDE4E0`."""

    part: str
    text: str
    swatch: str | None = None


@dataclass(frozen=True, slots=True)
class OfficialStore:
    """A confirmed store and the outbound link to the product or the store."""

    platform: str
    name: str
    href: str
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made it."""

    brand: str
    brand_href: str
    firm: str
    district: str
    text: str | None = None  # the story, only with consent
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ProductView:
    """The page of one live product."""

    site: SiteView
    code: str
    name: str
    category: str
    description: str
    price_fen: int | None
    valid_until: date
    pictures: tuple[Picture, ...]  # the first is the large one
    checks: tuple[Check, ...]
    maker: Maker
    stores: tuple[OfficialStore, ...]
    qr_svg: str
    tests: TestPanel | None = None
    materials: tuple[Material, ...] = ()
    design_basis: str | None = None
    gtin: str | None = None
    share_image: str | None = None
    related: tuple[ProductCard, ...] = ()


@dataclass(frozen=True, slots=True)
class BrandView:
    """The page of one brand."""

    site: SiteView
    name: str
    name_en: str | None
    firm: str
    district: str
    trademark: str | None  # e.g. 第 12345678 号，第25类
    story: tuple[str, ...]  # paragraphs; empty without consent
    stores: tuple[OfficialStore, ...]
    cards: tuple[ProductCard, ...]
    picture: Picture | None = None
    share_image: str | None = None
    total: int = 0  # live products of the brand; more than the cards where they fill a page
    all_href: str = "/showcase/products"
