"""Argon2id of passwords and PINs, and of nobody's, so that no answer is quicker than another."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_LONGEST = 1024  # characters; more is never hashed, so that nobody keeps a core busy with it

hasher = PasswordHasher()


def hash_secret(secret: str) -> str:
    """Return the encoded digest of a password or PIN, its parameters and salt within."""
    return hasher.hash(secret)


def is_secret(digest: str | None, secret: str) -> bool:
    """Tell whether this is the secret of the digest; None takes as long and never is."""
    nobody = _nobody()  # made before anybody is told apart, not only when nobody comes
    try:
        hasher.verify(digest or nobody, secret[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


@cache
def _nobody() -> str:
    return hasher.hash("nobody has this password")
