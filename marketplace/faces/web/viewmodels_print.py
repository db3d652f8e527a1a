"""What official paper shows: everything already in words of the page's language.

Paper is internal (officer, chief, archive); it is reached only through an authorized route.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head, seal box and foot of every paper."""

    program: str
    title: str
    subtitle: str
    number: str
    as_of: date
    issued_at: datetime
    issued_by: str
    qr_svg: str = ""  # leads to the address where the paper can be checked
    is_demo: bool = False
    watermark: str = ""  # who took it, number, when; repeated across every page
    notice: str = ""  # whom the paper is for, under the title


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value and where it comes from."""

    name: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; `numeric` names the columns set flush right, counted from 0."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the factory stands: done, now, next, and what is missing from whom until when."""

    steps: tuple[tuple[str, str], ...]  # (stage name, done | now | next)
    sentence: str
    conditions: Table


@dataclass(frozen=True, slots=True)
class DossierPaper:
    """The printable dossier of one factory; `earlier` is for internal use and says so."""

    sheet: Sheet
    identity: tuple[Fact, ...]
    standing: Standing
    products: Table
    conduct: Table
    earlier: Table
    stores: Table
    documents: Table
    timeline: Table
    brands: Table = Table((), ())  # marks with who checked them
    figure: PaperFigure | None = None  # compliance; None where nothing was ever checked


@dataclass(frozen=True, slots=True)
class FridayNumber:
    """One of the five numbers with its definition and the change since the last issue."""

    name: str
    value: str
    change: str
    definition: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something past its day and who holds it."""

    what: str
    held_by: str
    days_over: int


@dataclass(frozen=True, slots=True)
class FridayPaper:
    """The Friday page: five numbers, three findings, three overdue things; one A4."""

    sheet: Sheet
    numbers: tuple[FridayNumber, ...]
    findings: tuple[str, ...]
    overdue: tuple[Overdue, ...]
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """One figure on paper: what it shows, its drawing, what may be said, its table."""

    title: str
    subtitle: str
    svg: str
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    table: Table
    source: str
    reading: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodsPaper:
    """One tab of the methods page: each figure with how to read it and how it is computed."""

    sheet: Sheet
    figures: tuple[PaperFigure, ...]


@dataclass(frozen=True, slots=True)
class QuarterPaper:
    """The quarterly report: sentences, then tables and figures, then methods; several A4."""

    sheet: Sheet
    edited: tuple[str, tuple[str, ...]] | None  # of a later edition: heading, why and what
    corrections: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    tables: tuple[tuple[str, Table], ...]
    figures: tuple[PaperFigure, ...]
    methods: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """A signed lead: what was signed and the signature it can be checked by."""

    sheet: Sheet
    heading: str
    statement: str
    about: tuple[Fact, ...]
    left_out: str
    sections: tuple[tuple[str, Table], ...]
    seals: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StatementPaper:
    """A statement of reasons; `sections` are (heading, paragraphs) in the page's language."""

    sheet: Sheet
    sections: Sequence[tuple[str, Sequence[str]]]
    digest: str
