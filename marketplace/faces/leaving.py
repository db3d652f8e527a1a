"""Says, on screens and on paper alike, that a firm has left the program: nothing comes next."""

from __future__ import annotations

from marketplace.base.words import Lang, format_day, label, say
from marketplace.features.progress.kinds import LEFT
from marketplace.features.progress.queries import EnrollmentRow


def left_sentence(enrollment: EnrollmentRow | None, lang: Lang) -> str:
    """Return when and how a firm left; empty while it is in the program or on its way in."""
    if enrollment is None or enrollment.status not in LEFT:
        return ""
    day, how = format_day(enrollment.exit_on), label(enrollment.status, lang)
    return say("officer.dossier.now_left", lang, day=day, how=how)
