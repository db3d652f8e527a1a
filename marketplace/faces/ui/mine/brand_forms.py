"""The parts of the brands' page: a brand, its marks, its story; each kept by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.text import normalize
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading, run
from marketplace.features.catalog.commands import (
    add_brand,
    consent_to_story,
    edit_brand,
    record_trademark,
    revoke_story_consent,
    submit_brand_change,
    withdraw_brand_change,
)
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries import (
    BrandChangeRow,
    BrandRow,
    TrademarkRow,
    list_trademarks,
)
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import FactoryProfile, list_affiliates

_FILED = (TrademarkStatus.FILED, TrademarkStatus.PUBLISHED, TrademarkStatus.REGISTERED)


def marks(page: Here, rows: list[TrademarkRow]) -> None:
    """Show each mark: number, class, who holds it, until when, checked or not."""
    if not rows:
        kit.empty(page.t("mine.mark.none"))
        return
    kit.rows(
        [
            (
                page.t("mine.mark.line", number=m.number, nice_class=m.nice_class),
                page.t(
                    "mine.mark.held",
                    holder=m.holder_name,
                    kind=label(m.holder_kind, page.lang),
                    until=format_day(m.valid_until) if m.valid_until else "—",
                ),
                kit.badge(label(m.status, page.lang), "calm")
                + " "
                + kit.badge(
                    page.t("mine.mark.checked" if m.checked_at else "mine.mark.unchecked"),
                    "good" if m.checked_at else "warn",
                ),
            )
            for m in rows
        ]
    )


def add_mark(page: Here, own: FactoryProfile, brand: BrandRow) -> None:
    """Take a mark of a brand; an officer compares it with the public register."""
    with reading(page) as session:
        marks_there = list_trademarks(session, page.actor, brand_id=brand.brand_id)
        affiliates = {
            int(a.id or 0): a.name
            for a in list_affiliates(session, page.actor, operator_id=own.operator_id)
        }
    known = {m.number for m in marks_there}
    form = KeptForm(page, f"mark_{brand.brand_id}")
    with st.expander(page.t("mine.mark.add"), expanded=form.is_begun):
        form.begun_note()
        given = _mark_fields(page, own, form, affiliates, known)
        sent = form.send(
            page.t("mine.save"),
            lambda s: record_trademark(
                s,
                clock=page.app.clock,
                actor=page.actor,
                brand_id=brand.brand_id,
                **given,  # type: ignore[arg-type]
            ),
            done="mine.saved",
            primary=False,
        )
    if sent is not None:
        st.rerun()


def _mark_fields(
    page: Here,
    own: FactoryProfile,
    form: KeptForm,
    affiliates: Mapping[int, str],
    known: Collection[str],
) -> dict[str, object]:
    day = today(page.app.clock)
    kinds = [k.value for k in HolderKind if affiliates or k is not HolderKind.AFFILIATE]
    number = form.text("number", page.t("mine.mark.number"), longest=40)
    corrects = normalize(number) in known and form.tick(
        "corrects", page.t("correcting.mark", number=number)
    )
    nice_class = form.number(
        "nice_class", page.t("mine.mark.class"),
        value=page.rulebook.product.nice_class, min_value=1, max_value=45,
    )  # fmt: skip
    status = form.choice(
        "status",
        page.t("mine.mark.status"),
        [s.value for s in _FILED],
        lambda s: label(TrademarkStatus(s), page.lang),
        value=TrademarkStatus.FILED.value,
    )
    kind = form.choice(
        "kind",
        page.t("mine.mark.holder_kind"),
        kinds,
        lambda k: label(HolderKind(k), page.lang),
        value=HolderKind.FIRM.value,
        radio=True,
        horizontal=True,
    )
    holder = form.text("holder", page.t("mine.mark.holder"), value=own.name, longest=200)
    affiliate, license_until = None, None
    if kind == HolderKind.AFFILIATE:
        affiliate = form.choice(
            "affiliate",
            page.t("mine.mark.affiliate"),
            [str(i) for i in affiliates],
            lambda i: affiliates[int(i)],
        )
        license_until = form.day(
            "license_until", page.t("mine.mark.license_until"), earliest=day
        )
    filed = form.day("filed_on", page.t("mine.mark.filed_on"), latest=day)
    registered = form.day("registered_on", page.t("mine.mark.registered_on"), latest=day)
    until = form.day("valid_until", page.t("field.valid_until"))
    return {
        "number": number,
        "nice_class": nice_class or 0,
        "status": TrademarkStatus(status) if status else TrademarkStatus.FILED,
        "holder_kind": HolderKind(kind) if kind else HolderKind.FIRM,
        "holder_name": holder,
        "affiliate_id": int(affiliate) if affiliate else None,
        "license_until": license_until,
        "filed_on": filed,
        "registered_on": registered,
        "valid_until": until,
        "corrects": corrects,
    }


def story(page: Here, brand: BrandRow) -> None:
    """Take the brand's other name and own story; public only while the owner consents.

    Once the public knows the brand, a reviewer decides before anything else is shown.
    """
    form = KeptForm(page, f"story_{brand.brand_id}")
    with st.expander(page.t("mine.story.title"), expanded=form.is_begun):
        kit.note(page.t("mine.story.means"))
        if brand.reviewed:
            kit.note(page.t("mine.story.reviewed"))
        form.begun_note()
        name_en = form.text(
            "name_en", page.t("field.name_en"), value=brand.name_en or "", longest=80
        )
        zh = form.text(
            "zh", page.t("mine.story.zh"), value=brand.story_zh or "", tall=True, longest=800
        )
        en = form.text(
            "en", page.t("mine.story.en"), value=brand.story_en or "", tall=True, longest=1600
        )
        shown = form.tick("shown", page.t("mine.story.consent"), value=brand.story_public)
        keep = _ask if brand.reviewed else _keep
        done = form.send(
            page.t("mine.story.send" if brand.reviewed else "mine.save"),
            lambda s: keep(
                s, page, brand,
                {"name_en": name_en, "story_zh": zh, "story_en": en}, shown=shown,
            ),
            primary=False,
        )  # fmt: skip
    if done is not None:
        st.session_state["toast"] = page.t(done)
        st.rerun()


def _keep(
    session: Session, page: Here, brand: BrandRow, texts: Mapping[str, str], *, shown: bool
) -> str:
    """Keep the texts of a brand the public does not know yet; return what to tell."""
    clock, actor, brand_id = page.app.clock, page.actor, brand.brand_id
    changed = edit_brand(session, clock=clock, actor=actor, brand_id=brand_id, **texts)
    if shown and (changed or not brand.story_public):
        consent_to_story(session, clock=clock, actor=actor, brand_id=brand_id)
    elif not shown and brand.story_public:
        revoke_story_consent(session, clock=clock, actor=actor, brand_id=brand_id)
    is_other = changed or shown != brand.story_public
    return "mine.saved" if is_other else "mine.unchanged"


def _ask(
    session: Session, page: Here, brand: BrandRow, texts: Mapping[str, str], *, shown: bool
) -> str:
    """Ask for the texts; what the reviewer has seen already is shown or hidden at once."""
    clock, actor, brand_id = page.app.clock, page.actor, brand.brand_id
    asked = submit_brand_change(
        session, page.rulebook, clock=clock, actor=actor, brand_id=brand_id,
        story_shown=shown, **texts,
    )  # fmt: skip
    if not shown and brand.story_public:
        revoke_story_consent(session, clock=clock, actor=actor, brand_id=brand_id)
    elif shown and not brand.story_public and asked is None:
        consent_to_story(session, clock=clock, actor=actor, brand_id=brand_id)
    if asked is not None:
        return "mine.story.sent"
    return "mine.saved" if shown != brand.story_public else "mine.unchanged"


def asked_for(page: Here, rows: list[BrandChangeRow]) -> None:
    """Show the latest request for a brand: waiting, or answered with the reviewer's reason."""
    if not rows or rows[0].status is ChangeStatus.WITHDRAWN:
        return
    row = rows[0]
    waits = row.status is ChangeStatus.SUBMITTED
    due = page.t("mine.profile.due", day=format_day(row.due_on)) if waits else ""
    told = [format_instant(row.submitted_at), due, row.reason or ""]
    kit.rows(
        [
            (
                page.t("app.comma").join(_asked(page, row, field) for field in row.changes),
                " · ".join(part for part in told if part),
                kit.badge(
                    label(row.status, page.lang),
                    "warn" if row.status is not ChangeStatus.APPROVED else "good",
                ),
            )
        ]
    )
    if waits and st.button(
        page.t("mine.story.withdraw"), key=f"withdraw_brand_{row.change_id}", width="stretch"
    ):
        run(
            page,
            lambda s: withdraw_brand_change(
                s, clock=page.app.clock, actor=page.actor, change_id=row.change_id
            ),
            done="mine.profile.withdrawn",
        )
        st.rerun()


def _asked(page: Here, row: BrandChangeRow, field: str) -> str:
    """Name a field that was asked for; a name is short enough to be told itself."""
    word = page.t(f"mine.story.f_{field}")
    return f"{word} {row.changes[field][1] or '—'}" if field == "name_en" else word


def add(page: Here, own: FactoryProfile, known: list[BrandRow]) -> None:
    """Take a brand by its name; the rest is kept with it step by step."""
    form = KeptForm(page, f"brand_{own.operator_id}")
    with st.container(key="card_new"):
        kit.section(page.t("mine.brand.add"), page.t("mine.brand.add_sub"))
        form.begun_note()
        name_zh = form.text("name_zh", page.t("mine.brand.name"), longest=80)
        name_latin = form.text("name_en", page.t("field.name_en"), longest=80)
        added = form.send(
            page.t("mine.brand.add"),
            lambda s: add_brand(
                s,
                clock=page.app.clock,
                actor=page.actor,
                operator_id=own.operator_id,
                name_zh=name_zh,
                name_en=name_latin or None,
            ),
            done="mine.saved",
            primary=False,
        )
    if added is not None:
        if any(brand.brand_id == added for brand in known):
            st.session_state["toast"] = page.t("mine.brand.known")
        st.rerun()
