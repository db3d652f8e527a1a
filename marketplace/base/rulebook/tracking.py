"""The rules on tracking: how fast the office answers, when an end by date comes into sight.

Every value has a default, so that a program text kept before these rules existed still loads.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Days = Annotated[int, Field(strict=True, ge=1, le=366)]


class TrackingRules(BaseModel):
    """Days that due dates are counted by; working days but for `renewal_days`.

    `answer_working_days` is for what waits in the office and carries no due day of its own,
    `statement_working_days` for an owner asked to be heard, `renewal_days` says how long before
    its end an approval may be renewed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_working_days: _Days = 5
    profile_working_days: _Days = 3
    statement_working_days: _Days = 5
    renewal_days: _Days = 30
