"""How conduct compares with earlier violations."""
