"""Times a page of this app beside an empty page of a stock Streamlit, each on a server of its own.

Run as a program by `bench`: it reads what to time as JSON and prints one JSON line a figure. Ours
and the empty page take turns, so that a busy machine is busy for both. A run is timed as a browser
sees it: from the click sent over the socket to the last message of the answer.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from marketplace.base.settings import ROOT

RUN_GOAL = 0.5  # of a stock empty page, in the server
OPEN_GOAL = 1.5  # of an empty page, in the browser
_EMPTY = "import streamlit as st\n"
_LONGEST_S = 60
_PAUSE_S = (
    0.2  # between two turns, as a reader pauses; at once, the line itself would wait 40 ms
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to time: a page, as whom (a Cookie header), how often, with which browser if any."""

    page: str
    cookie: str
    turns: int
    browser: str | None


def main() -> None:
    """Time what standard input asks for; the installation is named by the environment."""
    asked = Asked(**json.load(sys.stdin))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "empty.py").write_text(_EMPTY)
        ours = stack.enter_context(_server(ROOT, "app.py", "/healthz"))
        empty = stack.enter_context(_server(folder, "empty.py", "/_stcore/health"))
        _tell("run", RUN_GOAL, _time_runs(asked, ours, empty))
        if asked.browser:
            _tell("opening", OPEN_GOAL, _time_openings(asked, ours, empty))


def _tell(what: str, goal: float, took: tuple[float, float]) -> None:
    told = {"name": what, "goal": goal, "ours_ms": took[0], "floor_ms": took[1]}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _time_runs(asked: Asked, ours: int, empty: int) -> tuple[float, float]:
    headers = {"Cookie": asked.cookie}
    with _reader(ours, asked.page, headers) as page, _reader(empty, "", {}) as blank:
        return _turns(asked.turns, page, blank)


def _time_openings(asked: Asked, ours: int, empty: int) -> tuple[float, float]:
    """Warm: the browser has opened both before, so that its own store is filled."""
    from playwright.sync_api import sync_playwright

    name, _, value = asked.cookie.partition("=")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=asked.browser, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_context(locale="zh-CN").new_page()
        page.context.add_cookies([{"name": name, "value": value, "url": _at(ours)}])
        done = '[data-testid=stApp][data-test-script-state="notRunning"]'

        def opened(address: str, shown: str) -> Callable[[], None]:
            def work() -> None:
                page.goto(address, wait_until="commit")
                page.wait_for_selector(f"{done} {shown}", state="attached")

            return work

        took = _turns(
            asked.turns,
            opened(f"{_at(ours)}/{asked.page}", ".z-fig svg"),
            opened(_at(empty), "[data-testid=stMain]"),
        )
        browser.close()
        return took


def _turns(
    turns: int, ours: Callable[[], object], floor: Callable[[], object]
) -> tuple[float, float]:
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(-2, turns):  # the first two fill what both keep
        for into, work in zip(took, (ours, floor), strict=True):
            time.sleep(_PAUSE_S)
            start = time.perf_counter()
            work()
            if turn >= 0:
                into.append((time.perf_counter() - start) * 1_000)
    return median(took[0]), median(took[1])


@contextmanager
def _reader(port: int, page: str, headers: Mapping[str, str]) -> Iterator[Callable[[], None]]:
    """Connect as a browser does; give the function that runs the page and waits for its end."""
    where = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(
        where, additional_headers=headers, subprotocols=["streamlit"],  # type: ignore[list-item]
        compression=None, max_size=None,
    ) as line:  # fmt: skip
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        place = {"page_name": page}

        def run() -> None:
            told = BackMsg()
            for field, value in place.items():
                setattr(told.rerun_script, field, value)
            line.send(told.SerializeToString())
            while True:
                heard = ForwardMsg.FromString(_bytes(line.recv(_LONGEST_S)))
                if heard.HasField("navigation"):
                    place.clear()
                    place["page_script_hash"] = heard.navigation.page_script_hash
                if heard.HasField("delta") and heard.delta.new_element.HasField("exception"):
                    raise RuntimeError(heard.delta.new_element.exception.message)
                if heard.WhichOneof("type") == "script_finished":
                    return

        yield run


def _bytes(message: Any) -> bytes:
    return message if isinstance(message, bytes) else bytes(message, "utf-8")


@contextmanager
def _server(folder: Path, script: str, ready: str) -> Iterator[int]:
    """Serve a script from its folder on a free port, as `serve` does; stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, env=dict(os.environ), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, _at(port) + ready)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + _LONGEST_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=2) as answer:  # noqa: S310  our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    msg = f"no answer from {address}"
    raise RuntimeError(msg)


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    main()
