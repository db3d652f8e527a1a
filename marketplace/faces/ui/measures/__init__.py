"""How measures, their reasons and the points ledger are shown, to the owner and to the office."""
