"""What must change before others may reach an installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config

from marketplace.base.settings import ROOT, Settings
from marketplace.faces.cli.serving import insist
from marketplace.upkeep.deploy import HARDENED, VARIABLES, find_dangers

SHIPPED = ROOT / ".streamlit" / "config.toml"


def settings(tmp_path: Path, **changes: object) -> Settings:
    safe = {
        "data_dir": tmp_path,
        "secure_cookies": True,
        "public_base_url": "https://shoes.example.org",
        "allowed_hosts": "shoes.example.org",
    }
    return Settings(**{**safe, **changes})


def named(dangers) -> list[str]:
    return [d.setting for d in dangers]


def test_what_is_shipped_is_hardened(tmp_path):
    assert find_dangers(settings(tmp_path), SHIPPED, demo=False) == []


def test_each_loosened_setting_is_named(tmp_path):
    text = SHIPPED.read_text("utf-8")
    for name, wanted in HARDENED.items():
        key = name.split(".")[1]
        if isinstance(wanted, dict):
            continue
        old = (
            f'{key} = "{wanted}"'
            if isinstance(wanted, str)
            else f"{key} = {str(wanted).lower()}"
        )
        assert old in text
        loose = tmp_path / "config.toml"
        loose.write_text(text.replace(old, f'{key} = "auto"'), "utf-8")
        assert named(find_dangers(settings(tmp_path), loose, demo=False)) == [name]


def test_identity_headers_must_be_exactly_ours(tmp_path):
    loose = tmp_path / "config.toml"
    loose.write_text(
        SHIPPED.read_text("utf-8").replace('X-App-User = "user"', 'X-Email = "user"')
    )
    found = find_dangers(settings(tmp_path), loose, demo=False)
    assert named(found) == ["server.trustedUserHeaders"]


def test_a_missing_file_is_all_dangers(tmp_path):
    found = find_dangers(settings(tmp_path), tmp_path / "nowhere.toml", demo=False)
    # every hardened value, the toolbar and the size of uploads
    assert len(found) == len(HARDENED) + 2


def test_the_defaults_for_one_machine_do_not_face_the_network(tmp_path):
    found = find_dangers(Settings(data_dir=tmp_path), SHIPPED, demo=True)
    assert [d.code for d in found] == ["cookies", "origin", "hosts", "demo"]


def test_any_host_is_no_host(tmp_path):
    found = find_dangers(settings(tmp_path, allowed_hosts="*"), SHIPPED, demo=False)
    assert [d.code for d in found] == ["hosts"]


@pytest.mark.parametrize(
    ("variable", "loose", "safe"),
    [
        ("STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION", "false", "True"),
        ("STREAMLIT_SERVER_ENABLE_CORS", "false", "true"),
        ("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full", "none"),
        ("STREAMLIT_CLIENT_TOOLBAR_MODE", "developer", "viewer"),
        ("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "200", "5"),
        ("STREAMLIT_SERVER_ENABLE_AGENT_API", "true", "false"),
        ("STREAMLIT_SERVER_TRUSTED_USER_HEADERS", '{"X-Email": "user"}', None),
    ],
)
def test_what_the_environment_undoes_is_named(tmp_path, variable, loose, safe):
    given = settings(tmp_path)
    found = find_dangers(given, SHIPPED, demo=False, environment={variable: loose})
    assert [(d.code, d.setting, d.found) for d in found] == [("variable", variable, loose)]
    if safe is not None:
        assert find_dangers(given, SHIPPED, demo=False, environment={variable: safe}) == []


def test_serving_takes_such_variables_out_and_no_others(capsys):
    kept = {"PATH": "/bin", "STREAMLIT_LOGGER_LEVEL": "debug"}
    undoing = dict.fromkeys(VARIABLES.values(), "false")
    environment = {**kept, **undoing}
    insist(environment)
    assert environment == kept
    assert capsys.readouterr().err.count("STREAMLIT_") == len(undoing)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trusted_proxies": "*"}, "proxies"),
        ({"trusted_proxies": "127.0.0.1, 0.0.0.0/0"}, "proxies"),
        ({"trusted_proxies": "::/0"}, "proxies"),
        ({"trusted_proxies": "10.88.0.0/16", "host": "0.0.0.0"}, None),  # a container
        ({"trusted_proxies": "10.0.0.0/8"}, None),
        ({"host": "0.0.0.0"}, "host"),
        ({"host": "::"}, "host"),
        ({"host": "[::1]"}, None),
    ],
)
def test_whoever_reaches_it_past_the_proxy_or_speaks_for_others_is_a_danger(
    tmp_path, changes, code
):
    found = find_dangers(settings(tmp_path, **changes), SHIPPED, demo=False, environment={})
    assert [d.code for d in found] == ([code] if code else [])


def test_what_other_users_can_read_is_named(tmp_path):
    given = settings(tmp_path)
    given.sqlite_path.touch(mode=0o600)
    assert find_dangers(given, SHIPPED, demo=False, environment={}) == []
    given.sqlite_path.chmod(0o640)
    found = find_dangers(given, SHIPPED, demo=False, environment={})
    assert [(d.code, d.setting, d.found) for d in found] == [
        ("mode", str(given.sqlite_path), "640")
    ]


def test_the_variables_are_named_as_streamlit_names_them():
    assert {n: config._config_options_template[n].env_var for n in VARIABLES} == VARIABLES
