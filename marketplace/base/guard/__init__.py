"""Untrusted files are parsed in a process of their own, capped in memory and time."""

from marketplace.base.guard.asking import Guard, Limits, Stopped, end_workers

__all__ = ["Guard", "Limits", "Stopped", "end_workers"]
