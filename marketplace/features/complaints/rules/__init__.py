"""The pure rules of intake: the flow of a notice, lines, what comes next, answer times."""

from marketplace.features.complaints.rules.flow import Flow, advance, wait_ends
from marketplace.features.complaints.rules.lines import (
    Known,
    LineVerdict,
    NoticeLine,
    StoreFound,
    item_of,
    judge_lines,
    listing_key,
    parse_lines,
)
from marketplace.features.complaints.rules.standing import (
    Question,
    Standing,
    may_answer,
    standing_of,
)
from marketplace.features.complaints.rules.times import AnswerTimes, Handled, answer_times

__all__ = [
    "AnswerTimes",
    "Flow",
    "Handled",
    "Known",
    "LineVerdict",
    "NoticeLine",
    "Question",
    "Standing",
    "StoreFound",
    "advance",
    "answer_times",
    "item_of",
    "judge_lines",
    "listing_key",
    "may_answer",
    "parse_lines",
    "standing_of",
    "wait_ends",
]
