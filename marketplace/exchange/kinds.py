"""The words of import: what a file holds, what becomes of a row, why a row is skipped."""

from __future__ import annotations

from enum import StrEnum


class ImportKind(StrEnum):
    """What one row of a file is."""

    FACTORIES = "factories"
    EARLIER_RECORDS = "earlier-records"
    EXPOSURE = "exposure"
    STORES = "stores"
    PRODUCTS = "products"
    COMPLAINTS = "complaints"


class Outcome(StrEnum):
    """What became of a row."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DRAFT = "draft"  # 待补代码
    DUPLICATE = "duplicate"  # repeats a row of the same file
    REJECTED = "rejected"


class Undone(StrEnum):
    """What an undo did with a row that had written something."""

    TAKEN_BACK = "taken_back"
    PARTLY = "partly"
    KEPT = "kept"


class SkipReason(StrEnum):
    """Why a row is no data row."""

    TOTAL = "total"
    REMARK = "remark"
    SECTION = "section"
    REPEATED_HEADER = "repeated_header"
    EXAMPLE = "example"
    NUMBER_ONLY = "number_only"
    COLUMN_NUMBERS = "column_numbers"


class Basis(StrEnum):
    """What a proposed column rests on."""

    EXACT = "exact"
    SIMILAR = "similar"
    CONTENTS = "contents"
    CHOSEN = "chosen"


class Unit(StrEnum):
    """Units a heading or a cell may name; `SCALES` in `numbers` says what they come to."""

    PAIRS = "pairs"
    THOUSAND_PAIRS = "thousand_pairs"
    TEN_THOUSAND_PAIRS = "ten_thousand_pairs"
    MILLION_PAIRS = "million_pairs"
    HUNDRED_MILLION_PAIRS = "hundred_million_pairs"
    TEN_THOUSAND = "ten_thousand"
    PERSONS = "persons"
    TEN_THOUSAND_PERSONS = "ten_thousand_persons"
    LISTINGS = "listings"
    TEN_THOUSAND_LISTINGS = "ten_thousand_listings"
    FEN = "fen"
    YUAN = "yuan"
    THOUSAND_YUAN = "thousand_yuan"
    TEN_THOUSAND_YUAN = "ten_thousand_yuan"
    HUNDRED_MILLION_YUAN = "hundred_million_yuan"
