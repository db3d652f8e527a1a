"""Leads passed to agencies: one signed package, an acknowledgement clock, outcomes counted apart."""
