"""Program files are data: ours loads, another category's works, a broken one says everything."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from marketplace.base.errors import Invalid
from marketplace.base.rulebook import load_all, load_rulebook, parse_kept, parse_rulebook
from marketplace.base.settings import ROOT
from marketplace.exchange.regions import region_table
from marketplace.features.catalog.rules import standards_for
from marketplace.features.enforcement.commands.reasons import cite
from marketplace.features.enforcement.ledger import EventKind, StoreEvent, replay
from marketplace.features.registry.rules import check_values
from tests.features.enforcement.test_ledger import START, timedelta

OURS = ROOT / "programs" / "putian-footwear.toml"
SECOND = Path(__file__).with_name("example-ceramics.toml")


def test_every_number_of_the_program_has_a_unit_and_a_source():
    raw = tomllib.loads(OURS.read_text("utf-8"))
    bare: list[str] = []

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict):
            if set(node) - {"source_zh"} == {"value", "unit", "source"}:
                if not node["unit"] or not node["source"]:
                    bare.append(path)
                return
            for key, value in node.items():
                walk(value, f"{path}.{key}")
        elif isinstance(node, list):
            for n, value in enumerate(node):
                walk(value, f"{path}[{n}]")
        elif isinstance(node, int | float) and not isinstance(node, bool):
            name = path.rsplit(".", 1)[-1]
            if name not in {"version", "offense", "nice_class"}:
                bare.append(path)

    walk(raw, "")
    assert bare == []


def test_the_guide_explains_every_key():
    guide = (ROOT / "programs" / "README.md").read_text("utf-8")
    raw = tomllib.loads(OURS.read_text("utf-8"))
    keys: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict) and set(node) != {"value", "unit", "source"}:
            for key, value in node.items():
                keys.add(key)
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(raw)
    told = {re.sub(r"_(zh|en)$", "", key) for key in keys}
    missing = {key for key in told if key not in guide}
    assert missing == set()


def test_a_second_program_in_another_category_works_by_its_own_rules():
    both = load_all(OURS.parent) | {"example-ceramics": load_rulebook(SECOND)}
    ceramics = both["example-ceramics"]
    assert ceramics.program.category == "ceramics"
    assert standards_for(ceramics, "tableware") == frozenset({"GB 4806.4-2016"})
    table = region_table(ceramics)
    inside = table(uscc=None, address="示例市甲区窑前镇1号", district=None, country=None)
    assert (inside.inside, inside.district) == (True, "360202")
    outside = table(uscc=None, address="莆田市荔城区1号", district=None, country=None)
    assert outside.inside is False
    checked = check_values(ceramics, {"name": "（虚构）窑前瓷厂", "address": "示例市甲区1号"})
    assert (checked.faults, checked.values["district"]) == ((), "360202")
    # Its stores close at 26 points: 0 + 2 + 24 = 26 closes at the third offense.
    events = [
        StoreEvent("S", START + timedelta(hours=n), EventKind.FINDING, f"f{n}")
        for n in range(5)
    ]
    assert [e.effect.value for e in replay(ceramics, events)] == [
        "warning",
        "points",
        "closure",
        "already_closed",
        "already_closed",
    ]


def broken(*changes: tuple[str, str]) -> Invalid:
    text = SECOND.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(Invalid) as refused:
        parse_rulebook(text, "broken.toml")
    return refused.value


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('region_code = "360200"', 'region_code = "36"', "program.region_code"),
        ("version = 1", "version = 0", "program.version"),
        ('needs = ["registered"]', 'needs = ["nowhere"]', "conditions"),
        ('exposure_kind = "checked"', 'exposure_kind = "guessed"', "compliance.exposure_kind"),
        ("yearly_clearing = false", 'yearly_clearing = "maybe"', "points.yearly_clearing"),
        ("[compliance]", "[compliance]\nunheard_of = true", "unheard_of"),
        (
            'closure_balance = { value = 26, unit = "points"',
            'closure_balance = { value = 26, unit = ""',
            "points.closure_balance",
        ),
        ("closure_balance = { value = 26, ", "closure_balance = { ", "points.closure_balance"),
    ],
)
def test_a_fault_names_file_key_and_reason(old, new, place):
    error = broken((old, new))
    assert any(f.place.startswith("broken.toml") and place in f.place for f in error.faults), [
        f.place for f in error.faults
    ]
    assert all(f.code for f in error.faults)


def test_numbers_that_figures_say_in_words_are_those_of_the_methods_and_no_others():
    from marketplace.base.rulebook.checks.spans import STATED
    from marketplace.features.compliance.charts.before_after import LEAD
    from marketplace.features.compliance.rules.sides import FEW_FINDINGS

    assert STATED["min_findings_for_listings"] == FEW_FINDINGS
    assert STATED["excluded_months_before"] == LEAD
    text = OURS.read_text("utf-8")
    changed = re.sub(r"(interval_level = \{ value =) 0.95", r"\1 0.9", text)
    changed = re.sub(r"(excluded_months_before = \{ value =) 3", r"\1 6", changed)
    changed = re.sub(r"(min_findings_for_listings = \{ value =) 20", r"\1 50", changed)
    with pytest.raises(Invalid) as refused:
        parse_rulebook(changed, "x.toml")
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("x.toml: compliance.interval_level", "figures_say"),
        ("x.toml: compliance.min_findings_for_listings", "figures_say"),
        ("x.toml: compliance.excluded_months_before", "figures_say"),
    ]


def test_the_contact_is_told_in_english_where_the_file_says_how():
    ours = load_rulebook(OURS).program
    assert (ours.contact, ours.contact_for_english) == (
        "项目办公室（演示）",
        "Program office (demonstration)",
    )
    # A file that gives none, as every one kept before did, has the Chinese one stand there too.
    older = "".join(
        line
        for line in OURS.read_text("utf-8").splitlines(keepends=True)
        if not line.startswith("contact_en")
    )
    program = parse_rulebook(older, "older.toml").program
    assert (program.contact_en, program.contact_for_english) == (None, "项目办公室（演示）")


@pytest.mark.parametrize("given", ["项目办公室", "Program office 项目办", " "])
def test_an_english_contact_that_is_none_is_refused(given):
    error = broken(("[program]", f'[program]\ncontact_en = "{given}"'))
    assert [(f.place, f.code) for f in error.faults] == [
        ("broken.toml: program.contact_en", "contact_not_english")
    ]


@pytest.mark.parametrize(
    ("has_english", "en"),
    [(True, "Program office (demonstration)"), (False, "项目办公室（演示）")],
)
def test_a_statement_names_the_contact_as_the_source_where_no_other_is_given(has_english, en):
    rulebook = load_rulebook(OURS)
    if not has_english:
        program = rulebook.program.model_copy(update={"contact_en": None})
        rulebook = rulebook.model_copy(update={"program": program})
    cited = cite(rulebook, "takedown", "nowhere.stated")
    assert (cited.source, cited.source_zh) == (en, "项目办公室（演示）")


@pytest.mark.parametrize("measure", ["takedown", "points", "closure"])
def test_a_file_promises_no_pause_that_would_change_nothing(tmp_path, measure):
    """What was kept of a text in force before is still read: it judged what it judged."""
    text = OURS.read_text("utf-8")
    stated = f'{{ measure = "{measure}", effect = "kept"'
    assert stated in text
    changed = text.replace(stated, stated.replace("kept", "paused"), 1)
    (tmp_path / "a.toml").write_text(changed, "utf-8")
    with pytest.raises(Invalid) as refused:
        load_rulebook(tmp_path / "a.toml")
    assert [(f.place, f.code, f.facts) for f in refused.value.faults] == [
        (
            f"a.toml: enforcement.appeals.while_open.{measure}.effect",
            "measure_never_paused",
            {"measure": measure},
        )
    ]
    assert parse_kept(changed, "kept").enforcement.appeals.effect_on(measure) is not None


def test_all_faults_are_told_at_once():
    error = broken(
        ('region_code = "360200"', 'region_code = "36"'),
        ('exposure_kind = "checked"', 'exposure_kind = "guessed"'),
        ("yearly_clearing = false", 'yearly_clearing = "maybe"'),
    )
    places = " ".join(fault.place for fault in error.faults)
    for place in ("program.region_code", "compliance.exposure_kind", "points.yearly_clearing"):
        assert place in places


def test_a_file_that_is_no_toml_is_refused_with_its_line():
    with pytest.raises(Invalid) as refused:
        parse_rulebook("[program\nkey = 1", "broken.toml")
    assert refused.value.faults[0].place.startswith("broken.toml")


def test_a_folder_refuses_its_broken_files_together(tmp_path):
    text = SECOND.read_text("utf-8")
    (tmp_path / "a.toml").write_text(text.replace("version = 1", "version = 0", 1), "utf-8")
    (tmp_path / "b.toml").write_text("no toml at all [", "utf-8")
    with pytest.raises(Invalid) as refused:
        load_all(tmp_path)
    assert {fault.place.split(":")[0] for fault in refused.value.faults} == {"a.toml", "b.toml"}
