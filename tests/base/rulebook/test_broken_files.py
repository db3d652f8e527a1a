"""A broken program file is refused with all its faults at once, each with file, key and reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook import load_rulebook, parse_kept, parse_rulebook
from marketplace.base.rulebook.checks.conduct import LINK_REASONS, SCORED
from marketplace.base.settings import ROOT
from marketplace.base.words.locales import LANGUAGES, has_key, say
from marketplace.features.links.kinds import LinkReason

OURS = ROOT / "programs" / "putian-footwear.toml"
TEXT = OURS.read_text("utf-8")
Change = Callable[[str], str]


def put(old: str, new: str) -> Change:
    """Return what puts `new` for the first `old`."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def number(key: str, value: object) -> Change:
    """Return what gives the first figure of a key another value."""

    def change(text: str) -> str:
        changed, count = re.subn(
            rf"^({key} = \{{ value = )(\[[^\]]*\]|[^,]+),", rf"\g<1>{value},", text, count=1,
            flags=re.MULTILINE,
        )  # fmt: skip
        assert count == 1, key
        return changed

    return change


def faults(*changes: Change) -> list[Fault]:
    text = TEXT
    for change in changes:
        text = change(text)
    with pytest.raises(Invalid) as refused:
        parse_rulebook(text, "p.toml")
    for fault in refused.value.faults:
        assert has_key(f"error.{fault.code}"), fault.code
        for lang in LANGUAGES:
            assert say(f"error.{fault.code}", lang, **fault.facts)
    return list(refused.value.faults)


def found(*changes: Change) -> list[tuple[str, str]]:
    return [(f.place.removeprefix("p.toml: "), f.code) for f in faults(*changes)]


VERSION = put("version = 1", 'version = "one"')


def test_one_pass_tells_every_fault_in_the_order_of_the_file():
    """A value of a wrong kind hides nothing of what can still be said."""
    assert found(
        put('effect = "kept", why_zh = "扣分', 'effect = "paused", why_zh = "扣分'),
        put('needs = ["real_name"]', 'needs = ["on_site"]'),  # of real_person: a circle
        put('needs = ["brand_book"]', 'needs = ["nowhere"]'),
        VERSION,
        put('code = "350303"', 'code = "350302"'),
        put("valid_until = 2031-01-01", "valid_until = 2020-01-01"),
        put('\ntests = ["QB/T 4553-2013"]', '\nmeasures = ["fine"]'),
    ) == [
        ("program.version", "value_whole"),
        ("program.valid_until", "ends_before_it_starts"),
        ("regions.350302.code", "region_twice"),
        ("conditions.real_person.needs", "condition_cycle"),
        ("conditions.packaging.needs.1", "condition_unknown"),
        ("enforcement.appeals.while_open.points.effect", "measure_never_paused"),
        ("enforcement.categories.hiking.measures.1", "value_one_of"),
    ]


def test_a_check_is_left_out_where_what_it_needs_is_unsound():
    """Which condition is unknown cannot be told where one has no readable key."""
    assert found(put('key = "registered"\nkind', "key = 7\nkind")) == [
        ("conditions.1.key", "value_text"),
    ]


SILENT = [
    # the ladder
    (put('requires = ["product_test"]', "requires = []"), "stages.brand_ready.requires", "stage_requires_none"),
    (put('key = "real_person"\nname_zh = "实人"', 'key = "real_name"\nname_zh = "实人"'), "stages.real_name.key", "stage_twice"),
    (put('needs = ["enrolled", "real_person"]', 'needs = ["on_site"]'), "conditions.on_site.needs", "condition_cycle"),
    (put('key = "site_photos"', 'key = "inspection_report"'), "conditions.on_site.evidence.inspection_report.key", "evidence_twice"),
    (put('requires = ["trademark", "design_basis"]', 'requires = ["trademark"]'), "conditions.design_basis.key", "condition_of_no_stage"),
    (put('requires = ["product_test"]', 'requires = ["product_test", "packaging"]'), "stages.brand_ready.requires.2", "milestone_never_required"),
    (put('source = "progress.enrolled"', 'source = "progress.enrolled"\nsecond_person = true'), "conditions.enrolled.second_person", "condition_never_submitted"),
    (number("valid_days", -5), "conditions.real_name.valid_days", "number_below"),
    (number("valid_days", 30), "conditions.real_name.valid_days", "term_within_renewal"),
    (put("valid_days =", "valid_dayz ="), "conditions.real_name.valid_dayz", "key_unknown"),
    (put('decided_by = "reviewer"', 'decided_by = "chief"'), "conditions.design_basis.decided_by", "value_one_of"),
    # points
    (put("until_points = { value = 24", "until_points = { value = 20"), "points.bands.high.from_points", "band_gap"),
    (put("from_points = { value = 0", "from_points = { value = 1"), "points.bands.none.from_points", "band_gap"),
    (put('key = "high"', 'key = "middling"'), "points.bands.middling.key", "band_unknown"),
    (number("closure_balance", 0), "points.closure_balance", "number_below"),
    (number("closure_balance", 49), "points.bands.closed.from_points", "band_closed_differs"),
    (number("closure_balance", 51), "points.schedule", "schedule_never_closes"),
    (number("brand_complaints_to_close", 0), "points.brand_complaints_to_close", "number_below"),
    (put("suspension_days = { value = 21", "suspension_days = { value = 0"), "points.schedule.3.suspension_days", "suspension_without_days"),
    (put("suspension_days = { value = 0", "suspension_days = { value = 3"), "points.schedule.1.suspension_days", "days_without_suspension"),
    (put("\npoints = { value = 0", "\npoints = { value = 1"), "points.schedule.1.measure", "measure_says_otherwise"),
    (put('measure = "suspension"\n', 'measure = "closure"\n'), "points.schedule.3.measure", "closure_before_balance"),
    # places and days
    (put('"350304"', '"35030"'), "regions.35030.code", "region_code_district"),
    (put('"350304"', '"360304"'), "regions.360304.code", "region_of_other_city"),
    (put('"zone:beian"', '"beian"'), "regions.beian.code", "region_code_management_zone"),
    (put('region_code = "350300"', 'region_code = "350000"'), "program.region_code", "region_no_city"),
    (put('"龙桥街道"', '"涵东街道"'), "regions.350303.towns.1", "town_twice"),
    (put('"龙桥街道"', '""'), "regions.350302.towns.1", "text_blank"),
    (put('"龙桥街道"', '"龙桥街道 "'), "regions.350302.towns.1", "text_edges"),
    (put("workdays = [2026-01-04", "workdays = [2026-01-01"), "workdays.1", "day_both"),
    (put("valid_from = 2021-01-01", "valid_from = 0001-01-01"), "program.valid_from", "day_out_of_range"),
    (put('how_en = "Upload', 'how_xx = "Upload'), "conditions.real_name.how_zh", "other_language_missing"),
    (put('name_zh = "登记"', r'name_zh = "登\u0000记"'), "conditions.registered.name_zh", "text_hidden"),
    # people
    (put('second_person = "reviewer"', 'second_person = "deputy"'), "people.officer.second_person", "second_person_of_own_desk"),
    (put('second_person = "reviewer"', 'second_person = " "'), "people.officer.second_person", "text_blank"),
    (put('second_person = "reviewer"', 'second_person = "Reviewer"'), "people.officer.second_person", "login_form"),
    (put('decided_by = "officer"\nsecond_person', 'decided_by = "reviewer"\nsecond_person'), "conditions.on_site.second_person", "second_person_never"),
    (put('role = "reviewer"', 'role = "chief"'), "people.chief.role", "value_one_of"),
    (put('logins = ["reviewer"]', 'logins = ["officer"]'), "people.reviewer.role", "login_of_two_roles"),
    # products, featuring, figures, conduct
    (put('{ key = "basketball"', '{ key = "running"'), "product.categories.running.key", "product_category_twice"),
    (put('standards = ["GB 25038-2010"]', "standards = []"), "product.categories.canvas.standards", "standards_none"),
    (put('standards = ["GB 25038-2010"]', 'standards = ["ＧＢ 25038-2010"]'), "product.categories.canvas.standards.1", "standard_form"),
    (number("recheck_hours", "[-24, 1]"), "featuring.recheck_hours", "number_below"),
    (number("recheck_hours", "[]"), "featuring.recheck_hours.1", "value_missing"),
    (number("counter_wait_days", 14), "intake.counter_wait_days", "number_below"),
    (number("recheck_hours", "[1, 24]"), "featuring.recheck_hours", "recheck_order"),
    (number("photos_min", 0), "product.photos_min", "number_below"),
    (number("min_exposure_for_ranking", 0), "compliance.min_exposure_for_ranking", "number_below"),
    (number("refusal_min_characters", 5000), "intake.refusal_min_characters", "number_above"),
    (number("max_listings_per_day", 299), "intake.max_listings_per_notice", "number_above_other"),
    (number("keep_views_days", 30), "oversight.look_back_days", "number_above_other"),
    (number("plan_days", 22), "enforcement.measures.plan_days", "plan_after_suspension"),
    (number("interim_days", 22), "enforcement.measures.interim_days", "suspension_too_long"),
    (put("payee = {", "payees = {"), "conduct.links.strength.payees", "link_reason_unknown"),
    (number("neutral_points", 69), "conduct.credit.components", "score_too_far_down"),
    (number("neutral_points", 71), "conduct.credit.components", "score_too_far_up"),
    (put('key = "offenses"', 'key = "offences"'), "conduct.credit.components.offences.key", "component_unknown"),
    (put('key = "police-economic"', 'key = "quality-inspection"'), "conduct.referrals.agencies.quality-inspection.key", "agency_twice"),
    (put("value = 0.05", "value = 5"), "enforcement.categories.sports.sampling_rate", "number_above"),
    # kinds TOML can give and nobody means
    (number("min_stock", '"100"'), "featuring.min_stock", "value_whole"),
    (number("min_stock", "true"), "featuring.min_stock", "value_whole"),
    (number("min_stock", "1e3"), "featuring.min_stock", "value_whole"),
    (number("min_stock", "1" + "0" * 30), "featuring.min_stock", "number_above"),
    (number("sampling_rate", "nan"), "enforcement.categories.all_footwear.sampling_rate", "number_above"),
    (number("concentration_p", "inf"), "oversight.concentration_p", "number_not_below"),
    (put("yearly_clearing = false", 'yearly_clearing = "no"'), "points.yearly_clearing", "value_yes_no"),
    (put("valid_from = 2021-01-01", 'valid_from = "2021-01-01"'), "program.valid_from", "value_day"),
    (put("valid_from = 2021-01-01", "valid_from = 2021-01-01T00:00:00"), "program.valid_from", "value_day"),
    (put("[featuring]", "[[featuring]]"), "featuring", "value_table"),
    (put("holidays = [", 'sha256 = "0"\nholidays = ['), "sha256", "key_unknown"),
    (put("holidays = [", "value = 5\nholidays = ["), "value", "key_unknown"),
    (put(', source = "assumption; the', ', sorce = "assumption; the'), "conditions.registered.due_working_days.source", "value_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "code"), SILENT)
def test_what_would_misbehave_in_silence_is_refused_with_its_key(change, place, code):
    assert (place, code) in found(change)


def test_a_fault_of_a_figure_is_told_once():
    assert found(number("min_stock", '"100"')) == [("featuring.min_stock", "value_whole")]


def test_names_the_checks_know_are_those_of_the_features():
    assert set(LINK_REASONS) == {reason.value for reason in LinkReason}
    ours = load_rulebook(OURS).conduct.credit
    assert {component.key for component in ours.components} == set(SCORED)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (TEXT.encode("gb18030"), "program_not_utf8"),
        (TEXT.encode("utf-16"), "program_not_utf8"),
        ("version = 1".encode("utf-16-le"), "program_not_utf8"),
        (b"", "program_empty"),
        (b"\xef\xbb\xbf \n", "program_empty"),
        (b"x" * 1_000_001, "program_too_long"),
        (b"[program\nkey = 1", "program_toml"),
        (b'key = "', "program_toml_end"),
        (b"x = " + b"[" * 5000, "program_too_deep"),
        (b"[" + b".".join([b"a"] * 3000) + b"]", "program_too_deep"),
        (b"x = 1" + b"0" * 5000, "program_number_too_long"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path, content, code):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        load_rulebook(path)
    (fault,) = refused.value.faults
    assert (fault.place, fault.code) == ("a.toml", code)
    for lang in LANGUAGES:
        assert say(f"error.{code}", lang, **fault.facts)


def test_another_encoding_is_named():
    with pytest.raises(Invalid) as refused:
        parse_rulebook("[program\n", "a.toml")
    told = refused.value.faults[0]
    assert say("error.program_toml", "zh", **told.facts).startswith("第 1 行第 9 列不是")


def test_what_is_no_file_is_refused_by_its_name(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "lost.toml").symlink_to(tmp_path / "nowhere")
    told = {}
    for name in ("folder.toml", "lost.toml"):
        with pytest.raises(Invalid) as refused:
            load_rulebook(tmp_path / name)
        told[name] = [(f.place, f.code) for f in refused.value.faults]
    assert told == {
        "folder.toml": [("folder.toml", "program_no_file")],
        "lost.toml": [("lost.toml", "program_missing")],
    }


def test_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path):
    """An editor that saves so has not changed the rules: the version is the same."""
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_rulebook(path).sha256 == load_rulebook(OURS).sha256


def test_a_kept_text_is_read_as_it_was_taken_then():
    """What was decided stays judged by its version, also where such a file is refused today."""
    change = number("min_stock", '"100"')
    with pytest.raises(Invalid):
        parse_rulebook(change(TEXT), "p.toml")
    kept = parse_kept(number("closure_balance", 0)(change(TEXT)), "putian-footwear")
    assert (kept.featuring.min_stock, kept.points.closure_balance) == (100, 0)
    with pytest.raises(Invalid):
        parse_kept("version = 1", "putian-footwear")
