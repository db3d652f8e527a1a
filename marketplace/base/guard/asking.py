"""Hands an untrusted file to a capped child process and takes its answer (trust.md, 15).

A worker imports the parser once and never sees a file: for each file it forks a child, which caps
itself, reads the file from a socket, answers and ends. What a file does to its child reaches
neither the server, nor the worker, nor the next file. An answer is bytes, never a pickle:
whatever takes a child over can only send data, and not more than the caller asked for.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

from marketplace.base.guard.worker import DONE, ORDER, framed

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from marketplace.base.guard import worker; worker.{entry}(*sys.argv[2:])"
)
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_GRACE_SECONDS = 1.0  # the worker ends a child at its time; this is for the news of it
_CHUNK = 256 * 1024


class Stopped(Exception):
    """The child died, was stopped at a cap, or gave no whole answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take; `answer_bytes` bounds what the child may send back."""

    memory_bytes: int
    seconds: int
    answer_bytes: int


_guards: WeakSet[Guard] = WeakSet()


class Guard:
    """Runs one kind of job; `job` is a module whose `serve(content, facts)` yields the answer."""

    def __init__(self, job: str, *, at_once: int = 2, forks: bool = CAN_FORK) -> None:
        """Start nothing yet: the worker comes with the first file.

        `at_once` bounds the children: what parsing takes of the machine is bounded.
        """
        self._job, self._forks = job, forks
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(at_once)
        self._worker: tuple[int, socket.socket, subprocess.Popen[bytes]] | None = None
        _guards.add(self)

    def ask(self, content: bytes, facts: Mapping[str, object], *, limits: Limits) -> bytes:
        """Return what the job answers of a file; `facts` are plain JSON values.

        Where the platform cannot fork or cap memory (Windows) the time cap remains.

        Raises:
            Stopped: at a cap, when the parser died, or when all turns stay taken that long.
        """
        if not self._turns.acquire(timeout=limits.seconds):
            raise Stopped
        try:
            if self._forks:
                return self._ask_forked(content, facts, limits)
            return self._ask_alone(content, facts, limits)
        finally:
            self._turns.release()

    def _ask_forked(self, content: bytes, facts: Mapping[str, object], limits: Limits) -> bytes:
        deadline = time.monotonic() + limits.seconds + _GRACE_SECONDS
        try:
            with self._child(limits) as line:
                line.settimeout(limits.seconds + _GRACE_SECONDS)
                line.sendall(framed(json.dumps(facts).encode()))
                line.sendall(content)
                line.shutdown(socket.SHUT_WR)
                return _answer(line, deadline, limits.answer_bytes)
        except OSError as error:
            raise Stopped from error

    def _child(self, limits: Limits) -> socket.socket:
        """Have a child forked; return the line to it. A worker that is gone is replaced."""
        here, there = socket.socketpair()
        order = ORDER.pack(limits.memory_bytes, limits.seconds)
        with there, self._lock:
            try:
                socket.send_fds(self._line(), [order], [there.fileno()])
            except OSError:
                self.forget()
                socket.send_fds(self._line(), [order], [there.fileno()])
        return here

    def _line(self) -> socket.socket:
        """Return the line to this process's own worker, started when there is none."""
        if self._worker is None or self._worker[0] != os.getpid():
            here, there = socket.socketpair()
            with there:
                number = str(there.fileno())
                process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments as a list
                    _command("main", self._job, number),
                    pass_fds=(there.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the server; the worker ends with it
                    env=_environment(),
                )
            self._worker = (os.getpid(), here, process)
        return self._worker[1]

    def forget(self) -> None:
        """End the worker; the next file starts another."""
        if self._worker is not None:
            _pid, line, process = self._worker
            line.close()
            process.kill()
            process.wait()
            self._worker = None

    def _ask_alone(self, content: bytes, facts: Mapping[str, object], limits: Limits) -> bytes:
        """Ask a fresh interpreter, which takes some tenths of a second to start."""
        caps = (str(limits.memory_bytes), str(limits.seconds))
        try:
            done = subprocess.run(  # noqa: S603 - as above
                _command("alone", self._job, *caps),
                input=framed(json.dumps(facts).encode()) + content,
                capture_output=True,
                timeout=limits.seconds,
                check=False,
                env=_environment(),
            )
        except subprocess.TimeoutExpired as error:
            raise Stopped from error
        if not done.stdout.endswith(DONE) or len(done.stdout) > limits.answer_bytes:
            raise Stopped
        return done.stdout.removesuffix(DONE)


def _environment() -> dict[str, str]:
    """Return what an interpreter needs to start; neither keys nor addresses of databases."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


def end_workers() -> None:
    """End this process's workers; before it becomes another program, which could not."""
    for guard in list(_guards):
        guard.forget()


def _command(entry: str, *arguments: str) -> list[str]:
    start = _START.format(entry=entry)
    return [sys.executable, "-I", "-X", "utf8", "-c", start, str(_ROOT), *arguments]


def _answer(line: socket.socket, deadline: float, most: int) -> bytes:
    """Read to the end; only an answer that says it is whole counts."""
    parts: list[bytes] = []
    left = most + len(DONE)
    while True:
        line.settimeout(max(deadline - time.monotonic(), 0.001))
        part = line.recv(_CHUNK)
        if not part:
            break
        left -= len(part)
        if left < 0:
            raise Stopped
        parts.append(part)
    answer = b"".join(parts)
    if not answer.endswith(DONE):
        raise Stopped
    return answer.removesuffix(DONE)
