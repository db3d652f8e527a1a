"""The parts of a factory's dossier: what is known, where it stands, what can be done in place."""
