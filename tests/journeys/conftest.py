"""A demo installation served for real, and a Chromium to visit it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marketplace.base.settings import ROOT
from tests.journeys.devices import CHROMIUM, FLAGS, Device, Devices
from tests.journeys.pace import unhurried

# The longest first, so that the workers end together; what changes nothing last, test by test.
LONGEST_FIRST = ("test_whole_path", "test_whole_way", "test_oversight", "test_complaints")
CHANGES_NOTHING = ("test_every_page",)
NEXT = "/verify"  # a small page, and none of the app
PASSWORD = "walk-the-new-road-2026"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file of journeys on one worker's installation, except those that only look."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    for item in here:
        if item.path.stem not in CHANGES_NOTHING:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    ordered = iter(sorted(here, key=_turn))
    items[:] = [next(ordered) if item in here else item for item in items]


def _turn(item: pytest.Item) -> tuple[int, int]:
    name = item.path.stem
    if name in CHANGES_NOTHING:
        return len(LONGEST_FIRST) + 1, -_visits(item)
    turn = LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)
    return turn, 0


def _visits(item: pytest.Item) -> int:
    """How many pages a round of a role opens; one that is looked at for barriers counts double."""
    asked = item.callspec.params if hasattr(item, "callspec") else {}
    pages = len(asked["names"]) if "names" in asked else 1
    return pages * 2 if asked.get("lang") == "zh" else pages


@pytest.fixture(scope="session")
def site(served: tuple[str, int]) -> str:
    """The address of the demo that is served."""
    return served[0]


@pytest.fixture(scope="session")
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    """Start `demo` on a folder of its own and a free port; yield its address and its process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("demo")
    if request.config.getoption("--shared-demo"):  # else `demo` loads its program by itself
        shutil.copytree(request.getfixturevalue("demo_template"), folder / "var")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "marketplace",
            "demo",
            "--data-dir",
            str(folder / "var"),
            "--port",
            str(port),
        ],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("MARKETPLACE_")},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, process, folder / "server.log")
        yield base, process.pid
    finally:
        process.terminate()
        process.wait(20)
        log.close()
        shutil.rmtree(folder / "var", ignore_errors=True)


@pytest.fixture(scope="session")
def chromium(site: str):
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with unhurried(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def devices(chromium) -> Iterator[Devices]:
    """The computers and phones visitors come with."""
    kept = Devices(chromium)
    yield kept
    kept.close()


@pytest.fixture
def visit(site: str, devices: Devices):
    """Return a function that opens a visitor: role or None, and what of a `Device` differs."""
    taken = []

    def open_visitor(role: str | None = None, **brought: Any):
        device = Device(**brought)
        context = devices.take(device)
        taken.append(context)
        context.add_cookies([{"name": "lang", "value": device.lang, "url": site}])
        page = context.new_page()
        page.outside = []
        page.on(
            "request",
            lambda r: (
                page.outside.append(r.url)
                if not r.url.startswith((site, site.replace("http", "ws"), "data:", "blob:"))
                else None
            ),
        )
        if role is not None:
            # The app is not opened yet: each journey goes to where it begins.
            page.goto(f"{site}/auth/login?next={NEXT}")
            page.fill("input[name=login]", role)
            page.fill("input[name=password]", PASSWORD)
            page.click("form[action='/auth/login'] button[type=submit]")
            page.wait_for_url(f"{site}{NEXT}")
        return page

    yield open_visitor
    for context in taken:
        devices.give_back(context, site)


def _wait_for(base: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(720):  # a busy machine loads the demo for a minute and more
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise RuntimeError(log.read_text())
