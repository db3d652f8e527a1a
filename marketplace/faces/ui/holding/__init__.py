"""Payment holds as the office, the auditor and the owner see them."""
