"""Says what stands between this installation and the open network; changes nothing.

Each item names a setting, what it is and what it must be. The list follows the settings that
the shipped `.streamlit/config.toml` and the environment decide; what a proxy in front does
(TLS, body limits) cannot be seen from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from marketplace.base.settings import Settings

# Setting → the only value that is safe to serve with. Source: trust promises, sign-in and input.
HARDENED: Mapping[str, object] = {
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.trustedUserHeaders": {"X-App-Session": "session", "X-App-User": "user"},
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
}
TOOLBARS = ("viewer", "minimal")
LARGEST_UPLOAD_MB = 20
_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing to change before others may reach this installation.

    `code` is a key under `deploy`; `setting` is where it is changed.
    """

    code: str
    setting: str
    found: str
    wanted: str


def find_dangers(settings: Settings, config: Path, *, demo: bool) -> list[Danger]:
    """Return everything that must change before this installation is served to others."""
    table = tomllib.loads(config.read_text("utf-8")) if config.exists() else {}
    return [*_in_config(table), *_in_environment(settings, demo=demo)]


def _in_config(table: Mapping[str, object]) -> Iterator[Danger]:
    for name, wanted in HARDENED.items():
        found = _at(table, name)
        if found != wanted:
            yield Danger("config", name, _told(found), _told(wanted))
    toolbar = _at(table, "client.toolbarMode")
    if toolbar not in TOOLBARS:
        yield Danger("config", "client.toolbarMode", _told(toolbar), "|".join(TOOLBARS))
    size = _at(table, "server.maxUploadSize")
    if not isinstance(size, int) or size > LARGEST_UPLOAD_MB:
        yield Danger("config", "server.maxUploadSize", _told(size), f"≤ {LARGEST_UPLOAD_MB}")
    if _at(table, "server.enableAgentApi"):
        yield Danger("config", "server.enableAgentApi", "true", "false")


def _in_environment(settings: Settings, *, demo: bool) -> Iterator[Danger]:
    if not settings.secure_cookies:
        yield Danger("cookies", "MARKETPLACE_SECURE_COOKIES", "false", "true")
    origin = settings.public_base_url or ""
    if urlsplit(origin).scheme != "https":
        yield Danger("origin", "MARKETPLACE_PUBLIC_BASE_URL", origin or "—", "https://…")
    hosts = {host.strip().lower() for host in settings.allowed_hosts.split(",")}
    if "*" in hosts or hosts <= _LOCAL:
        yield Danger(
            "hosts", "MARKETPLACE_ALLOWED_HOSTS", settings.allowed_hosts, "example.org"
        )
    if demo:
        yield Danger("demo", "MARKETPLACE_DATA_DIR", str(settings.data_dir), "create-admin")


def _at(table: Mapping[str, object], name: str) -> object:
    node: object = table
    for part in name.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "—" if value is None else str(value)
