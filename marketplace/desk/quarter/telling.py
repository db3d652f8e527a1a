"""Says a quarter in sentences, in one language: what is concluded, what it rests on, what it is not.

Pure. The figure before and after is told by the sentences of the charts, so that a report never
says it differently from the overview.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.base.clock import month_label
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, label, say
from marketplace.desk.quarter.content import Section
from marketplace.desk.quarter.gathering import Basis, Quality
from marketplace.desk.quarters import MONTHS
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.telling import ratio_words
from marketplace.features.compliance.rules import Side, Title, proportion_interval
from marketplace.features.compliance.rules.effort import Measured
from marketplace.features.enforcement.kinds import Origin

_FELL = {Title.FELL, Title.FELL_WITH_LESS_EFFORT}
PROACTIVE = frozenset({Origin.PROACTIVE_MODEL, Origin.INSPECTION, Origin.APPRAISAL})


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one report in one language."""

    basis: Basis
    quality: Quality
    rulebook: Rulebook
    lang: Lang

    def t(self, key: str, /, **facts: object) -> str:
        """Return a sentence; whole numbers are grouped."""
        told = {k: f"{v:,}" if isinstance(v, int) else v for k, v in facts.items()}
        return say(key, self.lang, **told)

    def sections(self) -> tuple[Section, ...]:
        """Return everything said, the conclusions first."""
        return (
            Section("conclusions", self._conclusions()),
            Section("program", sentences.can_say(self.basis.study, self.lang)),
            Section("change", self._change()),
            Section("limits", self._limits()),
            Section("origins", self._origins()),
            Section("complaints", self._complaints()),
            Section("appeals", self._appeals()),
            Section("progress", self._progress()),
            Section("showcase", self._showcase()),
            Section("quality", self._quality()),
        )

    def _conclusions(self) -> tuple[str, ...]:
        program = sentences.title_of(self.basis.study.comparison, self.lang)
        return (self.t("quarter.program_title", title=program), self.change_title())

    def change_title(self) -> str:
        """Return what the quarter may be said to show against the one before, by rule."""
        c = self.basis.change
        basis = "findings" if c.after.on_findings else "listings"
        return self.t(
            f"quarter.change.{c.title.value}",
            quarter=self.basis.quarter.key,
            previous=self.basis.quarter.previous.key,
            now=self._rate(c.after, basis),
            before=self._rate(c.before, basis),
            what=sentences.fell_in(c, self.lang),
            needed=str(MONTHS),
        )

    def _rate(self, side: Side, basis: str) -> str:
        """Return a rate per 1,000: of findings, or of listings with their clustering allowed for."""
        count = side.findings if basis == "findings" else side.listings
        rate = f"{1000 * count / side.exposure:.1f}" if side.exposure else "—"
        return self.t(f"quarter.rate.{basis}", rate=rate)

    def _change(self) -> tuple[str, ...]:
        c, quarter = self.basis.change, self.basis.quarter
        said = [
            self._side(quarter.key, c.after),
            self._side(quarter.previous.key, c.before),
        ]
        beside = c.after.outside, c.before.outside
        if any(side.findings for side in beside):
            said.append(
                self.t(
                    "quarter.outside",
                    now=beside[0].findings,
                    now_listings=beside[0].listings,
                    before=beside[1].findings,
                    before_listings=beside[1].listings,
                )
            )
        if c.ratio is not None and c.ratio_interval is not None:
            basis = "findings" if c.after.on_findings else "listings"
            said.append(
                self.t(f"quarter.ratio.{basis}", ratio=ratio_words(c.ratio, c.ratio_interval))
            )
        lines = {line.measure: line for line in c.effort.lines}
        store = lines[Measured.CHECKED_PER_STORE]
        if store.before is not None and store.after is not None:
            said.append(
                self.t(
                    "quarter.effort.checked",
                    now=f"{store.after:.1f}",
                    before=f"{store.before:.1f}",
                )
            )
        said.append(self.t("quarter.effort.inspections", now=self._looks(after=True),
                           before=self._looks(after=False)))  # fmt: skip
        if c.effort_fell:
            said.append(self.t("quarter.effort.fell", what=sentences.fell_in(c, self.lang)))
        elif c.before.exposure and c.after.exposure:
            said.append(self.t("quarter.effort.kept"))
        said.append(self.t("quarter.overturned", count=c.overturned))
        return tuple(said)

    def _looks(self, *, after: bool) -> int:
        return self.basis.inspected[1 if after else 0]

    def _side(self, name: str, side: Side) -> str:
        if side.interval is None:
            return self.t("quarter.side.nothing", name=name)
        low, high = side.interval
        return self.t(
            f"quarter.side.{'findings' if side.on_findings else 'listings'}",
            name=name,
            checked=side.exposure,
            findings=side.findings,
            listings=side.listings,
            span=f"{low * 1000:.1f}–{high * 1000:.1f}",
        )

    def _limits(self) -> tuple[str, ...]:
        said = sentences.cannot_say(self.basis.study, self.lang)
        if self.basis.study.comparison.title in _FELL:
            return said
        return (*said, say("compliance.cannot.regression", self.lang))

    def _origins(self) -> tuple[str, ...]:
        lines = self.basis.origins
        total = sum(x.found for x in lines)
        if not total:
            return (self.t("quarter.origins.none"),)
        own = sum(x.found for x in lines if Origin(x.origin) in PROACTIVE)
        mix = say("app.comma", self.lang).join(
            f"{label(Origin(x.origin), self.lang)} {x.found:,}" for x in lines
        )
        return (
            self.t(
                "quarter.origins.mix", total=total, own=own, share=f"{own / total:.1%}", mix=mix
            ),
        )

    def _complaints(self) -> tuple[str, ...]:
        c = self.basis.complaints
        if not c.received:
            return (self.t("quarter.complaints.none"),)
        said = [self.t("quarter.complaints.counted", received=c.received, answered=c.answered,
                       waiting=c.waiting)]  # fmt: skip
        if c.time.refused is not None:
            said.append(self.t("quarter.complaints.few", needed=c.time.refused.needed,
                               found=c.time.refused.found))  # fmt: skip
        else:
            said.append(
                self.t(
                    "quarter.complaints.clock",
                    median=self._days(c.time.median_days),
                    ninetieth=self._days(c.ninetieth_days),
                )
            )
        if c.longest_days is not None:
            said.append(self.t("quarter.complaints.longest", days=c.longest_days))
        said.append(
            self.t("quarter.complaints.upheld", share=self._share(c.upheld, c.answered))
        )
        return tuple(said)

    def _days(self, days: float | None) -> str:
        return (
            self.t("quarter.days.open")
            if days is None
            else self.t("quarter.days.some", days=f"{days:.0f}")
        )

    def _appeals(self) -> tuple[str, ...]:
        a = self.basis.appeals
        return (
            self.t("quarter.appeals.counted", filed=a.filed, decided=a.decided, open=a.open),
            *([self.t("quarter.appeals.upheld", share=self._share(a.upheld, a.decided))]
              if a.decided else []),
        )  # fmt: skip

    def _share(self, part: int, whole: int) -> str:
        span = proportion_interval(part, whole)
        if span is None:
            return self.t("quarter.share.none")
        return self.t(
            "quarter.share.some",
            part=part,
            whole=whole,
            share=f"{part / whole:.0%}",
            low=f"{span[0]:.0%}",
            high=f"{span[1]:.0%}",
        )

    def _progress(self) -> tuple[str, ...]:
        p, evidence = self.basis.people, self.basis.evidence
        return (
            self.t("quarter.progress.people", enrolled=p.enrolled, came=p.came, left=p.left),
            self.t(
                "quarter.progress.evidence",
                submitted=sum(e.submitted for e in evidence),
                granted=sum(e.granted for e in evidence),
                sent_back=sum(e.sent_back for e in evidence),
            ),
        )

    def _showcase(self) -> tuple[str, ...]:
        s = self.basis.shown
        return (
            self.t("quarter.showcase.products", verified=s.verified, lapsed=s.lapsed),
            self.t("quarter.showcase.featured", collections=s.collections, featured=s.featured),
            self.t("quarter.showcase.scans", scans=s.scans),
        )

    def _quality(self) -> tuple[str, ...]:
        q = self.quality
        covered, expected = self.basis.study.comparison.coverage
        return (
            self.t("quarter.quality.coverage", covered=covered, expected=expected,
                   last=month_label(self.basis.last)),
            self.t("quarter.quality.faults", missing=q.missing, late=q.late, disagreeing=q.disagreeing,
                   other=q.other, days=self.rulebook.methods.late_report_days),
            self.t("quarter.quality.conflicts", count=q.conflicts),
        )  # fmt: skip


def rule_words(rulebook: Rulebook, lang: Lang) -> str:
    """Return the sentence that names the rules a report was made by."""
    program = rulebook.program
    return say(
        "chart.computed.rule",
        lang,
        program=program.name_zh if lang == "zh" else program.name_en,
        version=program.version,
        mark=rulebook.sha256[:8],
    )
