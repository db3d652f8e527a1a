"""A job that does what a parser under attack may do; the child imports it by name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

seen: list[str] = []


def serve(content: bytes, facts: dict[str, object]) -> Iterator[bytes]:
    yield from DEEDS[str(facts["do"])](content)


def answer(content: bytes) -> Iterator[bytes]:
    yield content[::-1]


def remember(content: bytes) -> Iterator[bytes]:
    seen.append(content.decode())
    yield ",".join(seen).encode()


def tell(_content: bytes) -> Iterator[bytes]:
    yield ",".join([str(os.getppid()), *sorted(os.environ)]).encode()


def eat(_content: bytes) -> Iterator[bytes]:
    yield bytes(10**9)


def spin(_content: bytes) -> Iterator[bytes]:
    while True:
        pass


def sleep(_content: bytes) -> Iterator[bytes]:
    time.sleep(60)
    yield b""


def die(_content: bytes) -> Iterator[bytes]:
    os.abort()


def break_off(_content: bytes) -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError


def talk_on(_content: bytes) -> Iterator[bytes]:
    while True:
        yield bytes(10**6)


DEEDS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    deed.__name__: deed
    for deed in (answer, remember, tell, eat, spin, sleep, die, break_off, talk_on)
}
