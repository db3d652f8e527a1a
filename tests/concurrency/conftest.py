"""Many hands at once: what each got, with refusals as answers and anything else as a failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from marketplace.base.errors import MarketplaceError
from tests.features.conftest import world as world  # noqa: PLC0414

HANDS = 8


@dataclass(frozen=True)
class Answer:
    """What one call returned or the code it was refused with, and how long it took."""

    value: object
    refused: str | None
    seconds: float


def together(calls: Sequence[Callable[[], object]]) -> list[Answer]:
    """Start all calls at the same instant; a refusal is an answer, every other error is raised."""
    gate = threading.Barrier(min(len(calls), HANDS))

    def run(number: int) -> Answer:
        if number < gate.parties:
            gate.wait(timeout=30)
        begun = time.perf_counter()
        try:
            value, refused = calls[number](), None
        except MarketplaceError as error:
            value, refused = None, error.code
        return Answer(value, refused, time.perf_counter() - begun)

    with ThreadPoolExecutor(max_workers=gate.parties) as pool:
        return list(pool.map(run, range(len(calls))))


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Choose between the short default and the long loop."""
    long = bool(request.config.getoption("--long"))
    return lambda short, many: many if long else short
