"""Where the process keeps things and what it talks to; read once from the environment."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Settings by environment, prefix `MARKETPLACE_`; every one has a safe default."""

    model_config = SettingsConfigDict(env_prefix="MARKETPLACE_", frozen=True)

    data_dir: Path = Field(
        default=ROOT / "data" / "var", description="database, files and keys"
    )
    database_url: str | None = Field(default=None, description="PostgreSQL; SQLite when absent")
    programs_dir: Path = Field(default=ROOT / "programs", description="program files")
    host: str = Field(default="127.0.0.1", description="address to bind")
    port: int = Field(default=8501, ge=1, le=65535)
    public_base_url: str | None = Field(
        default=None, description="origin in links and QR codes, e.g. https://example.org"
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1", description="comma-separated Host values answered"
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="comma-separated addresses or networks whose X-Forwarded-For is believed",
    )
    secure_cookies: bool = Field(default=False, description="true behind TLS")

    @property
    def sqlite_path(self) -> Path:
        """The embedded database file."""
        return self.data_dir / "marketplace.sqlite3"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
