"""The typed model of a program file. `programs/README.md` explains every key.

Numbers stand in the file with unit and source; `load` takes them apart, so that rules read plain
values here and screens can show where each came from (`Rulebook.figures`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from marketplace.base.clock import WorkCalendar
from marketplace.base.rulebook.conduct import ConductRules
from marketplace.base.rulebook.enforcement import EnforcementRules
from marketplace.base.rulebook.holds import HoldRules
from marketplace.base.rulebook.intake import Intake
from marketplace.base.rulebook.methods import Methods
from marketplace.base.rulebook.oversight import Oversight
from marketplace.base.rulebook.sampling import Sampling
from marketplace.base.rulebook.tracking import TrackingRules

_which = attrgetter("offense")  # asked for every event of every replay

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_:\-]*$", max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]+([.\-][a-z0-9]+)*$", max_length=120)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
# Days stand unquoted and without a time; a quoted one would be taken for a word elsewhere.
Day = Annotated[date, Field(strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Part):
    """A number as the file states it; `source_zh` is for papers an owner reads in Chinese."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: StrictInt | StrictFloat | StrictBool | list[StrictInt]
    unit: Name
    source: Annotated[str, Field(min_length=4)]
    source_zh: str = ""


class Program(_Part):
    """What the program is, and the name and seal it shows in public."""

    key: Key
    version: Annotated[int, Field(strict=True, ge=1)]
    category: Key
    region_code: Annotated[str, Field(pattern=r"^\d{6}$")]
    name_zh: Name
    name_en: Name
    public_name_zh: Name
    public_name_en: Name
    place_zh: Name
    place_en: Name
    seal_zh: Annotated[str, Field(min_length=1, max_length=4)]
    contact: Name
    contact_en: Name | None = None
    valid_from: Day
    valid_until: Day

    @property
    def contact_for_english(self) -> str:
        """The contact where English is read: the Chinese one in a file that gives no other."""
        return self.contact_en or self.contact


class Region(_Part):
    """A district, or a management zone without a national code."""

    code: Key
    kind: Literal["district", "management_zone"]
    name_zh: Name
    name_en: Name
    towns: tuple[str, ...] = ()


class Evidence(_Part):
    """A kind of proof a condition asks for."""

    key: Key
    name_zh: Name
    name_en: Name
    required: StrictBool = True


class ConditionKind(StrEnum):
    """A condition counts for the stage; a milestone is shown and celebrated."""

    CONDITION = "condition"
    MILESTONE = "milestone"


class Condition(_Part):
    """One condition of the ladder: what it needs, who decides, how long it holds."""

    key: Key
    kind: ConditionKind
    name_zh: Name
    name_en: Name
    needs: tuple[Key, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    source: (
        Literal[
            "registry.registered",
            "progress.enrolled",
            "catalog.trademark_filed",
            "catalog.trademark_registered",
            "catalog.product_test",
        ]
        | None
    ) = None
    decided_by: Literal["officer", "reviewer"] = "officer"
    second_person: StrictBool = False
    valid_days: Days | None = None
    due_working_days: Days = 5
    waits_on: Literal["factory", "officer", "trademark_office", "laboratory"] = "factory"
    handed_in_by: Literal["firm", "office"] = "firm"
    how_zh: str = ""
    how_en: str = ""


class Stage(_Part):
    """A stage is reached when all its conditions hold."""

    key: Key
    name_zh: Name
    name_en: Name
    requires: tuple[Key, ...]


class PointsStep(_Part):
    """What the nth offense costs; the last step goes on for all later ones."""

    offense: Annotated[int, Field(strict=True, ge=1)]
    points: Count
    measure: Literal["warning", "points", "suspension", "closure"]
    suspension_days: Count = 0


class Band(_Part):
    """A range of balances for lists; `until` is exclusive."""

    key: Key
    from_points: Count
    until_points: Count | None = None


class Points(_Part):
    """The schedule of points and the thresholds of closure."""

    schedule: tuple[PointsStep, ...]
    closure_balance: Count
    brand_complaints_to_close: Count
    complaint_window_hours: Count
    yearly_clearing: StrictBool
    bands: tuple[Band, ...]


class Category(_Part):
    """A kind of product and the standards any one of which it may be tested by."""

    key: Key
    name_zh: Name
    name_en: Name
    standards: tuple[str, ...] = ()


class ProductRule(_Part):
    """What a product needs to be verified."""

    nice_class: Annotated[int, Field(strict=True, ge=1, le=45)]
    valid_days: Days
    review_working_days: Days
    photos_min: Count
    design_bases: tuple[Literal["design_patent", "registered_work", "dated_drawings"], ...]
    categories: tuple[Category, ...]


class Featuring(_Part):
    """Who may be featured: current conduct only; `link_hosts` are where an owner may link to."""

    min_stock: Count
    stock_max_age_days: Days
    cap_per_group: Annotated[int, Field(strict=True, ge=1)]
    reserves: Count
    hold_hours: Count
    recheck_hours: tuple[StrictInt, StrictInt]
    objection_working_days: Days
    link_hosts: tuple[Host, ...] = ()


class Disclosure(_Part):
    """What an owner is told before he types a word about the past."""

    seen_by_zh: str
    seen_by_en: str
    used_for_zh: str
    used_for_en: str
    never_used_for_zh: str
    never_used_for_en: str
    must_pass_on_zh: str
    must_pass_on_en: str
    pass_on_from_yuan: Count | None = None
    pass_on_to_zh: str = ""
    pass_on_to_en: str = ""
    year_bands: tuple[str, ...]


class Compliance(_Part):
    """How figures are made."""

    exposure_kind: Literal["listed", "checked", "sold"]
    interval_level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    min_findings_for_listings: Count
    min_exposure_for_ranking: Count
    excluded_months_before: Count
    impact_model_zh: str
    impact_model_en: str


class Person(_Part):
    """A role held by named logins, with deputies and the second person."""

    role: Literal["officer", "reviewer"]
    logins: tuple[str, ...]
    deputies: tuple[str, ...] = ()
    second_person: str | None = None


class Rulebook(_Part):
    """All rules of one program in one version."""

    program: Program
    regions: tuple[Region, ...]
    conditions: tuple[Condition, ...]
    stages: tuple[Stage, ...]
    points: Points
    product: ProductRule
    featuring: Featuring
    disclosure: Disclosure
    compliance: Compliance
    tracking: TrackingRules = TrackingRules()
    methods: Methods = Field(default_factory=Methods)
    conduct: ConductRules = ConductRules()
    enforcement: EnforcementRules = EnforcementRules()
    holds: HoldRules = HoldRules()
    people: tuple[Person, ...] = ()
    holidays: frozenset[Day] = frozenset()
    workdays: frozenset[Day] = frozenset()
    intake: Intake = Intake()
    oversight: Oversight = Oversight()
    sampling: Sampling = Sampling()
    sha256: str = ""
    text: str = ""
    figures: Mapping[str, Figure] = Field(default_factory=dict)

    @property
    def calendar(self) -> WorkCalendar:
        """The days that are worked: holidays left out, moved workdays (调休) kept."""
        return WorkCalendar(self.holidays, self.workdays)

    def region(self, code: str) -> Region | None:
        """Return a region by its code."""
        return next((r for r in self.regions if r.code == code), None)

    def region_for_uscc(self, uscc: str) -> Region | None:
        """Return the region a USCC was registered in."""
        return self.region(uscc[2:8])

    def has_registered(self, uscc: str) -> bool:
        """Tell whether a USCC was registered in the city, by a district or by the city itself."""
        return uscc[2:6] == self.program.region_code[:4]

    def region_for_address(self, address: str) -> Region | None:
        """Return the region an address names, by its name or one of its towns.

        Management zones come first: they lie inside districts.
        """
        zones = sorted(self.regions, key=lambda r: r.kind != "management_zone")
        for region in zones:
            if region.name_zh in address or region.name_en.lower() in address.lower():
                return region
        return next((r for r in zones if any(t in address for t in r.towns)), None)

    def condition(self, key: str) -> Condition | None:
        """Return a condition or milestone by its key."""
        return next((c for c in self.conditions if c.key == key), None)

    def conditions_in_order(self) -> tuple[Condition, ...]:
        """Return conditions and milestones so that each comes after what it needs."""
        placed: dict[str, Condition] = {}
        left = list(self.conditions)
        while left:
            ready = next(c for c in left if all(n in placed for n in c.needs))
            placed[ready.key] = ready
            left.remove(ready)
        return tuple(placed.values())

    def points_for_offense(self, offense: int) -> PointsStep:
        """Return the step of the nth offense; later ones take the last step."""
        steps = self.points.schedule
        reached = [s for s in steps if s.offense <= offense]
        if reached:
            return max(reached, key=_which)
        return min(steps, key=_which)

    def points_band(self, balance: int) -> str:
        """Return the key of the band a balance falls in."""
        for band in self.points.bands:
            below = band.until_points is None or balance < band.until_points
            if balance >= band.from_points and below:
                return band.key
        return self.points.bands[0].key
