"""Read models across features: lists, search, dossier, to-do."""
