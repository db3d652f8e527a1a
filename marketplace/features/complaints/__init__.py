"""Complaints: rights, notices, cases, answers, counter-notices; nothing here removes anything."""
