"""Verbs that start something people use: the demo, the server, the worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace.base.guard import end_workers
from marketplace.faces.cli.failing import ExitCode
from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import (
    DataDir,
    holds_the_demo,
    migrate_installation,
    open_installation,
    use_progress,
)
from marketplace.faces.cli.programs import tell_reused_numbers

if TYPE_CHECKING:
    from marketplace.assembly import App
    from marketplace.base.settings import Settings

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=tell("option.port"))]
NoServe = Annotated[bool, typer.Option("--no-serve", help=tell("option.no_serve"))]


def demo(*, port: Port = 8501, data_dir: DataDir = None, no_serve: NoServe = False) -> None:
    """Migrate, load the demo program once, and serve it."""
    from marketplace.base.garbage import uncollected
    from marketplace.base.settings import settings
    from marketplace.upkeep.demo.accounts import DEMO_PASSWORD

    with uncollected():
        migrate_installation(data_dir)
        tell_reused_numbers(data_dir)
        loaded = not holds_the_demo(data_dir) and _load_demo(data_dir)
    typer.echo(tell("demo.loaded" if loaded else "demo.there"))
    typer.echo(tell("demo.accounts", password=DEMO_PASSWORD))
    if not no_serve:
        _serve(settings(), port)


def _load_demo(folder: Path | None) -> bool:
    from marketplace.upkeep.demo.load import load_demo

    app = open_installation(folder)
    try:
        with use_progress(tell("demo.loading")) as progress:
            return load_demo(app, progress=progress)
    finally:
        app.store.dispose()


def serve(
    *,
    port: Port = 8501,
    data_dir: DataDir = None,
    public_only: Annotated[
        bool, typer.Option("--public-only", help=tell("option.public_only"))
    ] = False,
) -> None:
    """Migrate and serve, without demo material."""
    from marketplace.base.settings import settings

    migrate_installation(data_dir)
    tell_reused_numbers(data_dir)
    if public_only:
        _serve_public(open_installation(data_dir), port)
    else:
        _serve(settings(), port)


def create_admin(
    *,
    login: Annotated[str, typer.Option("--login", help=tell("option.login"))],
    name: Annotated[str, typer.Option("--name", help=tell("option.name"))],
    password: Annotated[
        str,
        typer.Option("--password", prompt=True, hide_input=True, help=tell("option.password")),
    ],
    data_dir: DataDir = None,
) -> None:
    """Make the first administrator, once."""
    migrate_installation(data_dir)
    app = open_installation(data_dir)
    from marketplace.base.access.commands import create_first_admin
    from marketplace.base.db import write

    write(
        app.store,
        lambda s: create_first_admin(
            s, clock=app.clock, login=login, name=name, password=password
        ),
    )
    typer.echo(tell("admin.made", login=login))


def worker(
    *,
    data_dir: DataDir = None,
    once: Annotated[bool, typer.Option("--once", help=tell("option.once"))] = False,
) -> None:
    """Do the minute's work apart from the server."""
    app = open_installation(data_dir)
    from marketplace.upkeep.minute import run_minute

    while True:
        run_minute(app)
        if once:
            return
        time.sleep(60)


def _serve(given: Settings, port: int) -> None:
    from marketplace.base.settings import ROOT

    host = given.host
    _require_free(host, port)
    typer.echo(tell("serve.at", url=f"http://{host}:{port}/"))
    typer.echo(tell("serve.stop"))
    os.environ["FORWARDED_ALLOW_IPS"] = given.trusted_proxies  # uvicorn reads it
    insist(os.environ)
    os.chdir(ROOT)  # Streamlit reads its settings from the folder it starts in
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.address", host]
    if os.name == "nt":
        raise typer.Exit(subprocess.call(command))  # noqa: S603
    end_workers()
    os.execv(sys.executable, command)  # noqa: S606


def insist(environment: MutableMapping[str, str]) -> None:
    """Let nothing in the environment undo the settings that hold the house shut.

    Streamlit would take a variable before the file that is shipped, so those are taken out.
    """
    from marketplace.upkeep.deploy import VARIABLES

    for name in VARIABLES.values():
        if environment.pop(name, None) is not None:
            typer.echo(tell("serve.variable_ignored", name=name), err=True)


def _serve_public(app: App, port: int) -> None:
    import uvicorn

    from marketplace.faces.web.public_server import public_app

    _require_free(app.settings.host, port)
    typer.echo(tell("serve.at", url=f"http://{app.settings.host}:{port}/showcase"))
    typer.echo(tell("serve.stop"))
    try:
        uvicorn.run(
            public_app(app), host=app.settings.host, port=port, log_level="warning",
            server_header=False, forwarded_allow_ips=app.settings.trusted_proxies,
        )  # fmt: skip
    except SystemExit as end:
        # Uvicorn's own numbers mean something else: its 3 would be read as "not allowed".
        raise typer.Exit(ExitCode.ENVIRONMENT if end.code else ExitCode.DONE) from end


def _require_free(host: str, port: int) -> None:
    """Find out before a server is started that somebody else listens there.

    Raises:
        OSError: the address cannot be had.
    """
    family, kind, proto, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, proto) as tried:
        if (
            os.name == "posix"
        ):  # a port just left is free; on Windows this would take a used one
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError as error:
            trouble = tell("serve.busy", host=host, port=port)
            raise OSError(trouble) from error
