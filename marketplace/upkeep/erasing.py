"""Erases a person's details where they stand, or tells what would go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.db import unit_of_work, write
from marketplace.base.db.scrubbing import empty_log
from marketplace.base.errors import Refused
from marketplace.features.complaints.commands.erasing import erase_complaint_contact
from marketplace.features.enforcement.commands.erasing import erase_report_contact
from marketplace.features.registry.commands.erasing import erase_personal


class _TriedError(Exception):
    """Takes a unit of work back that was only to tell what it would do."""


def erase(
    app: App, *, actor: Actor, who: str, reason: str, dry_run: bool = False
) -> Mapping[str, int]:
    """Erase what is kept of `operator:12`, `report:R260101-123456` or `complaint:CODE`.

    Returns how much of what went, by a word under `erasing`. A dry run does the same and takes
    it back, so that it tells neither more nor less.

    Raises:
        Refused: for a person written otherwise, and as the commands do.
    """
    work = partial(_erase, app=app, actor=actor, who=who, reason=reason)
    if not dry_run:
        erased = write(app.store, work)
        empty_log(app.store)
        return erased
    told: Mapping[str, int] = {}
    try:
        with unit_of_work(app.store) as session:
            told = work(session)
            raise _TriedError
    except _TriedError:
        return told


def _erase(
    session: Session, *, app: App, actor: Actor, who: str, reason: str
) -> Mapping[str, int]:
    kind, _, number = who.partition(":")
    clock = app.clock
    match kind:
        case "operator" if number.isascii() and number.isdigit() and len(number) < 10:
            return erase_personal(
                session, clock=clock, actor=actor, operator_id=int(number), reason=reason
            )
        case "report" if number:
            erase_report_contact(
                session, clock=clock, actor=actor, number=number, reason=reason
            )
        case "complaint" if number:
            erase_complaint_contact(
                session, clock=clock, actor=actor, code=number, reason=reason
            )
        case _:
            raise Refused("person_unreadable", who=who)
    return {"contacts": 1}
