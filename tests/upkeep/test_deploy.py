"""What must change before others may reach an installation."""

from __future__ import annotations

from pathlib import Path

from marketplace.base.settings import ROOT, Settings
from marketplace.upkeep.deploy import HARDENED, find_dangers

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
