"""Parts of the pages on which the office works complaints and cases."""
