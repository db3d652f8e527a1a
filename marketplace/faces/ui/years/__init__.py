"""Parts of the page of the last twelve months."""
