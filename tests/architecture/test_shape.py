"""What the source must not hold, and where the few allowed places are."""

from __future__ import annotations

import ast
import re
import sys
import warnings

import pytest

from tests.architecture.sources import PACKAGE, ROOT, Module, called, modules, tracked_files

LONGEST_MODULE = 350
# Modules that are one file for a reason; each is longer than others may be, and no longer than this.
ONE_FILE = {
    # Somebody outside copies it to a machine without the product and runs it there: split, it
    # would have to be put together again, and what he reads would not be what he runs.
    "marketplace/base/audit/verifier.py": 475,
}
# One helper draws inline pictures and escapes what goes into them.
HTML_HELPER = "marketplace/faces/ui/kit.py"
TEXT_KINDS = {
    ".py", ".toml", ".md", ".lock", ".txt", ".cfg", ".ini", ".yml", ".yaml", ".json", ".html",
    ".css", ".js", ".sh", ".mako", ".svg", ".csv", "",
}  # fmt: skip


def places(wanted: str) -> list[str]:
    """Return where something of this name is called."""
    return [m.at(call) for m in modules() for call in m.calls() if called(call) == wanted]


def files_of(found: list[str]) -> set[str]:
    return {place.rsplit(":", 1)[0] for place in found}


def test_only_the_unit_of_work_commits():
    assert files_of(places("commit")) == {"marketplace/base/db/unit.py"}


def test_only_the_clock_asks_the_machine_for_the_time():
    asking = {"now", "utcnow", "today"}
    found = {
        m.at(call)
        for m in modules()
        for call in m.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in asking
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"datetime", "date"}
    }
    assert files_of(sorted(found)) == {"marketplace/base/clock.py"}


def test_raw_html_reaches_a_page_through_one_helper():
    found = {
        m.place
        for m in modules()
        for call in m.calls()
        if any(k.arg == "unsafe_allow_html" for k in call.keywords)
    }
    assert found <= {HTML_HELPER}


def test_no_folder_is_named_pages():
    """Streamlit runs every file of such a folder for anybody who knows its address."""
    hidden = {".venv", ".git"}  # a branch may well be called so
    found = [path for path in ROOT.glob("**/pages") if not hidden & set(path.parts)]
    assert found == []


def test_app_py_stays_a_front_door():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 60


def test_no_tracked_file_names_a_package_registry():
    hosts = [
        "pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "pypi" + r"\.tuna",
        "mirrors?" + r"\.\w+\.\w+/pypi", "arti" + "factory", "/simple" + r"/?\s*$",
    ]  # fmt: skip
    assert tracked_lines("|".join(hosts)) == []


def test_no_tracked_file_names_a_folder_of_one_machine():
    pattern = r"(?<![\w.])/" + r"(work|root|home/\w+|Users/\w+)/\w"
    assert tracked_lines(pattern) == []


def test_lock_files_hold_no_address():
    found = [line for line in tracked_lines(r"https?://") if ".lock:" in line]
    assert found == []


def test_no_module_has_sql_text_put_together_from_values():
    """`text(f"…")` and `exec_driver_sql(f"…")` are for names this program chose."""
    allowed = {"marketplace/base/db", "marketplace/base/audit", "marketplace/upkeep"}
    found = [
        m.at(call)
        for m in modules()
        for call in m.calls()
        if called(call) in {"text", "exec_driver_sql"}
        and call.args
        and isinstance(call.args[0], ast.JoinedStr)
        and not any(m.place.startswith(folder) for folder in allowed)
    ]
    assert found == []


def test_every_module_says_what_it_decides():
    found = [m.place for m in modules() if m.text.strip() and not ast.get_docstring(m.tree)]
    assert found == []


def test_tables_modules_leave_annotations_alone():
    """Postponed annotations would hide a column's type from the table."""
    found = [
        m.place
        for m in modules()
        if m.path.name == "tables.py" and "from __future__ import annotations" in m.text
    ]
    assert found == []


@pytest.mark.filterwarnings("default:long modules")
def test_no_module_grows_past_reading():
    lengths = {m.place: len(m.text.splitlines()) for m in modules()}
    long = {
        place: lines
        for place, lines in lengths.items()
        if lines > ONE_FILE.get(place, LONGEST_MODULE)
    }
    if long:
        listed = ", ".join(f"{place} {lines}" for place, lines in sorted(long.items()))
        warnings.warn(f"long modules (split above {LONGEST_MODULE}): {listed}", stacklevel=1)
    assert {place: lines for place, lines in long.items() if lines > 500} == {}


@pytest.mark.parametrize("place", ONE_FILE)
def test_what_is_one_file_for_a_reason_still_has_it(place):
    """It is too long for others, and imports nothing that is not there without the product."""
    (module,) = (m for m in modules() if m.place == place)
    assert len(module.text.splitlines()) > LONGEST_MODULE
    named = {
        name.partition(".")[0]
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or "." * node.level]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert named <= sys.stdlib_module_names


def test_the_scan_sees_the_package():
    """Without this, an empty scan would pass everything above."""
    assert PACKAGE / "base" / "db" / "unit.py" in {m.path for m in modules()}
    assert all(isinstance(m, Module) for m in modules())
    assert ROOT / "pyproject.toml" in tracked_files()


def tracked_lines(pattern: str) -> list[str]:
    """Return `path:line: text` for each line of a tracked text file that a pattern meets."""
    wanted = re.compile(pattern)
    found = []
    for path in tracked_files():
        if path.suffix not in TEXT_KINDS or path == ROOT / "tests/architecture/test_shape.py":
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(lines, 1)
            if wanted.search(line)
        ]
    return found
