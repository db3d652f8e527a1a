"""Promise 15 over a whole series: the same process, at most 50 MB more, and it goes on reading."""

from __future__ import annotations

import json
import subprocess
import sys

from marketplace.base.settings import ROOT
from tests.hostile import PDFS, PICTURES, TABLES, picture

# In a process of its own, as the server is: pytest's memory is not what is measured.
SERIES = """
import json, os, sys, threading
from pathlib import Path
from marketplace.base.errors import Refused
from marketplace.base.media import clean_file
from marketplace.base.sheets import read_book_guarded

def taken():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def told(path):
    read = read_book_guarded if path.suffix in {".csv", ".xlsx"} else clean_file
    try:
        read(path.read_bytes(), path.name)
    except Refused as error:
        return error.code, dict(error.facts)
    return "taken", {}

folder = Path(sys.argv[1])
told(folder / "fine.png"), told(folder / "fine.csv")
begun = taken()
answers = {path.name: told(path) for path in sorted(folder.iterdir())}
print(json.dumps({"grown": taken() - begun, "answers": answers, "threads": threading.active_count()}))
"""


def test_no_file_of_the_series_stops_the_process_or_stays_in_its_memory(tmp_path):
    series = {**PICTURES, **PDFS, **TABLES}
    (tmp_path / "fine.png").write_bytes(picture("PNG"))
    (tmp_path / "fine.csv").write_bytes(b"a,b\n1,2\n" * 1_000)
    for name, (make, *_told) in series.items():
        (tmp_path / name).write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", SERIES, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=120,
    )
    told = json.loads(done.stdout)
    assert told["grown"] <= 50 * 1024**2
    assert told["threads"] == 1
    answers = told["answers"]
    assert [answers.pop(name)[0] for name in ("fine.png", "fine.csv")] == ["taken"] * 2
    # Every answer names the file, and the row, column or limit where there is one.
    for name, (_make, code, *place) in series.items():
        wanted = {"file": name, **(place[0] if place else {})}
        assert (name, answers[name][0]) == (name, code)
        assert wanted.items() <= answers[name][1].items()
