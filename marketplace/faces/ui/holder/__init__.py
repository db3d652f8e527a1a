"""Parts of the pages of a right holder."""
