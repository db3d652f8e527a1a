"""How appeals ended, for everybody: counts by instance with intervals, few ones not told."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from marketplace.base.access import PUBLIC
from marketplace.base.words import Lang, format_count, say
from marketplace.desk.appeal_figures import PublishedOutcomes, published_outcomes
from marketplace.faces.web import render
from marketplace.faces.web.viewmodels_appeals import AppealsView, InstanceShown
from marketplace.faces.web.visit import Visit
from marketplace.features.compliance.rules.waiting import WaitingTime

# The page differs by the language cookie; ten minutes old is as good as new for such counts.
_KEPT = {"Cache-Control": "public, max-age=600", "Vary": "Cookie"}


def appeals(visit: Visit) -> Response:
    """The outcomes of every instance and the rules they are decided by."""
    rules = visit.rulebook.enforcement.appeals
    rows = published_outcomes(visit.session, PUBLIC, visit.rulebook, clock=visit.app.clock)
    days = zip(rules.file_working_days, rules.decide_working_days, strict=False)
    view = AppealsView(
        site=visit.site,
        instances=tuple(_shown(row, rules.published_from, visit.lang) for row in rows),
        rules=tuple(
            (_name(place, visit.lang), file, decide)
            for place, (file, decide) in enumerate(days, start=1)
        ),
        least=rules.published_from,
        as_of=visit.app.clock.now(),
    )
    return HTMLResponse(render.render_appeals(view, visit.lang), headers=_KEPT)


def _shown(row: PublishedOutcomes, least: int, lang: Lang) -> InstanceShown:
    cells = (
        ("upheld", row.upheld),
        ("rejected", row.rejected),
        ("other", row.other),
        ("open", row.open),
    )
    return InstanceShown(
        name=_name(row.instance, lang),
        filed=row.filed,
        cells=tuple(
            (say(f"showcase.appeals_public.{name}", lang), _count(count, lang))
            for name, count in cells
        ),
        told=tuple(_told(row, least, lang)),
    )


def _told(row: PublishedOutcomes, least: int, lang: Lang) -> list[str]:
    """Return the sentences under the counts: a share with its n and interval, or why none."""
    if row.upheld_interval is None or row.upheld is None or row.rejected is None:
        return [say("showcase.appeals_public.share_hidden", lang, least=least)]
    low, high = row.upheld_interval
    decided = row.upheld + row.rejected
    share = f"{row.upheld / decided:.0%}"
    told = [
        say(
            "showcase.appeals_public.share",
            lang,
            upheld=row.upheld,
            decided=decided,
            share=share,
            low=f"{low:.0%}",
            high=f"{high:.0%}",
        )
    ]
    if row.in_time is not None:
        told.append(
            say(
                "showcase.appeals_public.in_time",
                lang,
                count=row.in_time[0],
                total=row.in_time[1],
            )
        )
    if row.time is not None and row.time.refused is None:
        told.append(_median(row.time, lang))
    return told


def _median(time: WaitingTime, lang: Lang) -> str:
    """Say the median with its interval; an end that is missing is said in words."""
    if time.median_days is None:
        return say("showcase.appeals_public.no_median", lang)
    return say(
        f"showcase.appeals_public.median_{time.ends.value}",
        lang,
        days=f"{time.median_days:.0f}",
        low=f"{time.lower_days or 0:.0f}",
        high=f"{time.upper_days or 0:.0f}",
    )


def _count(count: int | None, lang: Lang) -> str:
    return say("showcase.appeals_public.hidden", lang) if count is None else format_count(count)


def _name(instance: int, lang: Lang) -> str:
    return say("showcase.appeals_public.instance", lang, number=instance)
