"""Forms that record what somebody saw: inspection, finding, earlier record, store."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import Refused
from marketplace.base.money import parse_yuan
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.measures.detailing import ask_detail
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import stood
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.features.catalog.queries import ProductRow
from marketplace.features.enforcement.commands import record_finding
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.history.commands import record_earlier_record
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.progress.commands import record_inspection
from marketplace.features.progress.kinds import InspectionKind, InspectionResult
from marketplace.features.registry.commands import declare_store
from marketplace.features.registry.kinds import HoldingStatus

_GRADES = ("core", "major", "development")
_RESULTS, _RELIABILITIES, _ORIGINS = (
    tuple(InspectionResult),
    tuple(Reliability),
    tuple(Origin),
)
_UNITS = ("pairs", "listings", "decisions")
_KINDS = tuple(kind for kind in EarlierKind if kind is not EarlierKind.SELF_DECLARED)


def inspect(page: Here, d: Dossier) -> None:
    """Record an inspection by two inspectors."""
    t, day = page.t, today(page.app.clock)
    form = KeptForm(page, f"inspect_{d.who.factory_id}")
    form.begun_note()
    left, right = st.columns(2)
    with left:
        kind = form.choice(
            "kind", t("officer.ask.kind"), [k.value for k in InspectionKind],
            lambda k: label(InspectionKind(k), page.lang),
            value=list(InspectionKind)[1 if d.inspections else 0].value,
        )  # fmt: skip
        result = form.choice(
            "result", t("officer.ask.result"), [r.value for r in _RESULTS],
            lambda r: label(InspectionResult(r), page.lang), value=_RESULTS[0].value,
        )  # fmt: skip
    with right:
        on = form.day("on", t("officer.ask.day"), value=day, latest=day)
        due = form.day("due", t("officer.ask.corrective"), earliest=day)
    people = form.text("people", t("officer.ask.inspectors"), value=page.actor.name)
    lines = {g: form.text(g, t(f"officer.ask.{g}"), tall=True, longest=2000) for g in _GRADES}
    note = form.text("note", t("officer.ask.note"))
    named = people.replace(",", "、").replace("，", "、").split("、")
    items = [(g, text) for g in _GRADES for text in lines[g].splitlines() if text.strip()]
    if form.send(
        t("officer.ask.save"),
        stood(
            lambda s: record_inspection(
                s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id,
                kind=InspectionKind(kind or InspectionKind.PERIODIC), inspected_on=on or day,
                inspectors=named, result=InspectionResult(result or _RESULTS[0]),
                non_conformities=items, note=note, corrective_due_on=due,
            )
        ),
        done="officer.ask.inspected",
        stretch=False,
    ):  # fmt: skip
        look.finish()


def finding(page: Here, d: Dossier, of: ProductRow | None = None) -> None:
    """Record a finding or a complaint as suspected; `of` is the product it was opened on."""
    t, day = page.t, today(page.app.clock)
    stores = list({s.store_id: s for s in d.stores}.values())
    if not stores:
        look.empty(t("officer.ask.no_store"), t("officer.dossier.stores_none"))
        return
    kit.note(t("officer.ask.finding_means"))
    form = DeskForm(
        page, f"finding_{d.who.factory_id}" + (f"_{of.product_id}" if of is not None else "")
    )
    form.begun_note()
    names = {str(s.store_id): f"{s.name} · {s.platform}" for s in stores}
    store_id = form.choice(
        "store", t("officer.ask.store"), list(names), names.__getitem__, value=next(iter(names))
    )
    left, right = st.columns(2)
    with left:
        origin = form.choice(
            "origin", t("officer.ask.origin"), [o.value for o in _ORIGINS],
            lambda o: label(Origin(o), page.lang), value=_ORIGINS[0].value,
        )  # fmt: skip
        on = form.day("on", t("officer.ask.found_on"), value=day, latest=day)
    with right:
        listings = form.number("listings", t("officer.ask.listings"), value=1, min_value=1)
        brand = form.text("brand", t("officer.ask.brand"), longest=80)
    statement = form.text("statement", t("officer.ask.statement"), tall=True, longest=2000)
    products = {str(p.product_id): p.name_zh for p in d.products if p.code}
    named = form.many(
        "products", t("officer.ask.products"), list(products), products.__getitem__,
        value=[str(of.product_id)] if of is not None else [],
        placeholder=t("officer.ask.choose"),
    )  # fmt: skip
    detail = ask_detail(page, form)
    reference = form.text("reference", t("officer.ask.reference"), longest=60)
    made = form.send(
        t("officer.ask.save"),
        lambda s: record_finding(
            s, clock=page.app.clock, actor=page.actor, store_id=int(store_id or 0),
            origin=Origin(origin or _ORIGINS[0]), listings=listings or 0, found_on=on or day,
            statement=statement,
            reference=reference.strip() or f"OF-{day:%Y%m%d}-{form.token[:8]}",
            brand=brand.strip() or None, product_ids=tuple(int(n) for n in named),
            category=detail.category, intent=detail.intent, value_fen=detail.value_fen,
        ),
        done="officer.ask.finding_done",
        stretch=False,
    )  # fmt: skip
    if made is not None:
        look.finish()


def earlier(page: Here, d: Dossier) -> None:
    """Add a record of the past; it is background and nothing follows from it."""
    t, day = page.t, today(page.app.clock)
    kit.note(t("officer.dossier.earlier_note"))
    stores = {
        s.store_id: s.name for s in d.stores if s.holding_status is HoldingStatus.CONFIRMED
    }
    form = KeptForm(page, f"earlier_{d.who.factory_id}")
    form.begun_note()
    subject = form.choice(
        "subject",
        t("past.subject"),
        ["0", *(str(i) for i in stores)],
        lambda i: (
            t("past.on_store", name=stores[int(i)])
            if int(i) in stores
            else t("past.of_factory")
        ),
        value="0",
    )
    store_id = int(subject or 0) or None
    left, right = st.columns(2)
    with left:
        kind = form.choice(
            "kind", t("officer.ask.earlier_kind"), [k.value for k in _KINDS],
            lambda k: label(EarlierKind(k), page.lang), value=_KINDS[0].value,
        )  # fmt: skip
        source = form.text("source", t("officer.ask.source"), longest=120)
        quantity = form.number("quantity", t("officer.ask.quantity"))
        since = form.day("since", t("officer.ask.period_from"), latest=day)
        value = form.text("value", t("officer.ask.value"), longest=20)
    with right:
        reliability = form.choice(
            "reliability", t("officer.ask.reliability"), [r.value for r in _RELIABILITIES],
            lambda r: label(Reliability(r), page.lang), value=_RELIABILITIES[0].value,
        )  # fmt: skip
        number = form.text("number", t("officer.ask.reference_no"), longest=80)
        unit = form.choice(
            "unit", t("officer.ask.unit"), _UNITS, lambda u: t(f"unit.{u}"), value=_UNITS[0]
        )
        until = form.day("until", t("officer.ask.period_until"))
        cause = form.text("cause", t("officer.ask.cause"), longest=200)

    def work(session: Session) -> str:
        return record_earlier_record(
            session, clock=page.app.clock, actor=page.actor,
            kind=EarlierKind(kind or _KINDS[0]), store_id=store_id,
            factory_id=d.who.factory_id if store_id is None else None, source=source,
            reliability=Reliability(reliability or _RELIABILITIES[0]), unit=unit or _UNITS[0],
            quantity=quantity, period_from=since,
            period_until=until + timedelta(days=1) if until else None, value_fen=_fen(value),
            cause=cause.strip() or None, reference_no=number.strip() or None,
        )[1]  # fmt: skip

    done = form.send(t("officer.ask.save"), work, stretch=False)
    if done is not None:
        st.session_state["toast"] = t(
            "officer.ask.earlier_same" if done == "unchanged" else "officer.ask.earlier_done"
        )
        look.finish()


def _fen(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_yuan(text)
    except ValueError:
        raise Refused("price_unreadable") from None


def store(page: Here, d: Dossier) -> None:
    """Declare that the factory operates a store."""
    t, day = page.t, today(page.app.clock)
    form = KeptForm(page, f"store_{d.who.factory_id}")
    form.begun_note()
    left, right = st.columns(2)
    with left:
        platform = form.text("platform", t("officer.ask.platform"), longest=40)
        since = form.day("since", t("officer.ask.from_on"), value=day, latest=day)
    with right:
        number = form.text("number", t("officer.ask.store_no"), longest=60)
        basis = form.text(
            "basis",
            t("officer.ask.basis"),
            placeholder=t("officer.ask.basis_hint"),
            longest=200,
        )
    name = form.text("name", t("officer.ask.store_name"), longest=120)
    url = form.text("url", t("officer.ask.url"))
    if form.send(
        t("officer.ask.save"),
        stood(
            lambda s: declare_store(
                s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id,
                platform=platform, store_no=number, name=name, from_on=since or day,
                basis=basis, url=url.strip() or None,
            )
        ),
        done="officer.ask.store_done",
        stretch=False,
    ):  # fmt: skip
        look.finish()
