"""Writes the tables, their data dictionary, a README and checksums; the stamp stands in two files.

CSV: UTF-8 without a mark, comma, LF, RFC 4180 quotes, numbers as the shortest text that reads back
the same. Every text in a table is an alias, a month or a code of ours, so nothing can run in a
spreadsheet. The dictionary is a Frictionless Data Package (specs.frictionlessdata.io/data-package).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from marketplace.base.clock import SHANGHAI
from marketplace.base.errors import Refused
from marketplace.base.settings import ROOT
from marketplace.base.words import LANGUAGES, say
from marketplace.exchange.analysis.schema import (
    TABLES,
    Analysis,
    Column,
    Line,
    TableSpec,
    Value,
)
from marketplace.exchange.exporting import ExportStamp

NOTEBOOK = ROOT / "docs" / "analysis" / "reproduce.ipynb"
SUMS = "SHA256SUMS"
_EPOCH = (2015, 4, 1, 0, 0, 0)  # a fixed day for the archive's entries, so that bytes are equal


def pack_analysis(analysis: Analysis, stamp: ExportStamp) -> dict[str, bytes]:
    """Return file name → content; only README and datapackage.json carry the stamp."""
    files = {f"{t.name}.csv": _csv(t, analysis.rows[t.name]) for t in TABLES}
    if NOTEBOOK.exists():
        files[NOTEBOOK.name] = NOTEBOOK.read_bytes()
    files["datapackage.json"] = _dictionary(analysis, stamp, files)
    files["README.md"] = _readme(analysis, stamp)
    lines = [f"{_sha256(content)}  {name}\n" for name, content in sorted(files.items())]
    files[SUMS] = "".join(lines).encode()
    return files


def require_empty(folder: Path) -> None:
    """Refuse a folder in which anything stands, so that nothing is mixed or overwritten.

    Raises:
        Refused: naming the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_not_empty", folder=str(folder))


def write_package(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into an empty or new folder; `Raises` as `require_empty`."""
    require_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def zip_package(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return the files as one archive with everything in `folder`."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            entry = ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _csv(table: TableSpec, lines: tuple[Line, ...]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([_told(line[name]) for name in table.names] for line in lines)
    return text.getvalue().encode()


def _told(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return {"inf": "INF", "-inf": "-INF"}.get(repr(value), repr(value))
        case _:
            return str(value)


def _dictionary(analysis: Analysis, stamp: ExportStamp, files: Mapping[str, bytes]) -> bytes:
    told = {
        "profile": "tabular-data-package",
        "name": f"zhuanzheng-analysis-{analysis.program}",
        "title": say("analysis.title", "en", program=analysis.program_en),
        "title_zh": say("analysis.title", "zh", program=analysis.program_zh),
        "created": stamp.as_of.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "export": {"number": stamp.number, "by": stamp.who},
        "as_of": analysis.as_of.isoformat(),
        "last_month": analysis.last_month,
        "rules": {"version": analysis.rules_version, "sha256": analysis.rules_sha256},
        "sources": [{"title": name} for name in analysis.sources],
        "resources": [
            _resource(t, files[f"{t.name}.csv"], len(analysis.rows[t.name])) for t in TABLES
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(table: TableSpec, content: bytes, rows: int) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(table, c) for c in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    links = [
        {"fields": c.name, "reference": {"resource": c.points_to, "fields": c.name}}
        for c in table.columns
        if c.points_to
    ]
    if links:
        schema["foreignKeys"] = links
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{_sha256(content)}",
        "rows": rows,
        "description": say(f"analysis.table.{table.name}", "en"),
        "description_zh": say(f"analysis.table.{table.name}", "zh"),
        "schema": schema,
    }


def _field(table: TableSpec, column: Column) -> dict[str, object]:
    key = f"analysis.{table.name}.{column.name}"
    told: dict[str, object] = {
        "name": column.name,
        "type": column.type,
        "description": say(key, "en"),
        "description_zh": say(key, "zh"),
    }
    if column.type == "yearmonth":
        told["format"] = "default"
    if column.type == "boolean":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.unit:
        told |= {"unit": column.unit, "unit_zh": say(f"analysis.unit.{column.unit}", "zh")}
    limits: dict[str, object] = {"required": True} if column.required else {}
    if column.least is not None:
        limits["minimum"] = column.least
    if column.codes:
        limits["enum"] = list(column.codes)
    return {**told, "constraints": limits} if limits else told


def _readme(analysis: Analysis, stamp: ExportStamp) -> bytes:
    parts = []
    for lang in LANGUAGES:
        tables = "\n".join(
            say(
                "analysis.readme_table",
                lang,
                name=t.name,
                rows=len(analysis.rows[t.name]),
                meaning=say(f"analysis.table.{t.name}", lang),
            )
            for t in TABLES
        )
        rules = "\n".join(
            f"| {line['rule']} | {line['value']} | {say('analysis.rule.' + str(line['rule']), lang)} |"
            for line in analysis.rows["rules"]
        )
        name = analysis.program_zh if lang == "zh" else analysis.program_en
        parts.append(
            say(
                "analysis.readme",
                lang,
                title=say("analysis.title", lang, program=name),
                stamp=stamp.line(lang),
                as_of=analysis.as_of.isoformat(),
                last_month=analysis.last_month,
                version=analysis.rules_version,
                sha256=analysis.rules_sha256[:12],
                sources="; ".join(analysis.sources) or "—",
                tables=tables,
                rules=rules,
            ).strip()
        )
    return ("\n\n---\n\n".join(parts) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
