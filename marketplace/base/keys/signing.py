"""Signs what leaves the house, so that whoever has the public key can check it without us.

Ed25519 (RFC 8032). The key is derived from the installation's secret, one for each purpose: it is
in no database and no backup of one.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from marketplace.base.keys.ring import KeyRing


def sign(keys: KeyRing, purpose: str, content: bytes) -> str:
    """Return the signature of a content, in hexadecimal (128 digits)."""
    return _private(keys, purpose).sign(content).hex()


def public_key(keys: KeyRing, purpose: str) -> str:
    """Return the public key of a purpose, in hexadecimal (64 digits)."""
    return _private(keys, purpose).public_key().public_bytes_raw().hex()


def is_signed(public: str, signature: str, content: bytes) -> bool:
    """Tell whether a signature is of this content under this public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(keys: KeyRing, purpose: str) -> Ed25519PrivateKey:
    seed = keys.mac(b"signing-key:ed25519:v1:", purpose.encode())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
