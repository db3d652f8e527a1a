"""The key ring of one installation, kept in a file beside the database and never inside it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from marketplace.base.private import make_folder


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`audit` signs the chain, `fields` wraps the per-person keys, `cookie` signs cookies."""

    audit: bytes
    fields: bytes
    cookie: bytes

    def mac(self, *parts: bytes) -> str:
        """Return HMAC-SHA256 of the parts under the audit key, in hexadecimal."""
        return hmac.new(self.audit, b"".join(parts), hashlib.sha256).hexdigest()

    def wrap(self, plain: bytes) -> str:
        """Encrypt a small secret (a person's key) under the field key."""
        return Fernet(self.fields).encrypt(plain).decode()

    def unwrap(self, wrapped: str) -> bytes:
        """Decrypt what `wrap` made."""
        return Fernet(self.fields).decrypt(wrapped.encode())


def load_or_make_keys(folder: Path) -> KeyRing:
    """Return the key ring in `folder/keys.json`, made with mode 600 on first use."""
    path = folder / "keys.json"
    if not path.exists():
        make_folder(folder)
        fresh = {
            "audit": secrets.token_hex(32),
            "fields": Fernet.generate_key().decode(),
            "cookie": secrets.token_hex(32),
        }
        draft = folder / f"keys.{os.getpid()}.tmp"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(fresh, file)
        try:
            os.link(draft, path)  # first writer wins; a second process reads the winner's keys
        except FileExistsError:
            pass
        except OSError:
            draft.replace(path)
        draft.unlink(missing_ok=True)
    content = json.loads(path.read_text("utf-8"))
    return KeyRing(
        audit=bytes.fromhex(content["audit"]),
        fields=content["fields"].encode(),
        cookie=bytes.fromhex(content["cookie"]),
    )


def new_token() -> str:
    """Return 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return the digest under which a token is stored; the token itself never is."""
    return hashlib.sha256(token.encode()).hexdigest()
