"""Staff conduct: patterns that deserve a look, drawn decisions judged again; for the auditor only."""
