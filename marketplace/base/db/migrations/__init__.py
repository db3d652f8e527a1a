"""The steps that bring a database to the newest schema, oldest first."""
