"""Forms that record what somebody saw: inspection, finding, earlier record, store."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.errors import Fault, Invalid, MarketplaceError
from marketplace.base.money import parse_yuan
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, form_token, run
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
    with st.form("f_inspect", border=False):
        left, right = st.columns(2)
        kind = left.selectbox(
            t("officer.ask.kind"),
            list(InspectionKind),
            format_func=lambda k: label(k, page.lang),
            index=1 if d.inspections else 0,
        )
        on = right.date_input(
            t("officer.ask.day"), value=day, max_value=day, format="YYYY-MM-DD"
        )
        people = st.text_input(t("officer.ask.inspectors"), value=page.actor.name)
        result = left.selectbox(
            t("officer.ask.result"),
            _RESULTS,
            format_func=lambda r: label(r, page.lang),
        )
        due = right.date_input(
            t("officer.ask.corrective"), value=None, min_value=day, format="YYYY-MM-DD"
        )
        lines = {g: st.text_area(t(f"officer.ask.{g}"), height=68) for g in _GRADES}
        note = st.text_input(t("officer.ask.note"))
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    if not sent:
        return
    named = [
        n for part in people.replace(",", "、").replace("，", "、").split("、") for n in [part]
    ]
    items = [(g, text) for g in _GRADES for text in lines[g].splitlines() if text.strip()]
    if did(
        page,
        lambda s: record_inspection(
            s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id, kind=kind,
            inspected_on=on, inspectors=named, result=result, non_conformities=items,
            note=note, corrective_due_on=due,
        ),
        done="officer.ask.inspected",
    ):  # fmt: skip
        look.finish()


def finding(page: Here, d: Dossier) -> None:
    """Record a finding or a complaint as suspected."""
    t, day = page.t, today(page.app.clock)
    stores = list({s.store_id: s for s in d.stores}.values())
    if not stores:
        look.empty(t("officer.ask.no_store"), t("officer.dossier.stores_none"))
        return
    kit.note(t("officer.ask.finding_means"))
    with st.form("f_finding", border=False):
        store = st.selectbox(
            t("officer.ask.store"), stores, format_func=lambda s: f"{s.name} · {s.platform}"
        )
        left, right = st.columns(2)
        origin = left.selectbox(
            t("officer.ask.origin"),
            _ORIGINS,
            format_func=lambda o: label(o, page.lang),
        )
        listings = right.number_input(t("officer.ask.listings"), min_value=1, value=1)
        on = left.date_input(
            t("officer.ask.found_on"), value=day, max_value=day, format="YYYY-MM-DD"
        )
        brand = right.text_input(t("officer.ask.brand"))
        statement = st.text_area(t("officer.ask.statement"), height=80)
        named = st.multiselect(
            t("officer.ask.products"),
            [p.product_id for p in d.products if p.code],
            format_func={p.product_id: p.name_zh for p in d.products}.__getitem__,
            placeholder=t("officer.ask.choose"),
        )
        reference = st.text_input(t("officer.ask.reference"), max_chars=60)
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    token = form_token(f"finding_{d.who.factory_id}")
    if sent and did(
        page,
        lambda s: record_finding(
            s, clock=page.app.clock, actor=page.actor, store_id=store.store_id, origin=origin,
            listings=int(listings), found_on=on, statement=statement,
            reference=reference.strip() or f"OF-{day:%Y%m%d}-{token[:8]}",
            brand=brand.strip() or None, product_ids=tuple(named),
        ),
        done="officer.ask.finding_done",
    ):  # fmt: skip
        st.session_state.pop(f"token_finding_{d.who.factory_id}", None)
        look.finish()


def earlier(page: Here, d: Dossier) -> None:
    """Add a record of the past; it is background and nothing follows from it."""
    t, day = page.t, today(page.app.clock)
    kit.note(t("officer.dossier.earlier_note"))
    stores = {
        s.store_id: s.name for s in d.stores if s.holding_status is HoldingStatus.CONFIRMED
    }
    with st.form("f_earlier", border=False):
        store_id = st.selectbox(
            t("past.subject"),
            [None, *stores],
            format_func=lambda i: (
                t("past.on_store", name=stores[i]) if i in stores else t("past.of_factory")
            ),
        )
        left, right = st.columns(2)
        kind = left.selectbox(
            t("officer.ask.earlier_kind"), _KINDS, format_func=lambda k: label(k, page.lang)
        )
        reliability = right.selectbox(
            t("officer.ask.reliability"),
            _RELIABILITIES,
            format_func=lambda r: label(r, page.lang),
        )
        source = left.text_input(t("officer.ask.source"), max_chars=120)
        number = right.text_input(t("officer.ask.reference_no"), max_chars=80)
        quantity = left.number_input(t("officer.ask.quantity"), min_value=0, value=None, step=1)
        unit = right.selectbox(
            t("officer.ask.unit"), _UNITS, format_func=lambda u: t(f"unit.{u}")
        )
        since = left.date_input(
            t("officer.ask.period_from"), value=None, max_value=day, format="YYYY-MM-DD"
        )
        until = right.date_input(t("officer.ask.period_until"), value=None, format="YYYY-MM-DD")
        value = left.text_input(t("officer.ask.value"))
        cause = right.text_input(t("officer.ask.cause"), max_chars=200)
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    if not sent:
        return
    try:
        fen = parse_yuan(value) if value.strip() else None
    except (ValueError, MarketplaceError):
        fault = Fault("price", "number_out_of_range", {"low": 0, "high": 2_000_000_000})
        kit.error_box(Invalid([fault]), page.lang)
        return
    done = run(
        page,
        lambda s: record_earlier_record(
            s, clock=page.app.clock, actor=page.actor, kind=kind, store_id=store_id,
            factory_id=d.who.factory_id if store_id is None else None, source=source, reliability=reliability, unit=unit,
            quantity=None if quantity is None else int(quantity), period_from=since,
            period_until=until + timedelta(days=1) if until else None, value_fen=fen, cause=cause.strip() or None,
            reference_no=number.strip() or None,
        ),
    )  # fmt: skip
    if done is not None:
        same = done[1] == "unchanged"
        st.session_state["toast"] = t(
            "officer.ask.earlier_same" if same else "officer.ask.earlier_done"
        )
        look.finish()


def store(page: Here, d: Dossier) -> None:
    """Declare that the factory operates a store."""
    t, day = page.t, today(page.app.clock)
    with st.form("f_store", border=False):
        left, right = st.columns(2)
        platform = left.text_input(t("officer.ask.platform"), max_chars=40)
        number = right.text_input(t("officer.ask.store_no"), max_chars=60)
        name = st.text_input(t("officer.ask.store_name"), max_chars=120)
        url = st.text_input(t("officer.ask.url"), max_chars=300)
        since = left.date_input(
            t("officer.ask.from_on"), value=day, max_value=day, format="YYYY-MM-DD"
        )
        basis = right.text_input(
            t("officer.ask.basis"), placeholder=t("officer.ask.basis_hint"), max_chars=200
        )
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    if sent and did(
        page,
        lambda s: declare_store(
            s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id,
            platform=platform, store_no=number, name=name, from_on=since, basis=basis,
            url=url.strip() or None,
        ),
        done="officer.ask.store_done",
    ):  # fmt: skip
        look.finish()
