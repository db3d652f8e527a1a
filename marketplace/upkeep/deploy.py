"""Says what stands between this installation and the open network; changes nothing.

Each item names a setting, what it is and what it must be. Judged is what would be in force: the
shipped `.streamlit/config.toml`, what variables of the environment make of it, and our own. What
a proxy in front does (TLS, body limits) cannot be seen from here.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
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
_WIDEST = {4: 8, 6: 32}  # bits of the shortest prefix that is still somebody's own network


def _variable(option: str) -> str:
    """Return the variable that overrides a Streamlit option, named as Streamlit names it."""
    return (
        "STREAMLIT_" + re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", option).replace(".", "_").upper()
    )


# Setting → the variable that would undo it.
VARIABLES: Mapping[str, str] = {
    name: _variable(name)
    for name in (
        *HARDENED, "client.toolbarMode", "server.maxUploadSize", "server.enableAgentApi",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing to change before others may reach this installation.

    `code` is a key under `deploy`; `setting` is where it is changed.
    """

    code: str
    setting: str
    found: str
    wanted: str


def find_dangers(
    settings: Settings, config: Path, *, demo: bool, environment: Mapping[str, str] = os.environ
) -> list[Danger]:
    """Return everything that must change before this installation is served to others."""
    table = tomllib.loads(config.read_text("utf-8")) if config.exists() else {}
    in_file = {name: _at(table, name) for name in VARIABLES}
    return [
        *_in_config(in_file),
        *_in_variables(environment),
        *_in_environment(settings, demo=demo),
        *_in_binding(settings),
        *_in_modes(settings),
    ]


def _in_config(found: Mapping[str, object]) -> Iterator[Danger]:
    for name, value in found.items():
        if not _is_safe(name, value):
            yield Danger("config", name, _told(value), _wanted(name))


def _in_variables(environment: Mapping[str, str]) -> Iterator[Danger]:
    """`serve` takes these variables out; another way to start the app would follow them."""
    for name, variable in VARIABLES.items():
        if variable in environment and not _is_safe(name, _read(environment[variable])):
            yield Danger("variable", variable, environment[variable], _wanted(name))


def _is_safe(name: str, value: object) -> bool:
    match name:
        case "client.toolbarMode":
            return value in TOOLBARS
        case "server.maxUploadSize":
            return type(value) is int and value <= LARGEST_UPLOAD_MB
        case "server.enableAgentApi":
            return not value
        case _:
            return bool(value == HARDENED[name])


def _wanted(name: str) -> str:
    match name:
        case "client.toolbarMode":
            return "|".join(TOOLBARS)
        case "server.maxUploadSize":
            return f"≤ {LARGEST_UPLOAD_MB}"
        case "server.enableAgentApi":
            return "false"
        case _:
            return _told(HARDENED[name])


def _read(text: str) -> object:
    """Return the value of a variable as a TOML file would have it."""
    plain = text.strip()
    if plain.lower() in {"true", "false"}:
        return plain.lower() == "true"
    return int(plain) if plain.isascii() and plain.isdigit() else plain


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


def _in_binding(settings: Settings) -> Iterator[Danger]:
    """Whoever is believed about a visitor's address decides whom the limits of tries count.

    A container has to listen on every address; then the network of its proxy must be named.
    """
    proxies = [p.strip() for p in settings.trusted_proxies.split(",") if p.strip()]
    if any(map(_is_anybody, proxies)):
        yield Danger(
            "proxies", "MARKETPLACE_TRUSTED_PROXIES", settings.trusted_proxies, "10.88.0.0/16"
        )
    elif settings.host.strip("[]").lower() not in _LOCAL and set(proxies) <= _LOCAL:
        yield Danger("host", "MARKETPLACE_HOST", settings.host, "127.0.0.1")


def _is_anybody(proxy: str) -> bool:
    if proxy == "*":
        return True
    try:
        network = ip_network(proxy, strict=False)
    except ValueError:
        return False  # a name, taken as it is written
    return network.prefixlen < _WIDEST[network.version]


def _in_modes(settings: Settings) -> Iterator[Danger]:
    """What is made now is for its user alone; an installation of an earlier version is not."""
    if os.name == "nt":
        return
    for path in (
        settings.sqlite_path,
        settings.data_dir / "keys.json",
        settings.data_dir / "files",
    ):
        if path.exists() and (mode := path.stat().st_mode & 0o777) & 0o077:
            yield Danger(
                "mode", str(path), f"{mode:o}", "chmod -R go= " + str(settings.data_dir)
            )


def _at(table: Mapping[str, object], name: str) -> object:
    node: object = table
    for part in name.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "—" if value is None else str(value)
