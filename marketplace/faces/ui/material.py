"""Keeps what figures are made of while nothing was decided: one reading for all who may see it.

Kept by the number of the last audit entry, so that any decision, import or correction is in the
next figure. Who asks is checked every time, kept or not.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from marketplace.base.access import Scope, require
from marketplace.base.audit.queries import head_number
from marketplace.base.clock import today
from marketplace.faces.ui.session import Here, reading
from marketplace.features.compliance.methods import Material, gather_material
from marketplace.features.compliance.studies import Study, study_overview


def material_of(page: Here, *, district: str | None = None) -> tuple[Material, datetime]:
    """Return what the program's or a district's figures are made of, and when it was read."""
    program = page.rulebook.program.key
    require(page.actor, "compliance.observe_program", Scope(program=program, district=district))
    return _read(page, str(page.app.settings.data_dir), state_of(page), program, district)


def overview_of(page: Here) -> tuple[Study, datetime]:
    """Return the study the program's overview shows, and when it was read."""
    program = page.rulebook.program.key
    require(page.actor, "compliance.observe_program", Scope(program=program))
    return _study(page, str(page.app.settings.data_dir), state_of(page), program)


def state_of(page: Here) -> tuple[object, ...]:
    """Return what a kept figure depends on: the last audit entry, the day, the rules."""
    with reading(page) as session:
        head = head_number(session)
    return (head, today(page.app.clock), page.rulebook.sha256)


@st.cache_resource(max_entries=16, show_spinner=False)
def _study(
    _page: Here, place: str, state: tuple[object, ...], program: str
) -> tuple[Study, datetime]:
    del place, state, program
    with reading(_page) as session:
        study = study_overview(session, _page.actor, _page.rulebook, clock=_page.app.clock)
    return study, _page.app.clock.now()


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(
    _page: Here, place: str, state: tuple[object, ...], program: str, district: str | None
) -> tuple[Material, datetime]:
    del place, state, program
    with reading(_page) as session:
        material = gather_material(
            session, _page.actor, _page.rulebook, clock=_page.app.clock, district=district
        )
    return material, _page.app.clock.now()
