"""The rules on measures, appeals and what applies to each category.

Every part has a default: a program text kept before these rules existed still loads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

_Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=40)]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Days = Annotated[int, Field(strict=True, ge=1, le=3_650)]
_Fen = Annotated[int, Field(strict=True, ge=0, le=10**12)]
MeasureName = Literal[
    "takedown",
    "warning",
    "points",
    "suspension",
    "interim_suspension",
    "closure",
    "course",
    "payment_hold",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(_Part):
    """A course an owner can be obliged to take."""

    key: _Key
    name_zh: _Name
    name_en: _Name
    hours: _Days


class MeasureRules(_Part):
    """What follows from a decided finding beside the points."""

    takedown: StrictBool = True
    plan_days: _Days = 7
    longest_suspension_days: _Days = 21
    interim_days: _Days = 10
    course_days: _Days = 30
    courses: tuple[Course, ...] = ()

    def course(self, key: str) -> Course | None:
        """Return a course by its key."""
        return next((c for c in self.courses if c.key == key), None)


class WhileOpen(_Part):
    """Whether a measure goes on while an appeal against it is open, and why."""

    measure: MeasureName
    effect: Literal["kept", "paused"]
    why_zh: _Name
    why_en: _Name


# What can stand still while an appeal is open; to pause any other measure would change nothing.
PAUSED = frozenset({"suspension", "interim_suspension", "course"})


class AppealRules(_Part):
    """Instances in order: days to file and days to decide, in working days."""

    file_working_days: tuple[_Days, ...] = (15, 10)
    decide_working_days: tuple[_Days, ...] = (10, 15)
    while_open: tuple[WhileOpen, ...] = ()
    # Published counts under this are not told: few appeals are known to be somebody's.
    published_from: Annotated[int, Field(strict=True, ge=1, le=100)] = 5

    def effect_on(self, measure: str) -> WhileOpen | None:
        """Return the stated rule for a measure; None means it is kept."""
        return next((w for w in self.while_open if w.measure == measure), None)


class Signal(_Part):
    """Something to look for in a category, in words."""

    zh: _Name
    en: _Name


class CategoryPolicy(_Part):
    """What applies to a category; what is left out is inherited from `inherits`."""

    key: _Key
    inherits: _Key | None = None
    name_zh: _Name
    name_en: _Name
    signals: tuple[Signal, ...] | None = None
    sampling_rate: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None
    price_floor_fen: _Fen | None = None
    tests: tuple[_Name, ...] | None = None
    measures: tuple[MeasureName, ...] | None = None


INHERITED = ("signals", "sampling_rate", "price_floor_fen", "tests", "measures")


class EnforcementRules(_Part):
    """All of it."""

    measures: MeasureRules = MeasureRules()
    appeals: AppealRules = AppealRules()
    categories: tuple[CategoryPolicy, ...] = ()

    def lineage(self, key: str) -> Iterator[CategoryPolicy]:
        """Give a category's policy and those it inherits from, nearest first; ends at a circle."""
        known = {c.key: c for c in self.categories}
        seen: set[str] = set()
        at: str | None = key
        while at in known and at not in seen:
            seen.add(at)
            yield known[at]
            at = known[at].inherits

    def category(self, key: str) -> CategoryPolicy | None:
        """Return a category's policy with what it inherits filled in; None for an unknown key."""
        line = list(self.lineage(key))
        if not line:
            return None
        filled = {
            name: next((v for p in line if (v := getattr(p, name)) is not None), None)
            for name in INHERITED
        }
        return line[0].model_copy(update=filled)

    def required_tests(self, category: str | None) -> tuple[str, ...]:
        """Return the standards a product of a category must be tested by, every one of them."""
        policy = self.category(category) if category else None
        return (policy.tests or ()) if policy else ()

    def allows(self, categories: Iterable[str | None], measure: str) -> bool:
        """Tell whether a person may impose a measure for products of these categories.

        One of them is enough; where no policy lists its measures, all may be. A suspension before
        the decision is a suspension.
        """
        policies = [self.category(key) for key in categories if key]
        lists = [p.measures for p in policies if p is not None and p.measures is not None]
        names = {measure, "suspension"} if measure == "interim_suspension" else {measure}
        return not lists or any(names & set(listed) for listed in lists)

    def floor_above(self, category: str | None, price_fen: int | None) -> int | None:
        """Return the price floor of a category where a price is below it, else None.

        A low price is a reason to look, never a verdict: many an honest sale is below it.
        """
        policy = self.category(category) if category else None
        floor = policy.price_floor_fen if policy else None
        below = floor is not None and price_fen is not None and price_fen < floor
        return floor if below else None

    def inherits_from(self, key: str) -> str | None:
        """Return the key of the policy directly above, or None at the top."""
        return next((c.inherits for c in self.categories if c.key == key), None)

    def given_by(self, key: str, name: str) -> str | None:
        """Return the key of the policy a category has a value from; itself or one above."""
        return next((p.key for p in self.lineage(key) if getattr(p, name) is not None), None)
