"""Demo program, backup, restore, checks."""
