"""The pieces of the import page: what was read, which columns, what would become of each row."""
