"""What the auditor sees of staff conduct, one module a tab."""
