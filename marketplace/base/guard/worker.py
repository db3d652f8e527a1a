"""The other side of `asking`: the worker that forks, and the child that parses one file.

It must not open the database or load anything of the features.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

DONE = b"\n.\n"  # the last bytes of a whole answer
ORDER = struct.Struct(">QQ")  # memory in bytes, seconds
_HEAD = struct.Struct(">I")
_LOOK_SECONDS = 0.5

Serve = Callable[[bytes, dict[str, object]], Iterable[bytes]]


def framed(head: bytes) -> bytes:
    """Return the head with its length in front; the content follows up to the end."""
    return _HEAD.pack(len(head)) + head


def main(job: str, line_number: str) -> None:
    """Fork a child for every line handed over, until the server is gone."""
    line = socket.socket(fileno=int(line_number))
    serve = _job(job)
    with contextlib.suppress(OSError):  # short of memory, the kernel takes these first
        Path("/proc/self/oom_score_adj").write_text("1000")
    running: dict[int, float] = {}
    while True:
        ready, _, _ = select.select([line], [], [], _LOOK_SECONDS if running else None)
        _end_overdue(running)
        if not ready:
            continue
        order, handed, _, _ = socket.recv_fds(line, ORDER.size, 1)
        if len(order) < ORDER.size:
            break
        memory, seconds = ORDER.unpack(order)
        child = os.fork()
        if child == 0:
            line.close()
            _serve_and_end(serve, handed[0], memory, seconds)
        os.close(handed[0])
        running[child] = time.monotonic() + seconds
    for child in running:
        os.kill(child, signal.SIGKILL)


def alone(job: str, memory_bytes: str, seconds: str) -> None:
    """Serve one file from standard input in this very process."""
    _limit(int(memory_bytes), int(seconds))
    given = sys.stdin.buffer.read()
    for part in _served(_job(job), given):
        sys.stdout.buffer.write(part)


def _job(name: str) -> Serve:
    serve: Serve = importlib.import_module(name).serve
    return serve


def _served(serve: Serve, given: bytes) -> Iterable[bytes]:
    start = _HEAD.size + _HEAD.unpack_from(given)[0]
    yield from serve(given[start:], json.loads(given[_HEAD.size : start]))
    yield DONE


def _serve_and_end(serve: Serve, line_number: int, memory: int, seconds: int) -> None:
    try:
        _limit(memory, seconds)
        with socket.socket(fileno=line_number) as line, line.makefile("rwb") as talk:
            for part in _served(serve, talk.read()):
                talk.write(part)
    finally:  # never back into the worker's loop, whatever happened
        os._exit(0)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the server remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _end_overdue(running: dict[int, float]) -> None:
    """Take the ended children off; end those whose time is up.

    A child keeps its number until it is taken off here, so that no other process is hit.
    """
    now = time.monotonic()
    for child, until in list(running.items()):
        if os.waitpid(child, os.WNOHANG)[0]:
            del running[child]
        elif now > until:
            os.kill(child, signal.SIGKILL)
