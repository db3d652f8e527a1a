"""Import and export: reads departments' files as they really look, says what became of each row."""
