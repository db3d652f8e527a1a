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
from marketplace.base.words import Lang, format_instant
from marketplace.faces.ui.figures import rule_version
from marketplace.faces.ui.session import Here, reading
from marketplace.features.compliance.charts import Figure, figure_of, sentences
from marketplace.features.compliance.charts.effort import effort_figure
from marketplace.features.compliance.charts.origins import origins_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.marks.origins import list_origins
from marketplace.features.compliance.marks.quality import QualityLine, check_quality
from marketplace.features.compliance.methods import Material, gather_material
from marketplace.features.compliance.rules.effort import origin_mix
from marketplace.features.compliance.studies import study_overview


def material_of(page: Here, *, district: str | None = None) -> tuple[Material, datetime]:
    """Return what the program's or a district's figures are made of, and when it was read."""
    program = page.rulebook.program.key
    require(page.actor, "compliance.observe_program", Scope(program=program, district=district))
    place = str(page.app.settings.data_dir)
    return _read(page, place, state_of(page), program, district, _reach_of(page))


def overview_of(page: Here) -> tuple[Figure, Figure, Figure]:
    """Return the overview's figures: before and after, effort, origins; drawn once."""
    program = page.rulebook.program.key
    require(page.actor, "compliance.observe_program", Scope(program=program))
    require(page.actor, "compliance.list_origins", Scope(program=program))
    return _overview(page, str(page.app.settings.data_dir), state_of(page), program, page.lang)


def quality_of(page: Here) -> tuple[QualityLine, ...]:
    """Return what is wrong with the data under the program's figures; looked for once."""
    program = page.rulebook.program.key
    require(page.actor, "compliance.check_quality", Scope(program=program))
    place = str(page.app.settings.data_dir)
    return _quality(page, place, state_of(page), program, _reach_of(page))


def state_of(page: Here) -> tuple[object, ...]:
    """Return what a kept figure depends on: the last audit entry, the day, the rules."""
    with reading(page) as session:
        head = head_number(session)
    return (head, today(page.app.clock), page.rulebook.sha256)


def _reach_of(page: Here) -> tuple[str, ...]:
    """Return whose reading may be shared: what names firms is read within somebody's districts."""
    return tuple(sorted(page.actor.districts_in(page.rulebook.program.key)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _overview(
    _page: Here, place: str, state: tuple[object, ...], program: str, lang: Lang
) -> tuple[Figure, Figure, Figure]:
    del place, state
    with reading(_page) as session:
        study = study_overview(session, _page.actor, _page.rulebook, clock=_page.app.clock)
        found = list_origins(session, _page.actor, program=program)
    as_of, rule = format_instant(_page.app.clock.now()), rule_version(_page)
    frame = Frame(lang, rule, sentences.source(study, lang, as_of=as_of))
    # Findings of every month and firm: the study's coverage is not theirs.
    apart = Frame(lang, rule, sentences.source_alone(study, lang, as_of=as_of))
    level = _page.rulebook.compliance.interval_level
    return (
        figure_of(study, lang, as_of=as_of, rule=rule),
        effort_figure(study, frame),
        origins_figure(origin_mix(found, level=level), apart),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _quality(
    _page: Here,
    place: str,
    state: tuple[object, ...],
    program: str,
    reach: tuple[str, ...],
) -> tuple[QualityLine, ...]:
    del place, state, program, reach
    with reading(_page) as session:
        return check_quality(session, _page.actor, _page.rulebook, clock=_page.app.clock)


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(
    _page: Here,
    place: str,
    state: tuple[object, ...],
    program: str,
    district: str | None,
    reach: tuple[str, ...],
) -> tuple[Material, datetime]:
    del place, state, program, reach
    with reading(_page) as session:
        material = gather_material(
            session, _page.actor, _page.rulebook, clock=_page.app.clock, district=district
        )
    return material, _page.app.clock.now()
