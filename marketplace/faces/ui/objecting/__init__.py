"""Objections before a first featuring, as the office sees and records them."""
