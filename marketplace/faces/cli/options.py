"""The options verbs share, and what they open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace.faces.cli.language import tell

if TYPE_CHECKING:
    from marketplace.assembly import App
    from marketplace.base.access import Actor
    from marketplace.base.db import Store
    from marketplace.base.rulebook import Rulebook
    from marketplace.base.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", file_okay=False, help=tell("option.data_dir")),
]
Program = Annotated[str, typer.Option("--program", metavar="NAME", help=tell("option.program"))]
As = Annotated[str, typer.Option("--as", metavar="USER", help=tell("option.as"))]


def use_data_dir(folder: Path | None) -> None:
    """Make this process and those it starts keep everything in `folder`.

    Call it before anything asks for the settings: they are read once.
    """
    if folder is not None:
        os.environ["MARKETPLACE_DATA_DIR"] = str(folder.resolve())


def open_installation(folder: Path | None, *, may_be_new: bool = False) -> App:
    """Open the installation a verb works on; where none is, nothing is made.

    `may_be_new`: the verb fills a new one; its keys are made where there are none.

    Raises:
        Unavailable: when the folder holds no installation, as behind a mistyped name.
    """
    use_data_dir(folder)
    from marketplace.assembly import open_app
    from marketplace.base.settings import settings

    if may_be_new:
        return open_app(settings())
    _require_files(settings())
    app = open_app(settings())
    _require_tables(app)
    return app


def _require_files(given: Settings) -> None:
    from marketplace.base.errors import Unavailable

    wanted = [given.data_dir / "keys.json"]
    if given.database_url is None:
        wanted.append(given.sqlite_path)
    if missing := [path.name for path in wanted if not path.exists()]:
        raise Unavailable("no_installation", folder=str(given.data_dir), file=missing[0])


def _require_tables(app: App) -> None:
    """Refuse a database that nobody ever migrated, before a query fails at its first table."""
    from marketplace.base.db.migrate import is_empty
    from marketplace.base.errors import Unavailable

    if is_empty(app.store):
        app.store.dispose()
        raise Unavailable("empty_installation", folder=str(app.data_dir))


@contextmanager
def open_database(folder: Path | None) -> Iterator[Store]:
    """Open the database a verb works on, without the features around it (they take seconds).

    Raises:
        Refused: when a program file is broken, with all its faults.
    """
    use_data_dir(folder)
    from marketplace.base.db import open_store
    from marketplace.base.keys import load_or_make_keys
    from marketplace.base.rulebook import load_all
    from marketplace.base.settings import settings

    load_all(settings().programs_dir)  # before anything is made
    keys = load_or_make_keys(settings().data_dir)
    store = open_store(keys=keys, path=settings().sqlite_path, url=settings().database_url)
    try:
        yield store
    finally:
        store.dispose()


def holds_the_demo(folder: Path | None) -> bool:
    """Tell whether the demo is here; looking must not make a database where none is.

    Raises:
        Unavailable: when loading it was broken off.
    """
    use_data_dir(folder)
    from marketplace.base.access.queries import is_demo_whole
    from marketplace.base.db import read
    from marketplace.base.settings import settings

    made = [settings().data_dir / "keys.json"]
    if settings().database_url is None:
        made.append(settings().sqlite_path)
    if not all(path.exists() for path in made):
        return False
    with open_database(folder) as store, read(store) as session:
        return is_demo_whole(session, folder=settings().data_dir)


def find_user(app: App, login: str) -> Actor:
    """Return who `--as` names.

    Raises:
        NotAllowed: when there is no active account of that login.
    """
    from marketplace.base.access.sessions import find_actor
    from marketplace.base.db import read
    from marketplace.base.errors import NotAllowed

    with read(app.store) as session:
        actor = find_actor(session, login)
    if actor is None:
        raise NotAllowed("no_such_user", login=login)
    return actor


def migrate_installation(folder: Path | None) -> bool:
    """Bring an installation's database to the newest schema; False when it was there."""
    from marketplace.base.db.migrate import migrate

    with open_database(folder) as store:
        return migrate(store)


def find_program(app: App, name: str) -> Rulebook:
    """Return the program `--program` names.

    Raises:
        NotFound: naming the programs there are.
    """
    from marketplace.base.errors import NotFound

    rulebook = app.house.rulebooks.get(name)
    if rulebook is None:
        known = ", ".join(sorted(app.house.rulebooks))
        raise NotFound("no_such_program", program=name, known=known)
    return rulebook


def only_program(app: App, name: str) -> Rulebook:
    """Return the program `--program` names, or without a name the only one there is.

    Raises:
        NotFound: naming the programs there are.
    """
    if not name and len(app.house.rulebooks) == 1:
        return next(iter(app.house.rulebooks.values()))
    return find_program(app, name)


def require_writable(target: Path) -> None:
    """Make sure that a report can be written before the work it tells of is done.

    Raises:
        OSError: when the place is not there or may not be written to.
    """
    is_new = not target.exists()
    with target.open("ab"):
        pass
    if is_new:
        target.unlink()


@contextmanager
def use_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while a long verb works; tell it (done, total)."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
