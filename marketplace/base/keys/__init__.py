"""Secrets outside the database: the audit key, field encryption, random tokens."""

from marketplace.base.keys.ring import KeyRing, load_or_make_keys, new_token, token_digest

__all__ = ["KeyRing", "load_or_make_keys", "new_token", "token_digest"]
