"""A signed lead as an official letter: exactly the package that was signed, with its signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from starlette.requests import Request

from marketplace.assembly import App
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.errors import NotFound
from marketplace.base.words import Lang, label, say
from marketplace.exchange.exporting import record_export
from marketplace.faces.web import render
from marketplace.faces.web.printing import Endpoint, Reader, paper_endpoint, watermark_of
from marketplace.faces.web.viewmodels_print import Fact, LetterPaper, Sheet, Table
from marketplace.features.referrals.kinds import Redaction
from marketplace.features.referrals.queries import Package, get_package, get_referral


def referral_endpoint(app: App) -> Endpoint:
    """Return the endpoint of a lead's letter."""

    def letter(session: Session, reader: Reader, request: Request) -> str:
        return print_referral(
            session, app, reader, referral_id=int(request.path_params["referral_id"])
        )

    def page_of(request: Request) -> str:
        return f"/referrals?id={request.path_params['referral_id']}"

    return paper_endpoint(app, letter, page_of=page_of)


def print_referral(session: Session, app: App, reader: Reader, *, referral_id: int) -> str:
    """Return the letter of a signed lead and record that it was taken.

    Raises:
        NotFound: when there is none, it is not signed, or this actor may not know of it.
    """
    actor, lang = reader.actor, reader.lang
    program = next(iter(sorted(actor.programs)), "")
    rulebook = app.rulebook(program)
    row, _ = get_referral(session, actor, clock=app.clock, referral_id=referral_id)
    package = get_package(session, actor, rulebook, referral_id=referral_id)
    if row.signed_at is None or package.signature is None:
        raise NotFound("referral_not_found", referral_id=referral_id)
    stamp = record_export(
        session,
        clock=app.clock,
        actor=actor,
        program=program,
        kind="referral_letter",
        rows=1,
        wanted={"number": row.number},
    )
    name = rulebook.program.name_zh if lang == "zh" else rulebook.program.name_en
    sheet = Sheet(
        program=name,
        title=say("referrals.paper_title", lang),
        subtitle=say("referrals.paper_to", lang, agency=str(package.content["agency"])),
        number=row.number,
        as_of=civil_day(row.signed_at),
        issued_at=row.signed_at,
        issued_by=stamp.who,
        is_demo=is_demo(session),
        watermark=watermark_of(stamp, lang),
    )  # fmt: skip
    return render.render_letter(_letter(package, sheet, lang), lang)


def _letter(package: Package, sheet: Sheet, lang: Lang) -> LetterPaper:
    content = package.content
    about: dict[str, Any] = content["subject"]

    def word_of(key: str) -> str:
        return say(f"referrals.{key}", lang)

    out = say("app.comma", lang).join(label(Redaction(r), lang) for r in content["left_out"])
    return LetterPaper(
        sheet=sheet,
        heading=str(content["title"]),
        statement=str(content["statement"]),
        about=(
            Fact(say("field.name", lang), f"{about['operator']} · {about['factory']}"),
            Fact(say("field.uscc", lang), about["uscc"] or "—"),
            *(
                Fact(label(r, lang), about[r.value] or "—")
                for r in (Redaction.LEGAL_REPRESENTATIVE, Redaction.PHONE, Redaction.ADDRESS)
            ),
        ),
        left_out=say("referrals.left_out", lang, fields=out)
        if out
        else word_of("left_out_none"),
        sections=(
            (word_of("findings"), _findings(content, word_of)),
            (word_of("stores"), _stores(content, word_of)),
            (word_of("evidence"), _evidence(content, word_of)),
        ),
        seals=(
            Fact(word_of("digest"), package.sha256),
            Fact(word_of("signature"), package.signature or ""),
            Fact(word_of("public_key"), package.public_key),
        ),
    )


def _findings(content: dict[str, Any], word_of: Callable[[str], str]) -> Table:
    names = ("reference", "store", "found", "decided", "listings", "what")
    keys = ("reference", "store_no", "found_on", "decided_on", "listings", "statement")
    return Table(
        heads=tuple(word_of(name) for name in names),
        rows=tuple(tuple(str(f[key]) for key in keys) for f in content["findings"]),
        numeric=frozenset({4}),
    )


def _stores(content: dict[str, Any], word_of: Callable[[str], str]) -> Table:
    return Table(
        heads=tuple(
            word_of(name) for name in ("store", "number", "held", "basis", "held_status")
        ),
        rows=tuple(
            (
                s["name"],
                f"{s['platform']} {s['store_no']}",
                f"{s['from_on']} – {s['until_on'] or word_of('until_now')}",
                s["basis"],
                word_of("confirmed" if s["confirmed"] else "declared"),
            )
            for s in content["stores"]
        ),
    )


def _evidence(content: dict[str, Any], word_of: Callable[[str], str]) -> Table:
    return Table(
        heads=(word_of("file"), word_of("digest_of_file")),
        rows=tuple((e["name"], e["sha256"]) for e in content["evidence"]),
    )
