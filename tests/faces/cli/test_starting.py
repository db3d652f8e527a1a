"""A second start loads only what it needs; the app's pages wait for what is loaded meanwhile."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from marketplace.base.access.queries import LOADING
from marketplace.base.settings import ROOT
from marketplace.faces.cli import serving
from marketplace.faces.cli.failing import ExitCode
from marketplace.faces.ui import warming
from marketplace.faces.web import server

_SECOND = """
import sys
from marketplace.faces.cli.main import main
sys.argv = ["manage.py", "demo", "--no-serve", "--data-dir", sys.argv[1]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(sorted(name for name in sys.modules if name.startswith(("marketplace.features",
    "marketplace.desk", "marketplace.assembly", "alembic", "pandas", "streamlit"))))
"""


def test_a_second_start_of_the_demo_needs_no_feature(demo_template: Path, tmp_path: Path):
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    told = subprocess.run(
        [sys.executable, "-c", _SECOND, str(folder)],
        check=False,
        cwd=ROOT,
        text=True,
        capture_output=True,
    )
    assert told.returncode == 0, told.stderr
    assert "演示资料已在" in told.stdout
    assert told.stdout.splitlines()[-1] == "[]"


def test_a_demo_that_was_not_loaded_to_its_end_is_refused(demo_template: Path, tmp_path: Path):
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    with sqlite3.connect(folder / "marketplace.sqlite3") as half:
        half.execute("UPDATE installation SET value = ? WHERE name = 'demo'", (LOADING,))
    half.close()
    told = subprocess.run(
        [sys.executable, "-m", "marketplace", "demo", "--no-serve", "--data-dir", str(folder)],
        check=False, cwd=ROOT, text=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert told.returncode == ExitCode.ENVIRONMENT, told.stderr
    assert "中断" in told.stderr
    assert str(folder) in told.stderr


@pytest.mark.parametrize("more", [(), ("--public-only",)])
def test_a_port_that_is_used_already_is_the_environments_fault(
    demo_template: Path, tmp_path: Path, more: tuple[str, ...]
):
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = str(used.getsockname()[1])
        command = [sys.executable, "-m", "marketplace", "serve", "--port", port, *more]
        told = subprocess.run(
            [*command, "--data-dir", str(folder)],
            check=False, cwd=ROOT, text=True, capture_output=True, timeout=120,
        )  # fmt: skip
    assert told.returncode == ExitCode.ENVIRONMENT, told.stderr
    assert f"端口 {port} 被别的程序占用" in told.stderr


def test_a_server_that_cannot_start_says_so_by_our_number_not_by_uvicorns(
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(_app: object, **_given: object) -> None:
        raise SystemExit(3)  # uvicorn's number for a failed start; ours for "not allowed"

    monkeypatch.setattr("uvicorn.run", fail)
    monkeypatch.setattr("marketplace.faces.web.public_server.public_app", lambda app: app)
    house = SimpleNamespace(settings=SimpleNamespace(host="127.0.0.1", trusted_proxies=""))
    with pytest.raises(typer.Exit) as end:
        serving._serve_public(house, 0)
    assert end.value.exit_code == ExitCode.ENVIRONMENT


def test_the_server_answers_before_all_is_loaded_and_then_does_the_minutes_work(
    monkeypatch: pytest.MonkeyPatch,
):
    answering, worked = threading.Event(), threading.Event()
    seen: list[bool] = []
    monkeypatch.setattr(server, "the_app", lambda: None)
    monkeypatch.setattr(
        server, "gc", SimpleNamespace(collect=int, freeze=int)
    )  # not the tests' own
    monkeypatch.setattr(server, "run_minute", lambda _app: worked.set())

    def sign(_app: object) -> bool:
        seen.append(worked.is_set())
        raise OSError("a disk that is full stops nothing else")

    monkeypatch.setattr(server, "keep_anchor", sign)

    def warm() -> None:
        seen.append(answering.wait(10))
        raise ImportError("pages find out themselves")

    async def live() -> None:
        async with server.lifespan(warm)(None):
            answering.set()
            assert await asyncio.to_thread(worked.wait, 10)

    asyncio.run(live())
    assert seen == [True, False]  # the trail is signed as it was found


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let `warm` load until this is set."""
    allowed = threading.Event()
    monkeypatch.setattr(warming, "_loading", threading.Event())
    monkeypatch.setattr(warming, "_loaded", threading.Event())
    monkeypatch.setattr(warming, "_import_all", lambda: allowed.wait(10))
    return allowed


def test_a_page_waits_until_all_is_loaded(loading: threading.Event):
    warming.wait_until_warm()  # nobody loads: an ASGI server of another kind, a test
    loader = threading.Thread(target=warming.warm)
    loader.start()
    assert warming._loading.wait(10)
    passed = threading.Event()
    page = threading.Thread(target=lambda: (warming.wait_until_warm(), passed.set()))
    page.start()
    assert not passed.wait(0.2)
    loading.set()
    assert passed.wait(10)
    loader.join()
    page.join()


def test_what_cannot_be_loaded_holds_no_page_back(
    loading: threading.Event, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise ImportError("broken")

    monkeypatch.setattr(warming, "_import_all", fail)
    with pytest.raises(ImportError):
        warming.warm()
    warming.wait_until_warm()
    assert warming._loaded.is_set()
