"""The past: earlier records and self-disclosure."""
