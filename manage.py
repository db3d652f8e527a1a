#!/usr/bin/env python3
"""The one command: makes `.venv` from the pinned list, then hands over to `python -m marketplace`.

Only the standard library is used here, and nothing newer than Python 3.7 before the version is
known. Packages come from whatever index this machine's pip uses; every file must have the hash
the list gives.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
PIPS = 2
DEV_VERBS = {"test", "check", "dev"}
USAGE, ENVIRONMENT = 2, 4  # as marketplace.faces.cli.failing.ExitCode
WINDOWS = os.name == "nt"


def main(arguments: list[str]) -> int:
    """Run one command line; the number is for the shell."""
    words = load_words(arguments)
    verb = first_verb(arguments)
    if verb is None:
        print(overview(words))
        return 0
    if verb not in {*words["verb"], "dev"}:
        print(words["setup"]["unknown"].format(verb=verb), file=sys.stderr)
        print(overview(words), file=sys.stderr)
        return USAGE
    try:
        for_work = verb in DEV_VERBS and "--deploy" not in arguments
        prepare(DEV if for_work else RUNTIME, words["setup"])
    except SetupError as error:
        print(error, file=sys.stderr)
        return ENVIRONMENT
    return hand_over(arguments)


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def first_verb(arguments: list[str]) -> str | None:
    """Return the verb, or None where only help is asked for."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--lang":
            next(rest, None)
        elif argument in {"-h", "--help"}:
            return None
        elif not argument.startswith("--lang="):
            return argument
    return None


def overview(words: dict[str, dict[str, str]]) -> str:
    """Return what `--help` prints before anything is installed."""
    setup, verbs = words["setup"], words["verb"]
    width = max(map(len, verbs)) + 2
    lines = [f"  {name:<{width}}{text}" for name, text in verbs.items()]
    return "\n".join([
        str(words["about"]), "", setup["usage"], "", setup["commands"], *lines, "",
        setup["more"], setup["first_start"],
    ])  # fmt: skip


def load_words(arguments: list[str]) -> dict[str, dict[str, str]]:
    """Return the command line's texts: `--lang`, else the system's language, else Chinese."""
    import tomllib

    asked = next((a[7:] for a in arguments if a.startswith("--lang=")), "")
    if "--lang" in arguments[:-1]:
        asked = arguments[arguments.index("--lang") + 1]
    if not asked:
        named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        asked = next((value for value in named if value), "")
    language = "en" if asked.lower().startswith("en") else "zh"
    path = ROOT / "marketplace" / "base" / "words" / language / "cli.toml"
    words = tomllib.loads(path.read_text("utf-8"))
    words["verb"] = {name.replace("_", "-"): text for name, text in words["verb"].items()}
    return words


def prepare(lock: str, setup: dict[str, str]) -> None:
    """Make `.venv` hold exactly what a lock lists; does nothing while its hash stands.

    Raises:
        SetupError: when the environment or a package cannot be made.
    """
    digests = {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (RUNTIME, DEV)
    }
    installed = read_stamp()
    # The development list holds everything of the runtime list.
    if any(installed.get(name) == digests[name] for name in {lock, DEV}):
        return
    if not python_of_venv().exists() or not works(python_of_venv()):
        make_venv(setup)
    install(lock, setup)
    STAMP.write_text(json.dumps({lock: digests[lock]}), "utf-8")


def read_stamp() -> dict[str, str]:
    """Return lock → hash of what `.venv` holds; empty when it is absent or broken."""
    if not python_of_venv().exists():
        return {}
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def python_of_venv() -> Path:
    """Return where the interpreter of `.venv` is."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def works(python: Path | str) -> bool:
    """Tell whether an interpreter starts and is new enough."""
    code = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        done = subprocess.run([str(python), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_venv(setup: dict[str, str]) -> None:
    """Make `.venv` anew with this interpreter.

    Raises:
        SetupError: when it cannot, as where a system leaves the venv module out.
    """
    print(setup["making"], flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        trouble = " ".join((done.stdout + done.stderr).split())[:300]
        raise SetupError(setup["no_venv"].format(trouble=trouble))


def install(lock: str, setup: dict[str, str]) -> None:
    """Install a lock with its hashes, showing how far it is.

    Two pips work side by side on parts of the list: unpacking and compiling keep one core busy
    (measured on two cores: 81 s by one, 56 s by two). The list is closed, so that none needs what
    another installs, and no package is in two parts.

    Raises:
        SetupError: with the last lines of the pips that fail.
    """
    parts = parts_of((ROOT / lock).read_text("utf-8"))
    total = sum(map(len, parts))
    print(setup["installing"].format(count=total), flush=True)
    started = time.monotonic()
    seen: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(PIPS) as at_once:
        lists = [Path(folder) / f"{n}.txt" for n in range(len(parts))]
        for path, part in zip(lists, parts, strict=True):
            path.write_text("".join(part), "utf-8")
        failed = [told for told in at_once.map(partial(run_pip, seen, total), lists) if told]
    clear()
    if failed:
        raise SetupError(
            "\n".join([setup["no_packages"], *(line for told in failed for line in told)])
        )
    seconds = round(time.monotonic() - started)
    print(setup["installed"].format(seconds=seconds), flush=True)


def parts_of(lock: str) -> list[list[str]]:
    """Return a lock's entries, each with its hashes, dealt out like cards."""
    entries = [
        e for e in re.split(r"(?m)^(?=[A-Za-z0-9])", lock) if re.match(r"[A-Za-z0-9]", e)
    ]
    return [part for n in range(2 * PIPS) if (part := entries[n :: 2 * PIPS])]


def run_pip(seen: list[str], total: int, entries: Path) -> list[str]:
    """Install a part of a lock; return pip's last lines when it fails, else nothing."""
    command = [
        str(python_of_venv()), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", "--progress-bar", "off", "-r", str(entries),
    ]  # fmt: skip
    last: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        errors="replace",
    ) as pip:  # fmt: skip
        for line in pip.stdout or ():
            last = [*last[-24:], line.rstrip()]
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen.append(line)
                show(min(len(seen), total), total, line)
    return last if pip.returncode else []


def show(seen: int, total: int, line: str) -> None:
    """Draw one line of progress where a person watches."""
    if not sys.stdout.isatty():
        return
    name = re.split(r"[ =<>!~;\[(]", line.split(": ", 1)[-1].removeprefix("Collecting "))[0]
    filled = 24 * seen // max(total, 1)
    bar = "█" * filled + "░" * (24 - filled)
    print(f"\r{bar} {seen:>3}/{total} {name[:30]:<30}", end="", flush=True)


def clear() -> None:
    """Take the line of progress away."""
    if sys.stdout.isatty():
        print("\r" + " " * 66 + "\r", end="", flush=True)


def hand_over(arguments: list[str]) -> int:
    """Become `python -m marketplace …` with the same arguments and working directory."""
    python = str(python_of_venv())
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([inherited] if inherited else [])])
    # -P: a folder named marketplace where the command is typed must not be taken for ours.
    command = [python, "-P", "-m", "marketplace", *arguments]
    if not WINDOWS:  # there, exec would detach from the console
        os.execv(python, command)  # noqa: S606  no shell is wanted
    return subprocess.call(command)


def run_with_newer_python() -> int:
    """Start again with a Python that is new enough, or say that one is needed."""
    for minor in range(15, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and works(found):
            return subprocess.call([found, __file__, *sys.argv[1:]])
    have = ".".join(map(str, sys.version_info[:3]))
    print(
        f"需要 Python 3.11 或更新版本，当前为 {have}。请安装后再运行。\n"
        f"Python 3.11 or newer is needed; this is {have}. Install it and run this again.",
        file=sys.stderr,
    )
    return ENVIRONMENT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.version_info >= OLDEST else run_with_newer_python())
