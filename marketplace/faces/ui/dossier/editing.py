"""The form that corrects what is kept of a firm; a colleague's change is never overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from marketplace.base.errors import Invalid
from marketplace.base.identifiers import clean_uscc
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import district_name, field_name
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import FactoryProfile, get_factory
from marketplace.features.registry.rules import Value, overtaken

_TEXTS = ("name", "uscc", "legal_representative", "phone", "address", "name_en", "note")
_NUMBERS = ("capacity_pairs_per_year", "staff", "founded_year")


def edit(page: Here, d: Dossier) -> None:
    """Correct fields of the firm; what is left empty stays as it is."""
    kit.note(page.t("officer.ask.edit_means"))
    form = KeptForm(page, f"edit_firm_{d.who.factory_id}")
    form.begun_note()
    left, right = st.columns(2)
    values: dict[str, Value] = {}
    for place, field in enumerate((*_TEXTS, *_NUMBERS)):
        now = d.who.phone_masked if field == "phone" else getattr(d.who, field)
        with (left, right)[place % 2]:
            values[field] = _field(page, form, field, now)
    with left:
        district = form.choice(
            "district",
            page.t("field.district"),
            [region.code for region in page.rulebook.regions],
            lambda code: district_name(page, code),
            placeholder=district_name(page, d.who.district),
        )
    reason = form.text("reason", page.t("officer.ask.reason_optional"))
    seen = look.as_opened(_shown_of(d.who))
    given = {f: v for f, v in {**values, "district": district}.items() if v not in {None, ""}}
    if isinstance(given.get("uscc"), str):
        given["uscc"] = clean_uscc(str(given["uscc"]))
    changed = form.send(
        page.t("officer.ask.save"),
        lambda s: len(
            registry.edit_factory(
                s, page.rulebook, clock=page.app.clock, actor=page.actor,
                factory_id=d.who.factory_id, values=given, reason=reason, seen=seen,
            )
        ),
        first=lambda: _still_as_seen(page, d, seen, given),
        stretch=False,
    )  # fmt: skip
    if changed is not None:
        st.session_state["toast"] = (
            page.t("officer.ask.edited", count=changed)
            if changed
            else page.t("officer.ask.edited_none")
        )
        look.finish()


def _field(page: Here, form: KeptForm, field: str, now: object) -> Value:
    name, shown = field_name(page, field), "" if now is None else str(now)
    if field in _NUMBERS:
        return form.number(field, name, placeholder=shown)
    return form.text(field, name, placeholder=shown)


def _shown_of(who: FactoryProfile) -> dict[str, Value]:
    """Return what the form shows of a firm as it is; of a telephone nobody sees all of it."""
    fields = (*_TEXTS, *_NUMBERS, "district")
    return {field: getattr(who, field) for field in fields if field != "phone"}


def _still_as_seen(
    page: Here, d: Dossier, seen: Mapping[str, Value], given: Mapping[str, Value]
) -> bool:
    """Tell what a colleague changed since the form was opened; from then on it is known."""
    with reading(page) as session:
        who = get_factory(session, page.actor, factory_id=d.who.factory_id)
    now = _shown_of(who)
    faults = overtaken(seen, now, given)
    if not faults:
        return True
    look.shown_anew(now)
    kit.error_box(Invalid(faults), page.lang)
    return False
