"""The command line: every verb of `manage.py`; a verb imports what it needs when it runs."""
