"""Listings drawn at random by the rate of their category: what to look at, what was seen."""

from __future__ import annotations

from marketplace.base.access import Role
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked
from marketplace.faces.ui.sampling import one, plan
from marketplace.faces.ui.session import page_for

here = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
look.head(here.t("page.sampling.title"), here.t("page.sampling.question"))
asked = number_asked("draw")
if asked is not None:
    one.show(here, asked)
else:
    plan.show(here)
