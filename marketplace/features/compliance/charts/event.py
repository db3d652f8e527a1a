"""The event study: the overview's own months, with who is still watched and the worst case of leavers."""

from __future__ import annotations

from dataclasses import replace

from marketplace.base.draw import Token
from marketplace.base.words import Lang
from marketplace.features.compliance.charts.before_after import figure_of
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import Bar, Strip
from marketplace.features.compliance.charts.telling import Frame, ends, refused
from marketplace.features.compliance.rules.eventstudy import EventStudy
from marketplace.features.compliance.studies import Study

KEY = "methods-event"


def event_figure(study: Study, found: EventStudy, frame: Frame, *, as_of: str) -> Figure:
    """Return the overview's figure with the numbers under watch; refused under the minimums."""
    if found.refused is not None:
        return refused(KEY, "event", frame, found.refused)
    lang: Lang = frame.lang
    figure = figure_of(study, lang, as_of=as_of, key=KEY, rule=frame.rule)
    most = max(m.operators for m in found.months)
    bars = tuple(
        Bar(m.offset, m.operators, Token.AFTER if m.offset > 0 else Token.BEFORE)
        for m in found.months
    )
    strip = Strip(frame.t("methods.event.watched", most=most), bars)
    worst = []
    if found.worst is not None and found.worst.ratio is not None:
        worst.append(
            frame.t(
                "methods.event.worst",
                count=found.worst.leavers,
                months=found.worst.filled_months,
                findings=found.worst.supposed_findings,
                ratio=f"{found.worst.ratio:.2f}",
                span=ends(found.worst.interval),
            )
        )
    return replace(
        figure,
        scene=replace(figure.scene, strips=(strip, *figure.scene.strips)),
        cannot_say=(*figure.cannot_say, *worst, frame.t("methods.event.cannot")),
        computed=(frame.t("methods.event.formula"), *figure.computed),
    )
