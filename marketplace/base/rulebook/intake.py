"""The rules of taking complaints in: deadlines, sizes, the wait of the law.

Every number has a default, so that program texts kept from before this table still load.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Days = Annotated[int, Field(strict=True, ge=1, le=365)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class Intake(BaseModel):
    """How complaints are taken in and answered; `programs/README.md` explains each key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_working_days: Days = 5
    seller_answer_working_days: Days = 5
    # Administrative Penalty Law art. 45: whoever is to be penalized is heard before.
    hearing_working_days: Days = 5
    # E-Commerce Law art. 43: fifteen days after the counter-notice reached the complainant.
    counter_wait_days: Days = 15
    max_listings_per_notice: Count = 300
    max_listings_per_day: Count = 3000
    refusal_min_characters: Count = 30
    max_documents_per_right: Count = 5
    max_files_per_case: Count = 10
    min_answered_for_rate: Count = 10
    public_complaints_per_hour: Count = 5
    max_files_per_public_complaint: Count = 3
    public_file_max_mb: Count = 8
