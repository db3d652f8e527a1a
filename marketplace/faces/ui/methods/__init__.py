"""Parts of the methods page: the figures of all tabs, made once for a state of the database."""
