"""What the answering pages show: verification, how it works, reports, errors, sign-in.

Same rules as `viewmodels_catalog`: plain text, public facts only, markup only in `*_svg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from marketplace.base.errors import Fault
from marketplace.faces.web.viewmodels_catalog import Check, Gate, Picture, SiteView


class VerifyState(StrEnum):
    """What can be said about a code."""

    VALID = "valid"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VerifyProduct:
    """The style a code names."""

    brand: str
    name: str
    firm: str
    district: str
    picture: Picture
    href: str | None  # None when it has no public page at the moment
    brand_href: str | None = None


@dataclass(frozen=True, slots=True)
class TypoHint:
    """A likely typing mistake: `position` counts from 0 in the code as typed."""

    position: int
    seen: str
    meant: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class VerifyView:
    """The answer to a scanned or typed code; `asked` is what was typed."""

    site: SiteView
    state: VerifyState
    asked: str
    checked_at: datetime
    product: VerifyProduct | None = None
    valid_until: date | None = None
    checks: tuple[Check, ...] = ()
    hint: TypoHint | None = None
    recall_text: str | None = None  # what to do, written by the brand or the authority
    qr_svg: str = ""


@dataclass(frozen=True, slots=True)
class HowView:
    """How verification works, from the program's public conditions."""

    site: SiteView
    gates: tuple[Gate, ...]
    product_gates: tuple[Gate, ...]
    objection_working_days: int
    cap_per_group: int


@dataclass(frozen=True, slots=True)
class ReportKind:
    """What a report can be about."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """The report form; with `receipt` set it is the page that says thank you."""

    site: SiteView
    action: str
    form_token: str
    token: str  # of this one press: sent twice it is one report
    kinds: tuple[ReportKind, ...]
    values: Mapping[str, str] = field(default_factory=dict)  # kind, code, text, contact
    faults: tuple[Fault, ...] = ()
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class NotFoundView:
    """The 404 page; `signed_in` is who is here, where it is one of the app's own people."""

    site: SiteView
    signed_in: str = ""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """The 500 page; only the reference number leads to the log.

    `unavailable` is the sentence of a 503: nothing is wrong with what was asked.
    """

    reference: str
    site: SiteView | None = None
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of a demo database, listed at sign-in."""

    login: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """Staff sign-in; `refusal` is an error code such as `sign_in_refused`."""

    action: str
    form_token: str
    next_path: str = "/"
    login: str = ""
    refusal: str | None = None
    refusal_facts: Mapping[str, object] = field(default_factory=dict)
    demo_accounts: tuple[DemoAccount, ...] = ()
    pin_path: str = "/auth/pin"


@dataclass(frozen=True, slots=True)
class OwnerLinkView:
    """The page behind an owner's one-time link; opening it uses nothing up."""

    action: str
    form_token: str
    firm: str = ""
    is_usable: bool = True
    pin_path: str | None = None  # where a phone that is remembered gets in without the link


@dataclass(frozen=True, slots=True)
class OwnerPinView:
    """Asks for the PIN of this device, or for a new one typed twice."""

    action: str
    form_token: str
    firm: str = ""
    is_new: bool = False
    is_known: bool = True
    next_path: str = "/"
    refusal: str | None = None
    refusal_facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShareCardView:
    """The picture shown when a product link is pasted into a chat; 1200 × 630."""

    public_name: str
    seal_words: str
    brand: str
    name: str
    category: str
    price_fen: int | None
    valid_until: date
    picture: bytes  # empty when there is none
