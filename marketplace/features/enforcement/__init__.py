"""Findings, offenses and what follows from them."""
