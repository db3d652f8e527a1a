"""Who may get in for a firm, on which phones; how a phone is forgotten and a person's say ends."""
